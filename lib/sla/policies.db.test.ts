import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import type { Month } from '#lib/core/period.ts';
import { customerOf, openTestMarket } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { visitorCtx } from '#lib/identity/context.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, moveTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { decidePolicy, listPolicies, listProposals, proposePolicy } from './policies.ts';

await createTestDatabase();
/** It is the 2nd of November. */
const market = await openTestMarket(16, 0n);
const TIERS = [{ belowPpm: 995_000, creditBps: 2_000 }] as const;

const staff = (name: string, now: Instant = market.startAt): Ctx => ({
  actor: { kind: 'staff', userId: `usr_${name}` as Id<'user'>, roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now,
});
const wish = (change: Partial<Parameters<typeof proposePolicy>[1]> = {}) => ({
  skuId: null,
  validFrom: '2026-12' as Month,
  tiers: TIERS,
  reason: 'a better promise',
  ...change,
});
const published = async () =>
  (await listPolicies(await visitorCtx())).map(({ skuId, validFrom }) => [skuId, validFrom]);

test('a new market promises by the operator’s table, and everybody can read it', async () => {
  expect(await listPolicies(await visitorCtx())).toMatchObject([
    {
      id: 'slp_operator',
      skuId: null,
      tiers: [
        { belowPpm: 999_000, creditBps: 1_000 },
        { belowPpm: 990_000, creditBps: 2_500 },
        { belowPpm: 950_000, creditBps: 10_000 },
      ],
    },
  ]);
});

test('a table is published when another person has approved it, once', async () => {
  const proposed = await proposePolicy(staff('one'), wish());
  if (!proposed.ok) throw new Error(proposed.refusal.code);
  expect(await published()).toEqual([[null, '2000-01']]);
  expect(await proposePolicy(staff('two'), wish())).toMatchObject({ refusal: { code: 'slaWaiting' } });
  expect(await listProposals(staff('two'))).toHaveLength(1);
  const decision = { policyId: proposed.value.id, isApproved: true };
  expect(await decidePolicy(staff('one'), decision)).toMatchObject({ refusal: { code: 'slaSamePerson' } });
  const decided = await Promise.all([1, 2, 3].map(() => decidePolicy(staff('two'), decision)));
  expect(decided.filter(({ ok }) => ok)).toHaveLength(1);
  expect(decided.filter((each) => !each.ok && each.refusal.code === 'slaDecided')).toHaveLength(2);
  expect(await published()).toEqual([
    [null, '2026-12'],
    [null, '2000-01'],
  ]);
});

test('another table for the same coming month stands in for it; a SKU has its own', async () => {
  for (const skuId of [null, 'sku_sg-zw810e-hour' as Id<'sku'>]) {
    const proposed = await proposePolicy(staff('one'), wish({ skuId, tiers: [{ belowPpm: 990_000, creditBps: 100 }] }));
    if (!proposed.ok) throw new Error(proposed.refusal.code);
    expect(await decidePolicy(staff('two'), { policyId: proposed.value.id, isApproved: true })).toMatchObject({
      ok: true,
    });
  }
  expect(await published()).toHaveLength(3);
});

test('a month that has begun is nobody’s to change, also when it began while the proposal waited', async () => {
  for (const validFrom of ['2026-11', '2026-10', '1999-01'] as Month[])
    expect(await proposePolicy(staff('one'), wish({ validFrom }))).toMatchObject({
      refusal: { code: 'slaMonthBegun' },
    });
  const proposed = await proposePolicy(staff('one'), wish());
  if (!proposed.ok) throw new Error(proposed.refusal.code);
  const policyId = proposed.value.id;
  const december = instant(Date.UTC(2026, 10, 30, 16));
  const decide = (isApproved: boolean) => decidePolicy(staff('two', december), { policyId, isApproved });
  expect(await decide(true)).toMatchObject({ refusal: { code: 'slaMonthBegun' } });
  expect(await decide(false)).toMatchObject({ ok: true });
  const forged = (sql: string) => withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql));
  await expect(
    forged(`INSERT INTO sla_policy SELECT 'slp_x', NULL, '2026-11', tiers, 'x', 'approved', 'user:a', '2026-11-02Z', 'user:b', '2026-11-02Z'
      FROM sla_policy WHERE id = 'slp_operator'`),
  ).rejects.toThrow('sla_policy_ahead');
  await moveTestClock(december);
  await expect(
    forged(`UPDATE sla_policy SET state = 'replaced' WHERE valid_from = '2026-12' AND state = 'approved'`),
  ).rejects.toThrow('KS001');
});

test('what makes no sense is refused, also by the database; nobody changes a table that was decided', async () => {
  for (const tiers of [[], [{ belowPpm: 0, creditBps: 1 }], [...TIERS, ...TIERS]])
    expect(await proposePolicy(staff('one'), wish({ tiers, validFrom: '2027-03' as Month }))).toMatchObject({
      refusal: { code: 'slaTiersWrong' },
    });
  expect(
    await proposePolicy(staff('one'), wish({ skuId: 'sku_none' as Id<'sku'>, validFrom: '2027-03' as Month })),
  ).toMatchObject({ refusal: { code: 'slaSkuUnknown' } });
  expect(await decidePolicy(staff('one'), { policyId: 'slp_none', isApproved: true })).toMatchObject({
    refusal: { code: 'slaUnknown' },
  });
  const insert = (id: string, tiers: string, by: string) =>
    withTx(SYSTEM, (tx) =>
      tx.$executeRawUnsafe(
        `INSERT INTO sla_policy VALUES ('${id}', NULL, '2027-05', '${tiers}', 'x', 'approved', 'user:a', '2026-11-02Z', '${by}', '2026-11-02Z')`,
      ),
    );
  const one = '[{"belowPpm": 999000, "creditBps": 1000}]';
  await expect(insert('slp_a', one, 'user:a')).rejects.toThrow('sla_policy_two_people');
  for (const tiers of [
    '[]',
    '{}',
    '[{"belowPpm": 1000001, "creditBps": 1000}]',
    '[{"belowPpm": 999000}]',
    '[{"belowPpm": 990000, "creditBps": 1000}, {"belowPpm": 999000, "creditBps": 2000}]',
  ])
    await expect(insert('slp_b', tiers, 'user:b')).rejects.toThrow('sla_policy_tiers_check');
  const change = (sql: string) => withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql));
  await expect(change(`UPDATE sla_policy SET tiers = '${one}' WHERE id = 'slp_operator'`)).rejects.toThrow('KS001');
  await expect(change(`DELETE FROM sla_policy`)).rejects.toThrow();
});

test('customers see what is published, propose nothing and decide nothing', async () => {
  const customer = await customerOf(market.organisationId);
  await proposePolicy(staff('one'), wish({ validFrom: '2027-06' as Month }));
  const seen = await withTx(customer, (tx) => tx.slaPolicy.findMany({ select: { state: true } }));
  expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['approved']));
  await expect(listProposals(customer)).rejects.toThrow(Forbidden);
  await expect(proposePolicy(customer, wish())).rejects.toThrow(Forbidden);
  await expect(decidePolicy(customer, { policyId: 'slp_operator', isApproved: false })).rejects.toThrow(Forbidden);
});
