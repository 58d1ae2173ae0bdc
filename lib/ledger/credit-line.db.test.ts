import { describe, expect, test } from 'vitest';
import type { Ctx, StaffRole } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { chart } from './chart.ts';
import { decideCreditLine, listCreditLineChanges, proposeCreditLine } from './credit-line.ts';
import { onAccount, postpaidAccrued, receivablePaid } from './credit-templates.ts';
import { LEDGER_PROOFS } from './proofs.ts';
import { partReturned, placed } from './templates.ts';
import { freshId, netOf, postAll, refusalOf, reservationOf, seedWallet, walletOf } from './testing.ts';

await createTestDatabase();
const T0 = instant(Date.UTC(2026, 10, 1));
const ctx: Ctx = { ...SYSTEM, now: T0 };
const YUAN = 100_000_000n;

const staff = (name: string, ...roles: StaffRole[]): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles },
  scope: { kind: 'staff' },
  requestId: 'req_staff',
  now: T0,
});
const FINANCE = staff('usr_fang', 'finance');
const ADMIN = staff('usr_ai', 'admin');

type Input = Parameters<typeof proposeCreditLine>[1];

async function propose(organisationId: Input['organisationId'], account: Input['account'], yuan: bigint) {
  const change = { organisationId, account, limitUnits: units(yuan * YUAN), reason: 'framework contract' };
  return need(await proposeCreditLine(FINANCE, change));
}

async function grant(organisationId: Input['organisationId'], account: Input['account'], yuan: bigint) {
  const { id } = await propose(organisationId, account, yuan);
  return decideCreditLine(ADMIN, { creditLineId: id, isApproved: true });
}

const hold = (org: Input['organisationId'], yuan: bigint) =>
  postAll(ctx, placed(reservationOf(org, T0), T0, 0, units(yuan * YUAN), 1n));

describe('a credit line', () => {
  test('lets a wallet fall to its limit and not a unit further', async () => {
    const org = await seedWallet(ctx, 1n);
    expect(codeOf(await grant(org, 'wallet', 5n))).toBe('accepted');
    await hold(org, 6n);
    expect(await walletOf(ctx, org)).toBe(-5n * YUAN);
    const more = placed(reservationOf(org, T0), T0, 0, units(1n), 1n);
    expect(await refusalOf(postAll(ctx, more))).toBe('insufficientFunds');
  });

  test('on account is set aside, then owed hour by hour, and free again when it returns or is paid', async () => {
    const org = await seedWallet(ctx, 10n);
    const r = reservationOf(org, T0);
    const book = (step: number, yuan: bigint) => onAccount(placed(r, T0, step, units(yuan * YUAN), 1n), org);
    const hour = (n: number, yuan: bigint) =>
      postpaidAccrued(r, { hourAt: instant(T0 + n * 3_600_000), revision: 0, effectiveAt: T0 }, units(yuan * YUAN));
    expect(await refusalOf(postAll(ctx, book(0, 1n)))).toBe('insufficientFunds');
    await grant(org, 'receivable', 5n);
    await postAll(ctx, book(0, 5n));
    await postAll(ctx, hour(0, 3n), hour(1, 1n));
    expect([await netOf(ctx, chart.receivable(org)), await netOf(ctx, chart.lineSetAside(org))]).toEqual([
      -4n * YUAN,
      -1n * YUAN,
    ]);
    // What is owed and what is set aside share one line: alone, each of them would have room.
    expect(await refusalOf(postAll(ctx, book(1, 1n)))).toBe('insufficientFunds');
    const lower = await propose(org, 'receivable', 4n);
    expect(codeOf(await decideCreditLine(ADMIN, { creditLineId: lower.id, isApproved: true }))).toBe('creditLineInUse');
    const pay = (step: number, yuan: bigint) =>
      receivablePaid(
        { id: freshId('invoice', T0), step, organisationId: org },
        { open: units(yuan * YUAN), disputed: units(0n) },
        T0,
      );
    await postAll(ctx, pay(0, 3n));
    await postAll(ctx, book(2, 3n));
    expect(await refusalOf(postAll(ctx, book(3, 1n)))).toBe('insufficientFunds');
    await postAll(ctx, onAccount(partReturned(r, T0, 1, units(1n * YUAN), 1n), org));
    await postAll(ctx, book(3, 1n));
    expect(await walletOf(ctx, org)).toBe(7n * YUAN);
    expect(await refusalOf(postAll(ctx, pay(1, 3n)))).toBe('23514');
    // Nothing is owed that was not set aside before.
    expect(await refusalOf(postAll(ctx, hour(2, 5n)))).toBe('23514');
  });

  test('is never passed by bookings on account of one moment', async () => {
    const org = await seedWallet(ctx, 0n);
    await grant(org, 'receivable', 5n);
    const one = () => postAll(ctx, onAccount(placed(reservationOf(org, T0), T0, 0, units(YUAN), 1n), org));
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => refusalOf(one())));
    expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(5);
    expect(await netOf(ctx, chart.lineSetAside(org))).toBe(-5n * YUAN);
  });

  test('counts when somebody else has approved it, and every step is recorded', async () => {
    const org = await seedWallet(ctx, 0n);
    const { id } = await propose(org, 'wallet', 5n);
    expect(await refusalOf(hold(org, 1n))).toBe('insufficientFunds');
    const both = staff('usr_fang', 'finance', 'admin');
    expect(codeOf(await decideCreditLine(both, { creditLineId: id, isApproved: true }))).toBe('creditLineSamePerson');
    await expect(decideCreditLine(FINANCE, { creditLineId: id, isApproved: true })).rejects.toThrow(Forbidden);
    await expect(
      proposeCreditLine(ADMIN, { organisationId: org, account: 'wallet', limitUnits: units(1n), reason: 'x' }),
    ).rejects.toThrow(Forbidden);
    expect(codeOf(await decideCreditLine(ADMIN, { creditLineId: id, isApproved: true }))).toBe('accepted');
    expect(codeOf(await decideCreditLine(ADMIN, { creditLineId: id, isApproved: false }))).toBe('creditLineDecided');
    await hold(org, 1n);
    const events = await withTx(ctx, (tx) =>
      tx.auditEvent.findMany({ where: { target: id }, orderBy: { id: 'asc' }, select: { action: true, actor: true } }),
    );
    expect(events).toEqual([
      { action: 'creditLine.propose', actor: 'user:usr_fang' },
      { action: 'creditLine.approve', actor: 'user:usr_ai' },
    ]);
  });

  test('cannot be lowered below what is in use, and a declined proposal changes nothing', async () => {
    const org = await seedWallet(ctx, 0n);
    await grant(org, 'wallet', 5n);
    await hold(org, 3n);
    const lower = await propose(org, 'wallet', 2n);
    expect(codeOf(await decideCreditLine(ADMIN, { creditLineId: lower.id, isApproved: true }))).toBe('creditLineInUse');
    const another = { organisationId: org, account: 'wallet', limitUnits: units(0n), reason: 'x' } as const;
    expect(codeOf(await proposeCreditLine(FINANCE, another))).toBe('creditLineWaiting');
    expect(codeOf(await decideCreditLine(ADMIN, { creditLineId: lower.id, isApproved: false }))).toBe('accepted');
    expect(codeOf(await grant(org, 'wallet', 3n))).toBe('accepted');
    const changes = await listCreditLineChanges(FINANCE, org);
    expect(Object.fromEntries(changes.map(({ limitUnits, state }) => [`${limitUnits / YUAN}`, state]))).toEqual({
      3: 'approved',
      2: 'declined',
      5: 'replaced',
    });
    expect(await refusalOf(hold(org, 1n))).toBe('insufficientFunds');
  });

  test('is refused without an amount in range or a reason', async () => {
    const org = await seedWallet(ctx, 0n);
    const input = { organisationId: org, account: 'wallet', limitUnits: units(-1n), reason: 'x' } as const;
    expect(codeOf(await proposeCreditLine(FINANCE, input))).toBe('creditLimitOutOfRange');
    const silent = { ...input, limitUnits: units(1n), reason: '  ' };
    expect(codeOf(await proposeCreditLine(FINANCE, silent))).toBe('creditLimitOutOfRange');
    const unknown = { creditLineId: 'crl_none', isApproved: true };
    expect(codeOf(await decideCreditLine(ADMIN, unknown))).toBe('creditLineUnknown');
  });
});

test('nobody writes a line that was not proposed, or a lowest balance that no line says', async () => {
  const org = await seedWallet(ctx, 0n);
  const approved = withTx(
    ctx,
    (tx) => tx.$executeRaw`
      INSERT INTO credit_line_change VALUES ('crl_x', ${org}, 'wallet', 1, 'x', 'approved', 'user:a', now(), 'user:b', now())`,
  );
  expect(await refusalOf(approved)).toBe('42501');
  const lowered = withTx(
    ctx,
    (tx) => tx.$executeRaw`UPDATE account SET minimum_units = -1 WHERE organisation_id = ${org}`,
  );
  expect(await refusalOf(lowered)).toBe('42501');
});

test('spending and lowering a line at the same time never leaves more in use than the line allows', async () => {
  const org = await seedWallet(ctx, 0n);
  await grant(org, 'wallet', 10n);
  const { id } = await propose(org, 'wallet', 4n);
  const work = [
    ...Array.from({ length: 12 }, () => refusalOf(hold(org, 1n))),
    decideCreditLine(ADMIN, { creditLineId: id, isApproved: true }).then(codeOf),
  ];
  const outcomes = await Promise.all(work);
  const limit = outcomes.at(-1) === 'accepted' ? -4n : -10n;
  expect((await walletOf(ctx, org)) >= limit * YUAN).toBe(true);
  for (const { name, run } of LEDGER_PROOFS)
    expect([name, await withTx(ctx, run)]).toEqual([name, { violations: 0, example: null }]);
});
