import { expect, test } from 'vitest';
import { organisationsOf, seedChargedMonth } from '#lib/billing/testing-month.ts';
import type { Month } from '#lib/core/period.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { LATE_GUARDS, SLA_GUARDS, wallsOf } from './testing-guard-list.ts';
import { tryGuard, tryWall } from './testing-guards.ts';

const url = await createTestDatabase();
const WISH = { month: '2026-11' as Month, cards: [1, 1], hours: 24 };
await seedChargedMonth(url, WISH);
const [ONE = '', OTHER = ''] = organisationsOf(WISH);
const RESERVATION = ONE.replace('org_', 'rsv_');

const GUARDS = [...SLA_GUARDS, ...LATE_GUARDS];
const WALLS = wallsOf(OTHER);
/** Tables of which every guard is tried; of others only what is on the list. */
const WHOLE = [
  'sla_policy',
  'sla_credit',
  'sla_month',
  'hour_waiver',
  'late_report',
  'settlement_file',
  'settlement_row',
];

const ROWS = [
  `INSERT INTO sla_policy SELECT 'slp_waiting', NULL, '2027-01', tiers, 'better', 'proposed', 'user:a', '2026-11-01T00:00:00Z', NULL, NULL FROM sla_policy WHERE id = 'slp_operator'`,
  `INSERT INTO sla_policy SELECT 'slp_next', NULL, '2027-02', tiers, 'better', 'approved', 'user:a', '2026-11-01T00:00:00Z', 'user:b', '2026-11-01T00:00:00Z' FROM sla_policy WHERE id = 'slp_operator'`,
  `INSERT INTO sla_credit (id, reservation_id, organisation_id, sku_id, month, revision, policy_id, promised_seconds, excluded_seconds, used_seconds, down_seconds,
      charged_units, voucher_units, below_ppm, credit_bps, due_units, amount_units, owed_units, journal_key, effective_at, given_at)
    SELECT 'cmp_one', id, organisation_id, sku_id, '2026-11', 0, 'slp_operator', 1000, 0, 900, 100, 1000, 0, 950000, 10000, 1000, 1000, 0, 'sla:cmp_one',
      '2026-11-30T15:59:59.999Z', '2026-12-01T00:00:00Z' FROM reservation WHERE id = '${RESERVATION}'`,
  `INSERT INTO sla_month VALUES ('2026-11', 0, '2026-12-01T00:00:00Z')`,
  `INSERT INTO hour_waiver SELECT 'wvr_waiting', a.id, '2026-11-02T00:00:00Z', '${ONE}', 'no evidence left', 'proposed', 'user:a', '2026-11-03T00:00:00Z' FROM allocation a WHERE a.reservation_id = '${RESERVATION}'`,
  `INSERT INTO hour_waiver SELECT 'wvr_agreed', a.id, '2026-11-02T01:00:00Z', '${ONE}', 'no evidence left', 'agreed', 'user:a', '2026-11-03T00:00:00Z', 'user:b', '2026-11-03T00:00:00Z' FROM allocation a WHERE a.reservation_id = '${RESERVATION}'`,
  `INSERT INTO late_report (allocation_id, organisation_id, start_at, end_at, is_proven, reason, reported_at, next_at)
    SELECT a.id, '${ONE}', '2026-11-02T03:00:00Z', '2026-11-02T04:00:00Z', false, 'log', '2026-11-03T00:00:00Z', '2026-11-03T00:01:00Z' FROM allocation a WHERE a.reservation_id = '${RESERVATION}'`,
  `INSERT INTO late_report (allocation_id, organisation_id, start_at, end_at, is_proven, reason, reported_at, outcome, taken_at)
    SELECT a.id, '${ONE}', '2026-11-02T01:00:00Z', '2026-11-02T02:00:00Z', false, 'log', '2026-11-03T00:00:00Z', 'taken', '2026-11-03T00:01:00Z' FROM allocation a WHERE a.reservation_id = '${RESERVATION}'`,
  `INSERT INTO settlement_file VALUES ('stf_one', 'stripe', '${'a'.repeat(64)}', 'october.csv', '2026-10-01T00:00:00Z', '2026-10-31T00:00:00Z', 1, 'user:a', '2026-11-01T00:00:00Z')`,
  `INSERT INTO settlement_row VALUES ('stf_one', 'txn_one', 1, 'payment', 'ch_1', NULL, 1000, 30, 970, '2026-10-02T00:00:00Z')`,
  `INSERT INTO voucher_programme VALUES ('vpr_one', 'p', 'operator', 'k', 't', '{}', '{}', '{}', 1000000, 1000000, 1, '2026-11-01T00:00:00Z', '2026-12-31T00:00:00Z', '2026-11-01T00:00:00Z', 'user:a')`,
  `INSERT INTO voucher_grant (id, programme_id, organisation_id, amount_units, granted_at, granted_by, programme_name, issuer_kind, issuer_name, terms, site_ids, model_ids, purchases, priority, valid_from, valid_until)
    VALUES ('prm_one', 'vpr_one', '${ONE}', 1000000, '2026-11-01T00:00:00Z', 'user:a', 'p', 'operator', 'k', 't', '{}', '{}', '{}', 1, '2026-11-01T00:00:00Z', '2026-12-31T00:00:00Z')`,
  `INSERT INTO voucher_burn (organisation_id, reservation_id, grant_id, hour_at, amount_units, charged_at) VALUES ('${ONE}', '${RESERVATION}', 'prm_one', '2026-11-02T00:00:00Z', 100, '2026-11-02T01:00:00Z')`,
];
await withAdmin(url, async (client) => {
  await client.query('SET session_replication_role = replica');
  for (const sql of ROWS) await client.query(sql);
});

test('every check, unique index, trigger and policy of these tables is on the list', async () => {
  await withAdmin(url, async (client) => {
    const { rows } = await client.query<{ guard: string }>(
      `SELECT r.relname || '.' || g.name AS guard FROM pg_class r JOIN LATERAL (
         SELECT conname AS name FROM pg_constraint WHERE conrelid = r.oid AND contype = 'c'
         UNION ALL SELECT tgname FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal
         UNION ALL SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = r.oid AND x.indisunique AND NOT x.indisprimary
         UNION ALL SELECT polname FROM pg_policy WHERE polrelid = r.oid) g ON true
       WHERE r.relname = ANY ($1) AND r.relnamespace = 'public'::regnamespace ORDER BY 1`,
      [WHOLE],
    );
    const listed = new Set([
      ...GUARDS.map(({ table, name }) => `${table}.${name}`),
      ...WALLS.map(({ table, policy }) => `${table}.${policy}`),
    ]);
    expect(rows.map(({ guard }) => guard).filter((guard) => !listed.has(guard))).toEqual([]);
  });
});

test.each(GUARDS.map((guard) => [`${guard.table}.${guard.name}`, guard] as const))(
  '%s refuses the wrong, and without it the wrong gets in',
  async (_, guard) => {
    await withAdmin(url, async (client) => {
      const { held, without } = await tryGuard(client, guard);
      expect(held).toBe(guard.state);
      expect(without, guard.wrong).toEqual(expect.any(Number));
    });
  },
);

test.each(WALLS.map((wall) => [`${wall.table}.${wall.policy}`, wall] as const))(
  '%s hides the rows of others and takes none from them, and without it everybody sees them',
  async (_, wall) => {
    await withAdmin(url, async (client) => {
      const { seen, seenWithout, written, writtenWithout } = await tryWall(client, wall);
      expect([seen, written]).toEqual([0, '42501']);
      expect(seenWithout).toBeGreaterThan(0);
      // What only lets rows be read lets none be written, however wide it is.
      if (wall.policy === 'wide') expect(writtenWithout).not.toBe('42501');
    });
  },
);
