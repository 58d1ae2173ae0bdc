import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, fromDate, HOUR_MS, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { codeOf } from '#lib/identity/testing/people.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { listVouchers } from '#lib/vouchers/own.ts';
import { financeCtx, seedVoucher, yuan } from '#lib/vouchers/testing.ts';
import { closePeriod } from './close.ts';
import { listInvoices } from './invoices.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { csvRows, readFile, sumOf } from './testing-exports.ts';

await createTestDatabase();
const market = await openTestMarket(64, 1_000n);
const MONTH = present(parseMonth('2026-11'), 'month');

const sumsOf = async (org: Id<'organisation'>) =>
  (await listVouchers(await customerOf(org))).map(({ leftUnits, burntUnits }) => [leftUnits, burntUnits]);

/** The quarter of an hour at the beginning of each hour of a booking was not proven after all. */
async function failAt(reservationId: string, ...hours: readonly number[]): Promise<void> {
  const allocation = await withTx(SYSTEM, (tx) =>
    tx.allocation.findFirstOrThrow({ where: { reservationId }, select: { id: true, startAt: true } }),
  );
  for (const hour of hours) {
    const startAt = plusMs(fromDate(allocation.startAt), hour * HOUR_MS);
    const { now } = await customerOf(market.organisationId);
    const as: Ctx = { ...SYSTEM, actor: { kind: 'system', job: 'metering' }, now };
    const evidence = { startAt, endAt: plusSeconds(startAt, 900), isProven: false, reason: 'kernel log' };
    expect(codeOf(await recordLateEvidence(as, { allocationId: allocation.id, ...evidence }))).toBe('accepted');
  }
}

async function booked(hours: number, org?: Id<'organisation'>): Promise<string> {
  const answer = await book(market, { cards: 1, durationSeconds: hours * 3_600 }, org);
  return present(answer.ok ? answer.value.reservationId : null, `a booking: ${JSON.stringify(answer)}`);
}

async function proven(): Promise<void> {
  expect((await verifyDatabase(await financeCtx())).filter(({ violations }) => violations > 0)).toEqual([]);
}

test('an hour that is charged less after all goes back to whoever paid it, voucher and wallet in their parts', async () => {
  const { startAt, organisationId: own } = market;
  const validUntil = plusMs(startAt, 90 * DAY_MS);
  const other = await seedCustomer(0n, startAt);
  const spent = await seedCustomer(0n, startAt);
  await seedVoucher('test-1', 18, { validUntil });
  await seedVoucher('test-2', 12, { validUntil: plusMs(startAt, 2 * HOUR_MS) });
  await seedVoucher('test-3', 7, { validUntil });
  await seedVoucher('test-3', 5, { validUntil, priority: 20 });
  const id = await booked(3);
  const ofOther = await booked(1, other);
  const ofSpent = await booked(1, spent);
  await runTo(market, plusSeconds(startAt, 4 * 3_600));
  expect(await sumsOf(own)).toEqual([[yuan(0), yuan(18)]]);
  expect(await walletOf(await financeCtx(), own)).toBe(yuan(982));

  // The voucher paid the first hour whole and half of the second, the wallet the rest: a quarter of each is 3 yuan.
  await failAt(id, 0, 1, 2);
  expect(await sumsOf(own)).toEqual([[yuan(4.5), yuan(13.5)]]);
  expect(await walletOf(await financeCtx(), own)).toBe(yuan(986.5));
  // A voucher that is over pays for nothing any more, so the wallet has what it had paid.
  await failAt(ofOther, 0);
  expect(await walletOf(await financeCtx(), other)).toBe(yuan(3));
  // Two vouchers paid 7 and 5 of 12.
  await failAt(ofSpent, 0);
  expect((await sumsOf(spent)).sort()).toEqual([
    [yuan(1.25), yuan(3.75)],
    [yuan(1.75), yuan(5.25)],
  ]);
  expect(await walletOf(await financeCtx(), spent)).toBe(0n);
  await proven();

  await runTo(market, monthCutoffAt(MONTH));
  expect(await closePeriod(await financeCtx(), MONTH)).toMatchObject({ ok: true, value: { invoices: 3 } });
  const ctx = await customerOf(own);
  const [invoice] = (await listInvoices(ctx, {}, { skip: 0, take: 9 })).rows;
  expect(invoice).toMatchObject({ grossUnits: yuan(27), voucherUnits: yuan(13.5), grossFen: 1_350n });
  const detail = csvRows((await readFile(ctx, { kind: 'detail', month: MONTH })).bytes);
  expect(sumOf(detail, 'DeductedByCoupons')).toBe('13.5');

  // Its invoice is issued with what vouchers paid: what turns out later goes into the wallet.
  const wallet = await walletOf(await financeCtx(), spent);
  const before = (await sumsOf(spent)).sort();
  await failAt(ofSpent, 0.5);
  expect(await walletOf(await financeCtx(), spent)).toBe(wallet + yuan(3));
  expect((await sumsOf(spent)).sort()).toEqual(before);
  await proven();
}, 400_000);
