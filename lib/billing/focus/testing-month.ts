import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { chargeToDate, earnedToDate, priceE10, units } from '#lib/core/money.ts';
import { type Month, monthInterval, parseMonth } from '#lib/core/period.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import { makeInvoice } from '../invoice.ts';
import type { CountedCredit } from '#lib/sla/types.ts';
import type { ReturnCredit, SkuFacts, UsageRecord, UsageSum } from '../types.ts';
import type { FocusAccount, FocusMonth } from './month.ts';

const MONTH = present(parseMonth('2026-11'), 'month');
const { startAt: START } = monthInterval(MONTH);
const HOUR_SKU = idFrom('sku', 'sku_hour');
const CARD_SKU = idFrom('sku', 'sku_card');
const PROJECT = idFrom('project', 'prj_1');

const skuOf = (skuId: typeof HOUR_SKU, purchase: SkuFacts['purchase']): SkuFacts => ({
  skuId,
  model: '真武 810E',
  purchase,
  taxRateBps: 600,
  siteId: 'sit_sg',
  siteName: { zh: '韶关', en: 'Shaoguan' },
  regionId: 'reg_gd',
  regionName: '广东',
});
export const SKUS = new Map(
  [HOUR_SKU, CARD_SKU].map((id) => [id as string, skuOf(id, id === HOUR_SKU ? 'by-hour' : 'by-card')]),
);

type Booking = {
  readonly number: number;
  readonly org: number;
  readonly purchase: 'by-hour' | 'by-card';
  readonly fromHour: number;
  /** Seconds used, unused and without proof, hour by hour. */
  readonly hours: readonly (readonly [used: number, unused: number, down: number])[];
  readonly bandBps: (hour: number) => number;
};

const TERM = { name: 'week', seconds: 7 * 86_400, priceUnits: units(161_280_000_001n) } as const;
const PRICE = priceE10(120_000_000_000n);

/** The charges of one card of a booking: they telescope as the hourly run makes them. */
function chargesOf(booking: Booking): UsageRecord[] {
  let weighted = 0n;
  let before = units(0n);
  const isTerm = booking.purchase === 'by-card';
  const skuId = isTerm ? CARD_SKU : HOUR_SKU;
  return booking.hours.map(([usedSeconds, unusedSeconds, downSeconds], i) => {
    const hourAt = instant(START + (booking.fromHour + i) * HOUR_MS);
    const bandBps = isTerm ? 10_000 : booking.bandBps(i);
    weighted += isTerm ? BigInt(usedSeconds + unusedSeconds) : BigInt(usedSeconds) * BigInt(bandBps);
    const charged = isTerm
      ? earnedToDate(TERM.priceUnits, weighted, BigInt(TERM.seconds))
      : chargeToDate(PRICE, weighted);
    const amountUnits = units(charged - before);
    before = charged;
    return {
      month: MONTH,
      organisationId: idFrom('organisation', `org_${booking.org}`),
      organisationName: `客户 ${booking.org}`,
      reservationId: idFrom('reservation', `rsv_${booking.number}`),
      reservationName: `=训练, "${booking.number}"`,
      projectId: booking.number % 5 === 0 ? PROJECT : null,
      skuId,
      model: '真武 810E',
      purchase: booking.purchase,
      allocationId: idFrom('allocation', `alc_${booking.number}`),
      cardId: idFrom('card', `crd_${booking.number}`),
      hourAt,
      startAt: hourAt,
      endAt: plusSeconds(hourAt, usedSeconds + unusedSeconds + downSeconds),
      usedSeconds,
      unusedSeconds,
      downSeconds,
      priceVersionId: idFrom('priceVersion', isTerm ? 'prv_card' : 'prv_hour'),
      priceE10PerCardHour: PRICE,
      bandBps,
      chargedToDateUnits: charged,
      amountUnits,
      revision: 0,
      chargedAt: instant(hourAt + HOUR_MS),
      journalKey: `meter:rsv_${booking.number}:${i}:0`,
      term: isTerm ? TERM : null,
    };
  });
}

/** Vouchers paid a part of what two reservations of the first customer used, one of them a term. */
function deductionsOf(charges: readonly UsageRecord[]): Deduction[] {
  return ([0, 4] as const).map((number, i): Deduction => {
    const own = charges.filter(({ reservationId }) => reservationId === `rsv_${number}`);
    const first = present(own[0], 'a charge');
    const { organisationId, reservationId, reservationName, projectId, skuId, priceVersionId } = first;
    return {
      ...{ organisationId, reservationId, reservationName, projectId, skuId, priceVersionId },
      grantId: idFrom('promoGrant', `prm_${i}`),
      programmeName: '韶关算力券',
      issuerName: '示例市工业和信息化局',
      firstHourAt: first.hourAt,
      lastHourAt: present(own.at(-1), 'a charge').hourAt,
      amountUnits: units(first.amountUnits / 3n),
    };
  });
}

function sumsOf(charges: readonly UsageRecord[], deductions: readonly Deduction[]): UsageSum[] {
  return [...Map.groupBy(charges, (charge) => charge.skuId)].map(([skuId, group]) => ({
    skuId,
    priceVersionId: present(group[0], 'a charge').priceVersionId,
    purchase: skuId === CARD_SKU ? 'by-card' : 'by-hour',
    taxRateBps: 600,
    usedSeconds: group.reduce((sum, { usedSeconds }) => sum + BigInt(usedSeconds), 0n),
    unusedSeconds: group.reduce((sum, { unusedSeconds }) => sum + BigInt(unusedSeconds), 0n),
    grossUnits: units(group.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)),
    voucherUnits: units(
      deductions.filter((each) => each.skuId === skuId).reduce((sum, { amountUnits }) => sum + amountUnits, 0n),
    ),
  }));
}

function accountOf(
  org: number,
  charges: readonly UsageRecord[],
  deductions: readonly Deduction[],
  isIssued: boolean,
): FocusAccount {
  const id = idFrom('organisation', `org_${org}`);
  const isOwn = ({ organisationId }: { readonly organisationId: string }): boolean => organisationId === id;
  const made = isIssued ? makeInvoice(sumsOf(charges.filter(isOwn), deductions.filter(isOwn))) : null;
  const issuedAt = instant(Date.UTC(2026, 11, 2, 4));
  const issued = made && {
    invoice: { number: `KS-2026-00000${org}`, issuedAt, ...made.totals },
    lines: made.lines,
  };
  return { id, name: `客户 ${org}`, issued };
}

/**
 * A month of three customers: use by the hour in bands and odd seconds, seconds without proof, terms that are used, left
 * early and that go on in the next month, hours given back against a credit, and an over-count of October that was found
 * after its close.
 */
export function busyMonth(bookings = 60, isIssued = true) {
  const next = mulberry32(7);
  const whole = (below: number): number => Math.floor(next() * below);
  const drawn = Array.from({ length: bookings }, (_, number): Booking => {
    const purchase = number % 3 === 0 ? 'by-card' : 'by-hour';
    const hours = Array.from({ length: 1 + whole(40) }, (_hour, i) => {
      const down = whole(5) === 0 ? whole(1_000) : 0;
      const unused = purchase === 'by-card' && i % 7 > 3 ? whole(2_000) : 0;
      return [3_600 - down - unused, unused, down] as const;
    });
    const fromHour = whole(600);
    return {
      number,
      org: 1 + ((number % 4) % 3),
      purchase,
      fromHour,
      hours,
      bandBps: (hour) => (hour % 3 === 0 ? 7_000 : 10_000),
    };
  });
  const over: Booking = {
    number: 990,
    org: 1,
    purchase: 'by-hour',
    fromHour: -200,
    hours: [[-1_000, 0, 0]],
    bandBps: () => 10_000,
  };
  const charges = [...drawn, over].flatMap(chargesOf).sort((a, b) => a.hourAt - b.hourAt);
  const credits: ReturnCredit[] = [
    {
      journalKey: 'hours-returned:rsv_3:0',
      organisationId: idFrom('organisation', 'org_1'),
      reservationId: idFrom('reservation', 'rsv_3'),
      reservationName: '=训练, "3"',
      projectId: null,
      skuId: CARD_SKU,
      at: instant(Date.UTC(2026, 10, 10, 1, 2, 3, 456)),
      amountUnits: units(1_234_500_001n),
    },
  ];
  const deductions = deductionsOf(charges);
  const focus: FocusMonth = {
    month: MONTH,
    issuer: '示例电信算力运营有限公司（演示）',
    accounts: new Map([1, 2, 3].map((org) => [`org_${org}`, accountOf(org, charges, deductions, isIssued)])),
    skus: SKUS,
    projects: new Map([[PROJECT as string, '预训练']]),
    deductions,
  };
  const broken: CountedCredit[] = (['2026-10', MONTH] as const).map((month) => ({
    journalKey: `sla:cmp_${month}`,
    organisationId: idFrom('organisation', 'org_1'),
    reservationId: idFrom('reservation', 'rsv_3'),
    reservationName: '=训练, "3"',
    projectId: null,
    skuId: CARD_SKU,
    month: month as Month,
    at: instant(Date.UTC(2026, 10, 30, 15, 59, 59, 999)),
    amountUnits: units(700_000_001n),
    owedUnits: units(0n),
  }));
  return { focus, charges, credits, broken };
}
