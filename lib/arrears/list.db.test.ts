import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { toIso } from '#lib/core/instant.ts';
import { book, newCustomer, openTestMarket } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { listArrears } from './service.ts';

const url = await createTestDatabase();
const market = await openTestMarket(64, 5_000n);
const now = await withTx(SYSTEM, readNow);
const finance: Ctx = {
  actor: { kind: 'staff', userId: idFrom('user', 'usr_f'), roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_l',
  now,
};
const open = { cards: 1, durationSeconds: null } as const;

test('the furthest gone first, then the least time left, by pages of the database', async () => {
  const organisations = [market.organisationId];
  for (const yuan of [900n, 600n, 2_000n]) organisations.push((await newCustomer(market, yuan)).org);
  for (const org of organisations) await book(market, open, org);
  await withAdmin(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    await client.query(
      `INSERT INTO arrears (organisation_id, state, steps, episode, since_at, runs_out_at) VALUES ($1, 'warned', 1, 1, $2, $2)`,
      [organisations[3], toIso(now)],
    );
  });
  const all = await listArrears(finance, { state: null, skip: 0, take: 9 });
  const expected = [organisations[3], organisations[2], organisations[1], organisations[0]];
  expect(all.rows.map(({ organisationId }) => organisationId)).toEqual(expected);
  expect([all.total, [...all.counts].sort()]).toEqual([
    4,
    [
      ['ok', 3],
      ['warned', 1],
    ],
  ]);
  const pages = [];
  for (let skip = 0; skip < 4; skip += 1)
    pages.push(...(await listArrears(finance, { state: null, skip, take: 1 })).rows);
  expect(pages).toEqual(all.rows);
  const warned = await listArrears(finance, { state: 'warned', skip: 0, take: 9 });
  expect([warned.total, warned.rows.map(({ organisationId }) => organisationId)]).toEqual([1, [organisations[3]]]);
});

test('is for finance and those who watch', async () => {
  const ops: Ctx = { ...finance, actor: { kind: 'staff', userId: idFrom('user', 'usr_o'), roles: ['ops'] } };
  await expect(listArrears(ops, { state: null, skip: 0, take: 1 })).rejects.toThrow(Forbidden);
});
