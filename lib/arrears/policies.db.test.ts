import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { customerOf, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { decidePolicy, listPolicies, proposePolicy } from './policies.ts';
import { getTerms } from './service.ts';

await createTestDatabase();
const OPERATOR = { firstWarningHours: 24, lastWarningHours: 1, graceSeconds: 7_200, retentionDays: 15 };

async function setup() {
  const now = await withTx(SYSTEM, readNow);
  const organisationId = await seedCustomer(0n, now);
  const staff = (name: string): Ctx => ({
    actor: { kind: 'staff', userId: `usr_${name}` as Id<'user'>, roles: ['finance'] },
    scope: { kind: 'staff' },
    requestId: 'req_f',
    now,
  });
  const terms = async () => getTerms(await customerOf(organisationId));
  return { organisationId, one: staff('one'), two: staff('two'), terms };
}

test('a policy of an organisation’s own counts when another person has approved it, and for nobody else', async () => {
  const { organisationId, one, two, terms } = await setup();
  const own = { ...OPERATOR, graceSeconds: 24 * 3_600, retentionDays: 30 };
  const proposed = await proposePolicy(one, { ...own, organisationId, reason: 'key customer' });
  if (!proposed.ok) throw new Error(proposed.refusal.code);
  expect(await terms()).toEqual(OPERATOR);
  expect(await proposePolicy(two, { ...own, organisationId, reason: 'again' })).toMatchObject({
    refusal: { code: 'policyWaiting' },
  });
  const policyId = proposed.value.id;
  expect(await decidePolicy(one, { policyId, isApproved: true })).toEqual({
    ok: false,
    refusal: { code: 'policySamePerson' },
  });
  const decided = await Promise.all([1, 2, 3].map(() => decidePolicy(two, { policyId, isApproved: true })));
  expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await terms()).toEqual(own);
  expect((await listPolicies(one)).operator).toEqual(OPERATOR);
  expect(await (await setup()).terms()).toEqual(OPERATOR);
});

test('one person gives more grace up to the limit, at once', async () => {
  const { organisationId, one, terms } = await setup();
  const more = { ...OPERATOR, graceSeconds: 6 * 3_600, organisationId, reason: 'the bank is slow' };
  expect(await proposePolicy(one, more)).toMatchObject({ ok: true, value: { state: 'approved' } });
  expect((await terms()).graceSeconds).toBe(6 * 3_600);
  expect(await proposePolicy(one, { ...more, graceSeconds: 7 * 3_600 })).toMatchObject({
    value: { state: 'proposed' },
  });
});

test('what makes no sense is refused, also by the database; nobody changes a policy that was decided', async () => {
  const { one, organisationId } = await setup();
  expect(
    await proposePolicy(one, { ...OPERATOR, graceSeconds: 90 * 3_600, organisationId, reason: 'x' }),
  ).toMatchObject({ ok: false });
  const forged = (sql: string) => withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql));
  await expect(forged(`UPDATE arrears_policy SET grace_seconds = 0 WHERE state = 'approved'`)).rejects.toThrow('KS001');
  await expect(
    forged(
      `INSERT INTO arrears_policy SELECT 'arp_x', '${organisationId}', 24, 1, 7200, 15, 'x', 'approved', 'user:a', now(), 'user:a', now()`,
    ),
  ).rejects.toThrow('arrears_policy_two_people');
});

test('customers see what is in force, and decide nothing', async () => {
  const { organisationId, one } = await setup();
  const customer = await customerOf(organisationId);
  await proposePolicy(one, { ...OPERATOR, retentionDays: 3, organisationId, reason: 'secret' });
  const seen = await withTx(customer, (tx) => tx.arrearsPolicy.findMany({ select: { state: true } }));
  expect(seen).toEqual([{ state: 'approved' }]);
  await expect(listPolicies(customer)).rejects.toThrow(Forbidden);
});
