import { invariant } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import { type Fen, fenToUnits, type Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import type { AccountRef, Journal, Leg } from './types.ts';

/** A move between two accounts as its two legs; nothing when there is nothing to move. */
export function move(debit: AccountRef, credit: AccountRef, amount: bigint): Leg[] {
  invariant(amount >= 0n, `a move of ${amount} from ${debit.path} to ${credit.path} runs the other way`);
  if (amount === 0n) return [];
  return [
    { account: debit, debitUnits: amount, creditUnits: 0n },
    { account: credit, debitUnits: 0n, creditUnits: amount },
  ];
}

/** What every journal about a reservation names. */
export type ReservationRef = {
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly poolId: string;
  readonly skuId: string;
  readonly purchase: 'by-hour' | 'by-card';
};

const setAside = (r: ReservationRef): AccountRef =>
  r.purchase === 'by-hour'
    ? chart.hold(r.organisationId, r.reservationId)
    : chart.commitment(r.organisationId, r.reservationId);

const reserved = (r: ReservationRef): AccountRef => chart.capacityReserved(r.poolId, r.organisationId, r.reservationId);

/**
 * Money leaves the wallet for a reservation and card-seconds leave the pool for it. `step` counts the placements of one
 * reservation: 0 at booking, then one for each extension or held hour.
 */
export function placed(r: ReservationRef, at: Instant, step: number, amount: Units, cardSeconds: bigint): Journal {
  return {
    key: `place:${r.reservationId}:${step}`,
    kind: r.purchase === 'by-hour' ? 'holdPlaced' : 'commitmentPaid',
    organisationId: r.organisationId,
    effectiveAt: at,
    source: { reservation: r.reservationId, step },
    legs: [
      ...move(chart.wallet(r.organisationId), setAside(r), amount),
      ...move(chart.capacityPool(r.poolId), reserved(r), cardSeconds),
    ],
  };
}

/** The key of an hour's charge of a reservation; one journal carries the charges of all its cards. */
export function chargeKey(reservationId: Id<'reservation'>, hourAt: Instant, revision: number): string {
  return `meter:${reservationId}:${toIso(hourAt).slice(0, 13)}:${revision}`;
}

/** What an hour of a reservation consumed: money earned, and seconds used, unused (a left term) and down. */
export function charged(
  r: ReservationRef,
  hour: { readonly hourAt: Instant; readonly revision: number; readonly effectiveAt: Instant },
  amount: Units,
  seconds: { readonly used: bigint; readonly unused: bigint; readonly down: bigint },
): Journal {
  return {
    key: chargeKey(r.reservationId, hour.hourAt, hour.revision),
    kind: r.purchase === 'by-hour' ? 'usageAccrued' : 'commitmentEarned',
    organisationId: r.organisationId,
    effectiveAt: hour.effectiveAt,
    source: { reservation: r.reservationId, hour: toIso(hour.hourAt), revision: hour.revision },
    legs: [
      ...move(setAside(r), chart.revenueAccrued(r.skuId), amount),
      ...move(reserved(r), chart.capacityUsed(r.poolId, r.organisationId, r.skuId), seconds.used),
      ...move(reserved(r), chart.capacityIdle(r.poolId, r.organisationId, r.skuId), seconds.unused),
      ...move(reserved(r), chart.capacityDown(r.poolId, r.organisationId, r.skuId), seconds.down),
    ],
  };
}

/** The rest of what was set aside returns: money to the wallet, seconds to the pool. Once per reservation. */
export function returned(r: ReservationRef, at: Instant, amount: Units, cardSeconds: bigint): Journal {
  return {
    key: `return:${r.reservationId}`,
    kind: r.purchase === 'by-hour' ? 'holdReleased' : 'commitmentReturned',
    organisationId: r.organisationId,
    effectiveAt: at,
    source: { reservation: r.reservationId },
    legs: [
      ...move(setAside(r), chart.wallet(r.organisationId), amount),
      ...move(reserved(r), chart.capacityPool(r.poolId), cardSeconds),
    ],
  };
}

/**
 * Part of what was set aside returns while the reservation goes on with `cardsLeft` cards. It only ever gets smaller, so
 * that number names the step.
 */
export function partReturned(
  r: ReservationRef,
  at: Instant,
  cardsLeft: number,
  amount: Units,
  cardSeconds: bigint,
): Journal {
  return { ...returned(r, at, amount, cardSeconds), key: `shrink:${r.reservationId}:${cardsLeft}` };
}

/** The share of a running term's rest that is credited for cards given back, by how many cards are left. */
export function hoursReturned(r: ReservationRef, at: Instant, cardsLeft: number, amount: Units): Journal {
  return {
    key: `hours-returned:${r.reservationId}:${cardsLeft}`,
    kind: 'hoursReturned',
    organisationId: r.organisationId,
    effectiveAt: at,
    source: { reservation: r.reservationId, cardsLeft },
    legs: move(chart.contraReturned(r.skuId), chart.wallet(r.organisationId), amount),
  };
}

/** A payment provider settled a top-up. */
export function topUpSettled(
  payment: Id<'payment'>,
  org: Id<'organisation'>,
  provider: string,
  amount: Fen,
  at: Instant,
): Journal {
  return {
    key: `topup:${payment}`,
    kind: 'topUpSettled',
    organisationId: org,
    effectiveAt: at,
    source: { payment, provider },
    legs: move(chart.pspClearing(provider), chart.wallet(org), fenToUnits(amount)),
  };
}

/** Money arrived at the bank; until somebody knows from whom, it is in suspense. */
export function bankReceived(line: Id<'bankLine'>, amount: Fen, at: Instant): Journal {
  return {
    key: `bank:${line}`,
    kind: 'bankReceived',
    organisationId: null,
    effectiveAt: at,
    source: { bankLine: line },
    legs: move(chart.bank(), chart.suspense(), fenToUnits(amount)),
  };
}

/** Finance matched a bank line with a customer's payment. */
export function transferMatched(
  line: Id<'bankLine'>,
  payment: Id<'payment'>,
  org: Id<'organisation'>,
  amount: Fen,
  at: Instant,
): Journal {
  return {
    key: `match:${line}`,
    kind: 'transferMatched',
    organisationId: org,
    effectiveAt: at,
    source: { bankLine: line, payment },
    legs: move(chart.suspense(), chart.wallet(org), fenToUnits(amount)),
  };
}

/** Money that nobody here expects goes back to whoever sent it. */
export function transferReturned(line: Id<'bankLine'>, amount: Fen, at: Instant): Journal {
  return {
    key: `bank-return:${line}`,
    kind: 'transferReturned',
    organisationId: null,
    effectiveAt: at,
    source: { bankLine: line },
    legs: move(chart.suspense(), chart.bank(), fenToUnits(amount)),
  };
}

/** One invoice line becomes revenue net of tax, and tax owed. */
export function invoiceIssued(
  invoice: {
    readonly id: Id<'invoice'>;
    readonly line: number;
    readonly organisationId: Id<'organisation'>;
    readonly at: Instant;
  },
  sku: { readonly id: string; readonly taxRateBps: number },
  net: Fen,
  tax: Fen,
): Journal {
  return {
    key: `invoice:${invoice.id}:${invoice.line}`,
    kind: 'invoiceIssued',
    organisationId: invoice.organisationId,
    effectiveAt: invoice.at,
    source: { invoice: invoice.id, line: invoice.line },
    legs: [
      ...move(chart.revenueAccrued(sku.id), chart.revenueUsage(sku.id, sku.taxRateBps), fenToUnits(net)),
      ...move(chart.revenueAccrued(sku.id), chart.vatPayable(), fenToUnits(tax)),
    ],
  };
}

/**
 * The residue of an invoice below a fen (抹零) leaves accrued revenue and returns to the customer: two journals. A line
 * that got a fen by largest remainder has a negative residue of its own; only the sum is dropped.
 */
export function residueReturned(
  invoice: { readonly id: Id<'invoice'>; readonly organisationId: Id<'organisation'>; readonly at: Instant },
  residues: readonly { readonly skuId: string; readonly amount: Units }[],
): Journal[] {
  const common = { organisationId: invoice.organisationId, effectiveAt: invoice.at, source: { invoice: invoice.id } };
  const total = residues.reduce((sum, { amount }) => sum + amount, 0n);
  invariant(total >= 0n, `the residue of ${invoice.id} is in our favour`);
  const dropped: Leg[] = residues
    .filter(({ amount }) => amount !== 0n)
    .map(({ skuId, amount }) => ({
      account: chart.revenueAccrued(skuId),
      debitUnits: amount > 0n ? amount : 0n,
      creditUnits: amount < 0n ? -amount : 0n,
    }));
  if (total > 0n) dropped.push({ account: chart.rounding(), debitUnits: 0n, creditUnits: total });
  const back = move(chart.rounding(), chart.wallet(invoice.organisationId), total);
  return [
    { key: `residue:${invoice.id}`, kind: 'residueDropped', ...common, legs: dropped },
    { key: `residue-back:${invoice.id}`, kind: 'residueReturned', ...common, legs: back },
  ];
}

/** The keys of all journals that issuing an invoice with so many lines posts. */
export function invoiceKeys(id: Id<'invoice'>, lines: number): string[] {
  return [
    ...Array.from({ length: lines }, (_, i) => `invoice:${id}:${i + 1}`),
    `promo-deducted:${id}`,
    `residue:${id}`,
    `residue-back:${id}`,
  ];
}
