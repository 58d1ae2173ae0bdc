import { expect, test } from 'vitest';
import { previewRefund } from '#lib/billing/preview-refund.ts';
import { findReservationMoney } from '#lib/billing/reservation-money.ts';
import type { Wish } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, type Instant, instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { listNotices } from '#lib/notices/service.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { refund, shrink } from '#lib/reservations/service.ts';
import { seedVoucher, yuan } from '#lib/vouchers/testing.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
  walletOf,
} from './testing-market.ts';
import { verifyDatabase } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const DAY_UNITS = (24n * PRICE_YUAN * 100_000_000n * 9n) / 10n;

/** In this market days are sold by the card: the rule names them, and has one day, from the first purchase on. */
await withTx(SYSTEM, async (tx) => {
  const decidedAt = new Date(market.startAt - 1);
  const decided = { state: 'approved', proposedBy: 'one', proposedAt: decidedAt, decidedBy: 'two', decidedAt };
  const data = { id: 'trp_test', terms: ['day', 'month'], windowDays: 1, reason: 'test', ...decided };
  await tx.termRefundPolicy.create({ data });
});

const TERM = { skuId: 'sku_sg-zw810e-card', term: 'day', durationSeconds: null } as const;

async function bookTerm(org: Id<'organisation'>, wish: Partial<Wish> = {}): Promise<string> {
  const booked = await book(market, { ...TERM, ...wish }, org);
  const id = present(booked.ok ? booked.value.reservationId : null, JSON.stringify(booked));
  await settleDown(market);
  return id;
}

const refundNow = async (org: Id<'organisation'>, reservationId: string, key = 'refund') =>
  during(market, refund(await customerOf(org), { reservationId, idempotencyKey: `${key}-${reservationId}` }));

async function expectProven(now: Instant): Promise<void> {
  const ctx = { ...SYSTEM, now, actor: { kind: 'system', job: 'proving' } } as const;
  const broken = (await verifyDatabase(ctx)).filter(({ violations }) => violations > 0);
  expect(broken.map(({ name, example }) => `${name}: ${example}`)).toEqual([]);
}

test('a term comes back whole, used hours too, once for a SKU, over a killed engine', async () => {
  const { org, now } = await newCustomer(market);
  const before = await walletOf(org);
  const [first, second] = [await bookTerm(org, { cards: 3 }), await bookTerm(org)];
  await runTo(market, plusSeconds(now, 2 * 3_600 + 77));
  expect(await previewRefund(await customerOf(org), { reservationId: first })).toMatchObject({
    ok: true,
    value: { paidUnits: 3n * DAY_UNITS, backUnits: 3n * DAY_UNITS, walletUnits: 3n * DAY_UNITS, vouchers: [] },
  });
  expect(await refundNow(org, first)).toMatchObject({ ok: true });
  expect(await refundNow(org, first)).toMatchObject({ ok: true });
  await killEngine(market);
  await settleDown(market);
  expect(await walletOf(org)).toBe((before ?? 0n) - DAY_UNITS);
  const money = present(await findReservationMoney(await customerOf(org), first), 'money');
  expect(money.hold.leftUnits).toBe(0n);
  expect(money.hold.chargedUnits).toBeGreaterThan(0n);
  expect((await detailOf(await customerOf(org), first)).reservation).toMatchObject({
    state: 'ended',
    endReason: 'refunded',
  });
  const { rows } = await listNotices(await customerOf(org), { skip: 0, take: 5 });
  expect(rows.filter(({ kind }) => kind === 'termRefunded').map(({ data }) => data['amountUnits'])).toEqual([
    `${3n * DAY_UNITS}`,
  ]);
  const used = { ok: false, refusal: { code: 'refundUsedBefore' } };
  expect(await previewRefund(await customerOf(org), { reservationId: second })).toMatchObject(used);
  expect(await refundNow(org, second)).toMatchObject(used);
  expect(await refundNow(org, first, 'again')).toMatchObject({
    ok: false,
    refusal: { code: 'reservationNotInState', state: 'ended' },
  });
  // Another organisation has its own one time.
  const other = await newCustomer(market);
  expect(await refundNow(other.org, await bookTerm(other.org))).toMatchObject({ ok: true });
  await expectProven(now);
});

test('what vouchers paid goes back to them, and the rest to the wallet', async () => {
  const { org, now } = await newCustomer(market);
  const slug = present((await withTx(SYSTEM, (tx) => tx.organisation.findFirst({ where: { id: org } })))?.slug, 'slug');
  const grant = await seedVoucher(slug, 20);
  const before = await walletOf(org);
  const id = await bookTerm(org);
  expect(await walletOf(org)).toBe((before ?? 0n) - DAY_UNITS + yuan(20));
  await runTo(market, plusSeconds(now, 5 * 3_600));
  const preview = await previewRefund(await customerOf(org), { reservationId: id });
  expect(preview).toMatchObject({ ok: true, value: { walletUnits: DAY_UNITS - yuan(20), vouchers: [{ grant }] } });
  expect(await refundNow(org, id)).toMatchObject({ ok: true });
  expect(await walletOf(org)).toBe(before);
  const left = await withTx(SYSTEM, (tx) =>
    tx.account.findFirst({ where: { path: `wallet:${org}:promo:${grant}` }, select: { balanceUnits: true } }),
  );
  expect(left?.balanceUnits).toBe(yuan(20));
  await expectProven(now);
});

test('after its days, for hours, and after cards were given back it is refused by name', async () => {
  const { org, now } = await newCustomer(market);
  const code = (answer: object) => ('refusal' in answer ? answer.refusal : answer);
  const hours = present(await book(market, { durationSeconds: 86_400 * 3 }, org), 'hours');
  const hourly = present(hours.ok ? hours.value.reservationId : null, 'hours');
  expect(code(await refundNow(org, hourly))).toEqual({ code: 'refundNotATerm' });
  expect(code(await previewRefund(await customerOf(org), { reservationId: hourly }))).toEqual({
    code: 'refundNotATerm',
  });
  expect(code(await refundNow(org, 'rsv_none'))).toMatchObject({ code: 'reservationUnknown' });

  const ahead = await bookTerm(org, { startAt: instant(Math.ceil(now / 3_600_000 + 3) * 3_600_000) });
  expect(code(await refundNow(org, ahead))).toMatchObject({ code: 'reservationNotInState', state: 'confirmed' });

  const shrunk = await bookTerm(org, { cards: 2 });
  const part = { reservationId: shrunk, cards: 1, cardIds: [], idempotencyKey: `s-${shrunk}` };
  expect(await during(market, shrink(await customerOf(org), part))).toMatchObject({ ok: true });
  expect(code(await refundNow(org, shrunk))).toEqual({ code: 'refundPartReturned' });

  const { reservation } = await detailOf(await customerOf(org), ahead);
  const untilAt = plusMs(reservation.createdAt, DAY_MS);
  await runTo(market, plusSeconds(untilAt, 1));
  const late = { code: 'refundTooLate', untilAt, windowDays: 1 };
  expect(code(await previewRefund(await customerOf(org), { reservationId: ahead }))).toEqual(late);
  expect(code(await refundNow(org, ahead, 'late'))).toEqual(late);
  await expectProven(now);
});

test('the database itself notes no refund against the rule, and no second one', async () => {
  const { org } = await newCustomer(market);
  const id = await bookTerm(org);
  const insert = withTx(
    SYSTEM,
    (tx) =>
      tx.$executeRaw`INSERT INTO term_refund SELECT id, organisation_id, sku_id, 'trp_test', created_at, created_at FROM reservation WHERE id = ${id}`,
  );
  await expect(insert).rejects.toThrow('is not to be refunded');
  expect(await refundNow(org, id)).toMatchObject({ ok: true });
  const removed = withTx(SYSTEM, (tx) => tx.$executeRaw`DELETE FROM term_refund WHERE reservation_id = ${id}`);
  await expect(removed).rejects.toThrow();
});
