import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx, TenantCtx } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { DAY_MS, fromDate, HOUR_MS, type Instant, instant, plusSeconds, toDate, toIso } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { monthCutoffAt, monthOf, shanghaiDateOf } from '#lib/core/period.ts';
import { chargeGapHour } from '#lib/billing/gaps/service.ts';
import { closePeriod } from '#lib/billing/close.ts';
import { getOwnLine } from '#lib/billing/receivables/lines.ts';
import { recordLateEvidence } from '#lib/billing/late-evidence.ts';
import { receivablePaid } from '#lib/ledger/credit-templates.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { setDueTerms } from '#lib/billing/receivables/service.ts';
import { listOwed, payInvoice } from '#lib/billing/receivables/paying.ts';
import { freshId, postAll } from '#lib/ledger/testing.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { decideCreditLine, proposeCreditLine } from '#lib/ledger/credit-line.ts';
import { readLines } from '#lib/ledger/on-account.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import type { AccountCredit } from '#lib/reservations/on-account.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import { acceptTransfer, cancel, extend, offerTransfer, release, reserve, shrink } from '#lib/reservations/service.ts';
import { createQuote } from '#lib/catalog/service.ts';
import type { Wish } from '#lib/catalog/types.ts';
import {
  customerOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
} from './testing-market.ts';
import { PROOFS } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;
const HOUR = PRICE_YUAN * YUAN;
const IN_A_WEEK = 7 * 24 * HOUR_MS;

const staff = (name: string, role: 'finance' | 'admin', now: Instant): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_staff',
  now,
});

async function setLine(organisationId: Id<'organisation'>, hours: bigint, now: Instant) {
  const change = {
    organisationId,
    account: 'receivable',
    limitUnits: units(hours * HOUR),
    reason: 'contract',
  } as const;
  const { id } = need(await proposeCreditLine(staff('usr_fang', 'finance', now), change));
  return codeOf(await decideCreditLine(staff('usr_ai', 'admin', now), { creditLineId: id, isApproved: true }));
}

/** A customer with money for `paid` hours of a card, and a line for `hours` of it. */
async function setup(hours: bigint, paid = 0n) {
  const { org, now } = await newCustomer(market, PRICE_YUAN * paid);
  if (hours > 0n) expect(await setLine(org, hours, now)).toBe('accepted');
  const ctx = () => customerOf(org);
  const quoted = async (wish: Partial<Wish>, key = '') => {
    const as: TenantCtx = await ctx();
    const asked = {
      skuId: 'sku_sg-zw810e-hour',
      cards: 1,
      topology: 'any',
      startAt: null,
      durationSeconds: 3_600,
    } as const;
    const quote = need(await createQuote(as, { ...asked, term: null, imageId: null, ...wish }));
    const idempotencyKey = key || quote.id;
    return () => reserve(as, { quoteId: quote.id, name: 'test', payBy: 'account', idempotencyKey });
  };
  const onAccount = async (wish: Partial<Wish>) => during(market, (await quoted(wish))());
  const booked = async (wish: Partial<Wish>) => {
    const { reservationId } = need(await onAccount(wish));
    if (reservationId === null) throw new Error('no reservation');
    return reservationId;
  };
  const line = async () => {
    const found = (await withTx(SYSTEM, (tx) => readLines(tx, [org]))).get(org);
    return found && [found.setAsideUnits / HOUR, found.owedUnits / HOUR, found.freeUnits / HOUR].map(Number);
  };
  const run = (after: number) => runTo(market, instant(now + after * HOUR_MS));
  return { org, now, ctx, quoted, onAccount, booked, line, run };
}

async function violated(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) names.push(name);
  return names;
}

test('a booking on account is set aside whole, owed hour by hour, and what is left of it is free again', async () => {
  const { ctx, booked, line, run } = await setup(10n, 1n);
  const id = await booked({ durationSeconds: 4 * 3_600 });
  expect(await line()).toEqual([4, 0, 6]);
  expect(await getWallet(await ctx())).toMatchObject({ spendableUnits: HOUR, heldUnits: 0n });
  await run(2.5);
  const [aside, owed, free] = (await line()) ?? [];
  expect([(aside ?? 0) + (owed ?? 0), free]).toEqual([4, 6]);
  expect(owed).toBeGreaterThanOrEqual(1);
  const releasing = release(await ctx(), { reservationId: id, idempotencyKey: 'release' });
  expect(codeOf(await during(market, releasing))).toBe('accepted');
  await run(4);
  const left = await line();
  expect(left?.[0]).toBe(0);
  expect(left?.[1]).toBe(2);
  expect((await getWallet(await ctx())).spendableUnits).toBe(HOUR);
  expect(await violated()).toEqual([]);
});

test('an hour that was left out is owed like the others, before the reservation is settled and after', async () => {
  const { now, booked, line, run } = await setup(10n);
  const id = await booked({ durationSeconds: 4 * 3_600 });
  await run(1);
  const leftOut = [1, 2].map((hour) => instant(now + hour * HOUR_MS));
  const { poolId } = market;
  const rows = leftOut.map((at) => ({ poolId, hourAt: toDate(at), chargedAt: toDate(at) }));
  await withTx(SYSTEM, (tx) => tx.meteredHour.createMany({ data: rows }));
  await killEngine(market);
  await run(3.5);
  expect(await line()).toEqual([3, 1, 6]);
  const allocation = await withTx(SYSTEM, (tx) => tx.allocation.findFirstOrThrow({ where: { reservationId: id } }));
  const chargeOf = (at: Instant) => ({ allocationId: allocation.id, hour: toIso(at) });
  const [first, second] = [chargeOf(leftOut[0] ?? now), chargeOf(leftOut[1] ?? now)];
  const fang = async () => staff('usr_fang', 'finance', (await customerOf(market.organisationId)).now);
  need(await chargeGapHour(await fang(), first));
  expect(await line()).toEqual([2, 2, 6]);
  await run(4.5);
  expect(await line()).toEqual([0, 3, 7]);
  need(await chargeGapHour(await fang(), second));
  expect(await line()).toEqual([0, 4, 6]);
  expect(await violated()).toEqual([]);
});

test('what an extension would take is looked at in the line, and refused in its words', async () => {
  const { ctx, booked } = await setup(3n);
  const reservationId = await booked({ durationSeconds: 3_600 });
  const preview = async (seconds: number, line: AccountCredit | null) =>
    previewExtension(await ctx(), { reservationId, seconds, line });
  const line = present(await getOwnLine(await ctx()), 'a line');
  expect(await preview(3_600, line)).toMatchObject({
    ok: true,
    value: { payBy: 'account', vouchersUnits: 0n, spendableUnits: 2n * HOUR, spendableAfterUnits: HOUR },
  });
  expect(codeOf(await preview(3 * 3_600, line))).toBe('accountLineExceeded');
  expect(codeOf(await preview(3_600, { ...line, overdueSinceAt: line.overdueSinceAt ?? instant(0) }))).toBe(
    'accountOverdue',
  );
  expect(codeOf(await preview(3_600, null))).toBe('accountNotOpen');
});

test('the line is never passed, whoever asks at the same moment, and what was refused used nothing', async () => {
  const { quoted, onAccount, line, now } = await setup(3n);
  const startAt = instant(now - (now % HOUR_MS) + IN_A_WEEK);
  const asked = await Promise.all(Array.from({ length: 6 }, () => quoted({ startAt })));
  const answers = await during(market, Promise.all(asked.map((ask) => ask())));
  expect(answers.map(codeOf).sort()).toEqual([
    'accepted',
    'accepted',
    'accepted',
    'accountLineExceeded',
    'accountLineExceeded',
    'accountLineExceeded',
  ]);
  expect(await line()).toEqual([3, 0, 0]);
  expect((await onAccount({ startAt })).ok).toBe(false);
});

test('a booking on account is refused by name without a line, without an end, and by the card', async () => {
  const without = await setup(0n, 100n);
  expect(codeOf(await without.onAccount({}))).toBe('accountNotOpen');
  const { onAccount, line } = await setup(50n, 100n);
  expect(codeOf(await onAccount({ durationSeconds: null }))).toBe('accountTermsUnfit');
  const term = { skuId: 'sku_sg-zw810e-card', durationSeconds: null, term: 'day' } as const;
  expect(codeOf(await onAccount(term))).toBe('accountTermsUnfit');
  expect(await onAccount({ durationSeconds: 60 * 3_600 })).toMatchObject({
    ok: false,
    refusal: { code: 'accountLineExceeded', neededUnits: `${60n * HOUR}`, freeUnits: `${50n * HOUR}` },
  });
  expect(await line()).toEqual([0, 0, 50]);
});

test('the same key books once on account, and another way to pay under it is another request', async () => {
  const { ctx, quoted, line } = await setup(5n, 5n);
  const ask = await quoted({}, 'same');
  const [first, second] = await during(market, Promise.all([ask(), ask()]));
  expect(first).toEqual(second);
  expect(await line()).toEqual([1, 0, 4]);
  const other = await quoted({}, 'same');
  expect(codeOf(await during(market, other()))).toBe('idempotencyKeyReused');
  expect((await getWallet(await ctx())).spendableUnits).toBe(5n * HOUR);
});

test('what extends, shrinks, is cancelled or handed on takes and frees the line, never the wallet', async () => {
  const { org, now, ctx, booked, line } = await setup(20n, 10n);
  const startAt = instant(now - (now % HOUR_MS) + IN_A_WEEK);
  const id = await booked({ cards: 4, startAt });
  expect(await line()).toEqual([4, 0, 16]);
  const longer = { reservationId: id, seconds: 3_600, quotedUnits: `${4n * HOUR}`, idempotencyKey: 'longer' };
  expect(codeOf(await during(market, extend(await ctx(), longer)))).toBe('accepted');
  expect(await line()).toEqual([8, 0, 12]);
  const fewer = { reservationId: id, cards: 2, cardIds: [], idempotencyKey: 'fewer' };
  expect(codeOf(await during(market, shrink(await ctx(), fewer)))).toBe('accepted');
  expect(await line()).toEqual([4, 0, 16]);
  const tooLong = { ...longer, seconds: 9 * 3_600, quotedUnits: `${18n * HOUR}`, idempotencyKey: 'too-long' };
  expect(codeOf(await during(market, extend(await ctx(), tooLong)))).toBe('accountLineExceeded');
  expect(await setLine(org, 3n, now)).toBe('creditLineInUse');
  const cancelling = cancel(await ctx(), { reservationId: id, idempotencyKey: 'cancel' });
  expect(codeOf(await during(market, cancelling))).toBe('accepted');
  await settleDown(market);
  expect(await line()).toEqual([0, 0, 20]);
  expect((await getWallet(await ctx())).spendableUnits).toBe(10n * HOUR);
  expect(await violated()).toEqual([]);
});

test('an engine that is killed between hours leaves each hour owed once', async () => {
  const { booked, line, run } = await setup(10n);
  await booked({ durationSeconds: 4 * 3_600, cards: 2 });
  for (const after of [0.7, 1.3, 2.6, 3.1, 4.2]) {
    await run(after);
    await killEngine(market);
  }
  await run(5);
  expect(await line()).toEqual([0, 8, 2]);
  expect(await violated()).toEqual([]);
});

test('whoever takes over a booking that was on account pays for it from the wallet', async () => {
  const from = await setup(10n);
  const { org, now } = await newCustomer(market, PRICE_YUAN * 10n);
  const startAt = instant(now - (now % HOUR_MS) + IN_A_WEEK);
  const id = await from.booked({ startAt });
  const { slug } = await withTx(SYSTEM, (tx) =>
    tx.organisation.findUniqueOrThrow({ where: { id: org }, select: { slug: true } }),
  );
  const offering = offerTransfer(await from.ctx(), { reservationId: id, toSlug: slug, idempotencyKey: 'offer' });
  expect(codeOf(await during(market, offering))).toBe('accepted');
  const taken = { reservationId: id, quotedUnits: `${HOUR}`, idempotencyKey: 'take' };
  expect(codeOf(await during(market, acceptTransfer(await customerOf(org), taken)))).toBe('accepted');
  await settleDown(market);
  expect(await from.line()).toEqual([0, 0, 10]);
  expect((await getWallet(await customerOf(org))).spendableUnits).toBe(9n * HOUR);
  expect(await violated()).toEqual([]);
});

test('an hour that is put right later changes what is owed, and what was paid already comes back into the wallet', async () => {
  const { org, ctx, booked, run } = await setup(10n);
  const id = await booked({ durationSeconds: 2 * 3_600 });
  await run(3);
  const owed = async () => (await withTx(SYSTEM, (tx) => readLines(tx, [org]))).get(org)?.owedUnits;
  expect(await owed()).toBe(2n * HOUR);
  const { id: allocationId, startAt } = await withTx(SYSTEM, (tx) =>
    tx.allocation.findFirstOrThrow({ where: { reservationId: id }, select: { id: true, startAt: true } }),
  );
  const { now } = await ctx();
  const from = fromDate(startAt);
  const correct = (isProven: boolean) => {
    const as: Ctx = { ...SYSTEM, actor: { kind: 'system', job: 'metering' }, now };
    const late = { allocationId, startAt: from, endAt: plusSeconds(from, 900), isProven, reason: 'kernel log' };
    return recordLateEvidence(as, late).then(codeOf);
  };
  expect(await correct(false)).toBe('accepted');
  expect(await owed()).toBe((7n * HOUR) / 4n);
  expect(await correct(true)).toBe('accepted');
  expect(await owed()).toBe(2n * HOUR);
  const payment = freshId('payment', now);
  await postAll({ ...SYSTEM, now }, topUpSettled(payment, org, 'sandbox', fen(PRICE_YUAN * 200n), now));
  const paid = { open: units(2n * HOUR), disputed: units(0n) };
  const step = { id: freshId('invoice', now), step: 0, organisationId: org };
  await postAll({ ...SYSTEM, now }, receivablePaid(step, paid, now));
  expect(await correct(false)).toBe('accepted');
  expect(await owed()).toBe(0n);
  expect((await getWallet(await ctx())).spendableUnits).toBe(HOUR / 4n);
  expect(await violated()).toEqual([]);
});

test('a month’s use on account is invoiced as owed, paid once from the wallet, and when it is late nothing more is booked on it', async () => {
  const { org, ctx, booked, onAccount, line } = await setup(40n, 9n);
  const { now } = await ctx();
  await booked({ cards: 2, durationSeconds: 5 * 3_600 });
  await runTo(market, instant(now + 6 * HOUR_MS));
  expect(await line()).toEqual([0, 10, 30]);
  const month = monthOf(now);
  const cutoffAt = monthCutoffAt(month);
  await runTo(market, cutoffAt);
  const finance = staff('usr_fang', 'finance', cutoffAt);
  const terms = { organisationId: org, days: 2, reason: 'contract' };
  expect(codeOf(await setDueTerms(finance, terms))).toBe('accepted');
  expect(codeOf(await closePeriod(finance, month))).toBe('accepted');
  const [owed] = await listOwed(await ctx());
  expect(owed).toMatchObject({ leftUnits: 10n * HOUR, band: 'notDue', daysLate: 0, month });
  const invoiceId = owed?.invoice.id ?? '';
  const found = await findInvoice(await ctx(), invoiceId);
  expect(found?.snapshot.account).toEqual({
    owedUnits: `${10n * HOUR}`,
    settledUnits: '0',
    dueOn: shanghaiDateOf(instant(cutoffAt + 2 * DAY_MS)),
  });

  // The last day to pay is whole; from the next on it is late, and what runs goes on.
  const open = await booked({ durationSeconds: 3_600, startAt: instant(cutoffAt + 9 * DAY_MS) });
  // Midnight in Beijing after the last day.
  const lateAt = instant(cutoffAt + 2 * DAY_MS + 12 * HOUR_MS);
  await runTo(market, instant(lateAt - HOUR_MS));
  expect((await listOwed(await ctx()))[0]?.daysLate).toBe(0);
  await runTo(market, lateAt);
  expect(await onAccount({})).toMatchObject({ ok: false, refusal: { code: 'accountOverdue' } });
  const longer = { reservationId: open, seconds: 3_600, quotedUnits: `${HOUR}`, idempotencyKey: 'late' };
  expect(codeOf(await during(market, extend(await ctx(), longer)))).toBe('accountOverdue');

  expect(await payInvoice(await ctx(), { invoiceId })).toMatchObject({
    ok: false,
    refusal: { code: 'fundsInsufficient', neededUnits: `${10n * HOUR}`, availableUnits: `${9n * HOUR}` },
  });
  const payment = freshId('payment', now);
  await postAll({ ...SYSTEM, now: lateAt }, topUpSettled(payment, org, 'sandbox', fen(PRICE_YUAN * 500n), lateAt));
  const payer = await ctx();
  const paid = await Promise.all(Array.from({ length: 4 }, () => payInvoice(payer, { invoiceId }).then(codeOf)));
  expect(paid.sort()).toEqual(['accepted', 'invoiceNotOwed', 'invoiceNotOwed', 'invoiceNotOwed']);
  expect((await getWallet(await ctx())).spendableUnits).toBe(4n * HOUR);
  expect(await line()).toEqual([1, 0, 39]);
  expect(codeOf(await onAccount({}))).toBe('accepted');
  expect(await violated()).toEqual([]);
}, 300_000);
