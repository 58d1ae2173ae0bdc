import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { type Instant, instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { listBalances } from '#lib/ledger/books.ts';
import { decideCreditLine, proposeCreditLine } from '#lib/ledger/credit-line.ts';
import { onAccount, receivablePaid } from '#lib/ledger/credit-templates.ts';
import { disputeOpened } from '#lib/ledger/dispute-templates.ts';
import { postUsedHours, type UsedHour } from '#lib/ledger/on-account.ts';
import { placed } from '#lib/ledger/templates.ts';
import { openDisputedDebt } from '#lib/ledger/corrections.ts';
import { proposeReversal } from '#lib/ledger/reversals.ts';
import { freshId, postAll, reservationOf, seedWallet } from '#lib/ledger/testing.ts';
import { decideReversal } from '#lib/payments/reversals.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { findAgeing, listAgeing, setDueTerms } from './service.ts';

await createTestDatabase();
const at = (iso: string): Instant => instant(Date.parse(iso));
const T0 = at('2026-10-05T00:00:00Z');
const YUAN = 100_000_000n;

const staff = (name: string, role: 'finance' | 'admin' | 'auditor' | 'ops', now: Instant): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_staff',
  now,
});
const fang = (iso: string) => staff('usr_fang', 'finance', at(iso));
const ctx: Ctx = { ...SYSTEM, now: T0 };

/** An organisation on account with a limit, which used so much in October and November. */
async function debtor(october: bigint, november: bigint) {
  const organisationId = await seedWallet(ctx, 1_000n);
  const change = {
    organisationId,
    account: 'receivable',
    limitUnits: units(10_000n * YUAN),
    reason: 'contract',
  } as const;
  const { id } = need(await proposeCreditLine(staff('usr_fang', 'finance', T0), change));
  need(await decideCreditLine(staff('usr_ai', 'admin', T0), { creditLineId: id, isApproved: true }));
  const r = reservationOf(organisationId, T0);
  const whole = units((october + november) * YUAN);
  await postAll(ctx, onAccount(placed(r, T0, 0, whole, 1n), organisationId));
  const use = (iso: string, yuan: bigint): UsedHour => ({
    ...r,
    hourAt: at(iso),
    effectiveAt: at(iso),
    amountUnits: units(yuan * YUAN),
  });
  const hours = [use('2026-10-10T00:00:00Z', october), use('2026-11-10T00:00:00Z', november)];
  await withTx(ctx, (tx) => postUsedHours(ctx, tx, hours));
  return organisationId;
}

async function issue(organisationId: string, month: string, number: string, issuedAt: Instant): Promise<void> {
  const amounts = { grossUnits: 0n, residueUnits: 0n, grossFen: 0n, netFen: 0n, taxFen: 0n };
  const hashes = { snapshot: {}, snapshotHash: number, previousHash: '' };
  const id = freshId('invoice', T0);
  await withTx(SYSTEM, async (tx) => {
    await tx.billingPeriod.createMany({
      data: [{ month, state: 'closing', cutoffAt: new Date('2026-12-02T04:00:00Z') }],
      skipDuplicates: true,
    });
    const data = { id, number, organisationId, month, issuedAt: toDate(issuedAt), ...amounts, ...hashes };
    await tx.invoice.create({ data });
  });
}

const ageingOf = async (iso: string, id: string) => present(await findAgeing(fang(iso), id), 'an ageing').ageing;
const open = async (iso: string, id: string) =>
  (await ageingOf(iso, id)).items.map(({ month, leftUnits, band }) => [month, leftUnits / YUAN, band]);

test('receipts pay the oldest month, terms move the due date of later invoices, and the sums are the ledger’s', async () => {
  const org = await debtor(100n, 50n);
  await issue(org, '2026-10', 'KS-2026-000001', at('2026-11-02T04:00:00Z'));
  expect(
    codeOf(await setDueTerms(fang('2026-11-20T00:00:00Z'), { organisationId: org, days: 60, reason: 'contract' })),
  ).toBe('accepted');
  await issue(org, '2026-11', 'KS-2026-000002', at('2026-12-02T04:00:00Z'));
  expect(await open('2026-12-02T00:00:00Z', org)).toEqual([
    ['2026-10', 100n, 'notDue'],
    ['2026-11', 50n, 'notDue'],
  ]);
  expect(await open('2026-12-03T00:00:00Z', org)).toMatchObject([
    ['2026-10', 100n, 'days1To30'],
    ['2026-11', 50n, 'notDue'],
  ]);

  const paid = receivablePaid(
    { id: freshId('invoice', T0), step: 0, organisationId: org },
    { open: units(120n * YUAN), disputed: units(0n) },
    at('2026-12-04T00:00:00Z'),
  );
  await postAll({ ...SYSTEM, now: at('2026-12-04T00:00:00Z') }, paid);
  expect(await open('2027-02-10T00:00:00Z', org)).toEqual([['2026-11', 30n, 'days1To30']]);

  const request = need(
    await proposeReversal(fang('2026-12-05T00:00:00Z'), { journalKey: paid.key, reason: 'of another' }),
  );
  need(
    await decideReversal(staff('usr_ge', 'finance', at('2026-12-05T00:00:00Z')), {
      requestId: request,
      isApproved: true,
    }),
  );
  expect(await open('2027-02-10T00:00:00Z', org)).toEqual([
    ['2026-10', 100n, 'days61To90'],
    ['2026-11', 50n, 'days1To30'],
  ]);

  const other = await debtor(7n, 0n);
  await withTx(SYSTEM, (tx) => openDisputedDebt(tx, other));
  const dispute = {
    id: freshId('dispute', T0),
    organisationId: other,
    provider: 'sandbox',
    fromWallet: units(0n),
    owed: units(3n * YUAN),
  };
  await postAll(ctx, ...disputeOpened(dispute, T0));
  const rows = await listAgeing(fang('2026-12-05T00:00:00Z'));
  const items = rows.reduce((sum, { openUnits, disputedUnits }) => sum + openUnits + disputedUnits, 0n);
  const balances = await listBalances(fang('2026-12-05T00:00:00Z'), ['receivable', 'receivableDisputed']);
  expect(items).toBe(160n * YUAN);
  expect(-balances.reduce((sum, { balanceUnits }) => sum + balanceUnits, 0n)).toBe(items);
});

test('terms are for organisations that exist, and set by finance alone', async () => {
  const terms = { organisationId: 'org_nobody', days: 10, reason: 'contract' };
  expect(codeOf(await setDueTerms(fang('2026-12-01T00:00:00Z'), terms))).toBe('receivableUnknown');
  expect(codeOf(await setDueTerms(fang('2026-12-01T00:00:00Z'), { ...terms, organisationId: 'x' }))).toBe(
    'receivableUnknown',
  );
  await expect(setDueTerms(staff('usr_a', 'auditor', T0), terms)).rejects.toThrow(Forbidden);
  await expect(listAgeing(staff('usr_o', 'ops', T0))).rejects.toThrow(Forbidden);
  expect(await findAgeing(fang('2026-12-01T00:00:00Z'), "' OR 1=1")).toBeNull();
});
