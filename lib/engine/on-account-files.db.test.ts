import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx, TenantCtx } from '#lib/core/context.ts';
import { decimal, decimalText } from '#lib/core/decimal.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { monthCutoffAt, monthOf, nextMonth } from '#lib/core/period.ts';
import { closePeriod } from '#lib/billing/close.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { recordLateEvidence } from '#lib/billing/late-evidence.ts';
import { listOwed, payInvoice } from '#lib/billing/receivables/paying.ts';
import { csvRows, readFile, sumOf } from '#lib/billing/testing-exports.ts';
import { createQuote } from '#lib/catalog/service.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { decideCreditLine, proposeCreditLine } from '#lib/ledger/credit-line.ts';
import { readLines } from '#lib/ledger/on-account.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { freshId, postAll } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { giveCredits } from '#lib/sla/giving.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { reserve } from '#lib/reservations/service.ts';
import { customerOf, during, newCustomer, openTestMarket, PRICE_YUAN, runTo } from './testing-market.ts';
import { PROOFS } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const HOUR = PRICE_YUAN * 100_000_000n;

const staff = (name: string, role: 'finance' | 'admin', now: Instant): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_staff',
  now,
});
const yuanText = (amount: bigint): string => decimalText(decimal(amount, 8));

async function violated(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) names.push(name);
  return names;
}

async function setLine(organisationId: Id<'organisation'>, hours: bigint, now: Instant): Promise<void> {
  const limitUnits = units(hours * HOUR);
  const change = { organisationId, account: 'receivable', limitUnits, reason: 'contract' } as const;
  const { id } = need(await proposeCreditLine(staff('usr_fang', 'finance', now), change));
  need(await decideCreditLine(staff('usr_ai', 'admin', now), { creditLineId: id, isApproved: true }));
}

async function book(as: TenantCtx, name: string, cards: number, isOnAccount: boolean): Promise<string> {
  const wish = { skuId: 'sku_sg-zw810e-hour', topology: 'any', startAt: null, durationSeconds: 5 * 3_600 } as const;
  const quote = need(await createQuote(as, { ...wish, cards, term: null, imageId: null }));
  const payBy = isOnAccount ? ('account' as const) : ('wallet' as const);
  const asked = { quoteId: quote.id, name, idempotencyKey: quote.id, payBy };
  return present(need(await during(market, reserve(as, asked))).reservationId, 'a reservation');
}

async function failFor(reservationId: string, seconds: number): Promise<void> {
  const { id: allocationId, startAt } = await withTx(SYSTEM, (tx) =>
    tx.allocation.findFirstOrThrow({ where: { reservationId }, select: { id: true, startAt: true } }),
  );
  const from = fromDate(startAt);
  const { now } = await customerOf(market.organisationId);
  const as: Ctx = { ...SYSTEM, actor: { kind: 'system', job: 'metering' }, now };
  const late = {
    allocationId,
    startAt: from,
    endAt: plusSeconds(from, seconds),
    isProven: false,
    reason: 'kernel log',
  };
  expect(codeOf(await recordLateEvidence(as, late))).toBe('accepted');
}

const creditOf = async (reservationId: string) =>
  withTx(SYSTEM, (tx) =>
    tx.slaCredit.findFirstOrThrow({ where: { reservationId }, select: { amountUnits: true, owedUnits: true } }),
  );

test('the detail of a month says of every charge whether it was paid or is owed, sums to what the invoice asks for, and stays so', async () => {
  const { org, now } = await newCustomer(market, PRICE_YUAN * 20n);
  await setLine(org, 40n, now);
  const ctx = () => customerOf(org);
  const onAccount = await book(await ctx(), 'on account', 2, true);
  const fromWallet = await book(await ctx(), 'from the wallet', 1, false);
  await runTo(market, instant(now + 6 * HOUR_MS));
  await failFor(onAccount, 301);
  await failFor(fromWallet, 901);
  const month = monthOf(now);
  const detail = async () => readFile(await ctx(), { kind: 'detail', month });
  const rowsOf = (rows: Record<string, string>[], id: string) => rows.filter((row) => row['SplitItemName'] === id);
  const owedUnits = async () =>
    present((await withTx(SYSTEM, (tx) => readLines(tx, [org]))).get(org), 'a line').owedUnits;

  const before = csvRows((await detail()).bytes);
  expect(sumOf(before, 'OutstandingAmount')).toBe(yuanText(await owedUnits()));
  expect(sumOf(rowsOf(before, fromWallet), 'OutstandingAmount')).toBe('0');

  const cutoffAt = monthCutoffAt(month);
  await runTo(market, cutoffAt);
  expect(codeOf(await closePeriod(staff('usr_fang', 'finance', cutoffAt), month))).toBe('accepted');
  const [owed] = await listOwed(await ctx());
  const invoiceId = present(owed, 'an invoice').invoice.id;
  const { snapshot } = present(await findInvoice(await ctx(), invoiceId), 'an invoice');
  const asked = yuanText(BigInt(present(snapshot.account, 'what is asked for').owedUnits));
  const file = await detail();
  const rows = csvRows(file.bytes);
  const [owing, cash] = [await creditOf(onAccount), await creditOf(fromWallet)];
  expect([owing.owedUnits, cash.owedUnits]).toEqual([owing.amountUnits, 0n]);
  expect(rowsOf(rows, onAccount).length).toBeGreaterThan(10);
  const refunds = rows.filter((row) => row['Item'] === 'Refund');
  expect(refunds.map((row) => [row['NickName'], row['PaymentAmount'], row['OutstandingAmount']]).sort()).toEqual([
    ['from the wallet', yuanText(-cash.amountUnits), '0'],
    ['on account', '0', yuanText(-owing.amountUnits)],
  ]);
  expect(sumOf(rows, 'OutstandingAmount')).toBe(asked);
  expect(await owedUnits()).toBe(BigInt(present(snapshot.account, 'what is asked for').owedUnits));
  const billed = rows.filter((row) => row['Item'] !== 'Refund');
  expect(sumOf(billed, 'PretaxAmount')).toBe(yuanText(BigInt(snapshot.totals.grossFen) * 1_000_000n));
  const charged = rowsOf(rows, onAccount).filter((row) => row['Item'] === 'PayAsYouGoBill');
  expect(charged.length).toBeGreaterThan(10);
  expect(charged.every((row) => row['PaymentAmount'] === '0')).toBe(true);
  const paid = rowsOf(rows, fromWallet);
  expect(paid.every((row) => row['OutstandingAmount'] === '0' && row['CashAmount'] === row['PretaxAmount'])).toBe(true);

  // What turns out later lessens what is owed of the month, and of nothing that is owed any more comes into the wallet.
  const spendable = async () => (await getWallet(await ctx())).spendableUnits;
  const wallet = await spendable();
  await failFor(onAccount, 1_501);
  const more = await giveCredits({ ...SYSTEM, actor: { kind: 'system', job: 'billing' }, now: (await ctx()).now });
  expect([more, await spendable()]).toEqual([1, wallet]);
  expect((await listOwed(await ctx())).map(({ leftUnits }) => leftUnits)).toEqual([await owedUnits()]);

  // What is paid later changes no file of the month: it says what was outstanding at its close.
  const payment = freshId('payment', cutoffAt);
  const topUp = topUpSettled(payment, org, 'sandbox', fen(PRICE_YUAN * 2_000n), cutoffAt);
  await postAll({ ...SYSTEM, now: cutoffAt }, topUp);
  need(await payInvoice(await ctx(), { invoiceId }));
  expect(await owedUnits()).toBe(0n);
  const paidUp = await spendable();
  await failFor(onAccount, 18_000);
  await giveCredits({ ...SYSTEM, actor: { kind: 'system', job: 'billing' }, now: (await ctx()).now });
  expect([await owedUnits(), (await spendable()) > paidUp]).toEqual([0n, true]);
  expect((await detail()).sha256).toBe(file.sha256);
  const staffs = await readFile(staff('usr_fang', 'finance', cutoffAt), { kind: 'detail', month, organisationId: org });
  expect(staffs.sha256).toBe(file.sha256);
  expect(await violated()).toEqual([]);
}, 300_000);

test('a correction that is carried to the next month takes what it lessened of the debt with it, and moves no money', async () => {
  const { now } = await customerOf(market.organisationId);
  const december = nextMonth(monthOf(market.startAt));
  expect(monthOf(now)).toBe(december);
  await runTo(market, monthCutoffAt(december));
  const moved = () =>
    withTx(
      SYSTEM,
      (tx) => tx.$queryRaw<{ kind: string; net: string; gross: string }[]>`
        SELECT a.kind, sum(p.credit_units - p.debit_units)::text AS net, sum(p.credit_units)::text AS gross FROM journal j
        JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        WHERE j.key LIKE 'carry:%' AND a.kind IN ('wallet', 'receivable') GROUP BY 1 ORDER BY 1`,
    );
  expect(await moved()).toEqual([]);
  expect(codeOf(await closePeriod(staff('usr_fang', 'finance', monthCutoffAt(december)), december))).toBe('accepted');
  const sums = await moved();
  expect(sums.map(({ kind, net }) => [kind, net])).toEqual([
    ['receivable', '0'],
    ['wallet', '0'],
  ]);
  expect(sums.every(({ gross }) => BigInt(gross) > 0n)).toBe(true);
  expect(await violated()).toEqual([]);
}, 500_000);
