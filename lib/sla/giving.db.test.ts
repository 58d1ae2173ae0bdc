import { expect, test } from 'vitest';
import { organisationsOf, seedChargedMonth } from '#lib/billing/testing-month.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Month, monthCutoffAt } from '#lib/core/period.ts';
import { customerOf } from '#lib/engine/testing-market.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { dueOf } from './credit.ts';
import { giveCredits } from './giving.ts';
import { readFigures } from './store.ts';

const url = await createTestDatabase();
const MONTH = '2026-11' as Month;
const WISH = { month: MONTH, cards: [2, 1, 3, 4], hours: 720 };
await seedChargedMonth(url, { ...WISH, hasEvidence: true });
const organisations = organisationsOf(WISH);
const [ONE = '', TWO = '', THREE = '', FOUR = ''] = organisations.map((id) => id.replace('org_', 'rsv_'));
const BILLING: Ctx = {
  actor: { kind: 'system', job: 'billing' },
  scope: { kind: 'system' },
  requestId: 'req_sla',
  now: monthCutoffAt(MONTH),
};
const TIERS = [
  { belowPpm: 999_000, creditBps: 1_000 },
  { belowPpm: 990_000, creditBps: 2_500 },
  { belowPpm: 950_000, creditBps: 10_000 },
];

const figuresOf = (id: string) => withTx(SYSTEM, async (tx) => present((await readFigures(tx, MONTH, [id]))[0], id));
const asOwner = (...statements: string[]): Promise<void> =>
  withAdmin(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    for (const sql of statements) await client.query(sql);
  });

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

/** The second hour of the month's 12th, in which every card of the second reservation has 211 s without proof. */
const HOUR = `'2026-11-12T02:00:00Z'::timestamptz`;

test('what was promised, proven and charged is read to the second, of some as of all', async () => {
  expect(await figuresOf(ONE)).toMatchObject({ promisedSeconds: 5_184_000n, excludedSeconds: 0n });
  const all = await withTx(SYSTEM, (tx) => readFigures(tx, MONTH, null));
  expect(all).toHaveLength(4);
  for (const figures of all) {
    expect(await figuresOf(figures.reservationId)).toEqual(figures);
    expect(figures.usedSeconds + figures.downSeconds).toBe(figures.promisedSeconds);
  }
  expect(await withTx(SYSTEM, (tx) => readFigures(tx, '2026-12' as Month, null))).toEqual([]);
  expect(await withTx(SYSTEM, (tx) => readFigures(tx, '2026-10' as Month, null))).toEqual([]);
});

test('announced maintenance without proof is neither promised nor broken; told too late, it is', async () => {
  const before = await figuresOf(TWO);
  const window = (announced: string, state: string, cardState = 'returned') => [
    `DELETE FROM maintenance_card`,
    `DELETE FROM maintenance_window`,
    `INSERT INTO maintenance_window (id, pool_id, start_at, end_at, handling, reason, state, notices_given, planned_by, planned_at, ended_at)
      SELECT 'mnt_1', id, ${HOUR}, ${HOUR} + interval '3 hours', 'wait', 'fans', '${state}', 2, 'user:ops', ${HOUR} - interval '${announced}', ${HOUR} + interval '3 hours' FROM pool`,
    `INSERT INTO maintenance_card (window_id, card_id, state, start_at, end_at, is_live)
      SELECT 'mnt_1', card_id, '${cardState}', ${HOUR}, ${HOUR} + interval '3 hours', false FROM allocation WHERE reservation_id = '${TWO}'`,
  ];
  await asOwner(...window('24 hours', 'done'));
  const during = await withTx(
    SYSTEM,
    (tx) => tx.$queryRaw<{ down: bigint }[]>`SELECT sum(down_seconds)::bigint AS down FROM usage_charge
      WHERE reservation_id = ${TWO} AND hour_at >= '2026-11-12T02:00:00Z' AND hour_at < '2026-11-12T05:00:00Z'`,
  );
  const excludedSeconds = present(during[0], 'a sum').down;
  expect(excludedSeconds).toBeGreaterThan(0n);
  expect(await figuresOf(TWO)).toEqual({ ...before, excludedSeconds });
  await asOwner(...window('23 hours 59 minutes 59 seconds', 'done'));
  expect(await figuresOf(TWO)).toEqual(before);
  await asOwner(...window('24 hours', 'cancelled'));
  expect(await figuresOf(TWO)).toEqual(before);
  await asOwner(...window('24 hours', 'done', 'skipped'));
  expect(await figuresOf(TWO)).toEqual(before);
  await asOwner(`DELETE FROM maintenance_card`, `DELETE FROM maintenance_window`);
});

test('cards that were given back are promised until then; a card that nobody replaced stays promised', async () => {
  const before = await figuresOf(FOUR);
  await asOwner(
    `INSERT INTO reservation_event (reservation_id, organisation_id, at, kind, data)
      SELECT id, organisation_id, '2026-11-20T00:00:00.700Z', 'shrunk', '{"cards": 1, "left": 3}' FROM reservation WHERE id = '${FOUR}'`,
    `UPDATE reservation SET cards = 3 WHERE id = '${FOUR}'`,
  );
  // From the 20th, 00:00 UTC, to the end of the month at 16:00 UTC on the 30th.
  const left = BigInt(10 * 86_400 + 16 * 3_600);
  expect((await figuresOf(FOUR)).promisedSeconds).toBe(before.promisedSeconds - left);
  await asOwner(
    `UPDATE reservation SET cards = 5 WHERE id = '${FOUR}'`,
    `DELETE FROM reservation_event WHERE kind = 'shrunk'`,
  );
  const waiting = await figuresOf(FOUR);
  expect(waiting.promisedSeconds).toBe(before.promisedSeconds + 2_592_000n);
  expect(waiting).toMatchObject({ usedSeconds: before.usedSeconds, downSeconds: before.downSeconds });
  await asOwner(`UPDATE reservation SET cards = 4 WHERE id = '${FOUR}'`);
});

test('hours that are not charged yet are not promised yet', async () => {
  await asOwner(
    `UPDATE reservation SET settled_at = NULL, state = 'active', ended_at = NULL, end_at = NULL WHERE id = '${ONE}'`,
    `INSERT INTO metered_hour SELECT id, '2026-11-02T15:00:00Z', now() FROM pool`,
  );
  const figures = await figuresOf(ONE);
  expect(figures.promisedSeconds).toBe(BigInt(2 * 48 * 3_600));
  expect(figures.usedSeconds + figures.downSeconds).toBe(figures.promisedSeconds);
  expect(await giveCredits(BILLING)).toBe(0);
  await asOwner(
    `DELETE FROM metered_hour`,
    `UPDATE reservation r SET settled_at = o.settled_at, state = 'ended', ended_at = o.ended_at, end_at = o.end_at
      FROM reservation o WHERE o.id = '${TWO}' AND r.id = '${ONE}'`,
  );
});

test('what fails leaves neither row nor journal nor notice, and the next run gives it', async () => {
  await withAdmin(url, async (client) => {
    await client.query(
      `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$`,
    );
    await client.query(`CREATE TRIGGER die BEFORE INSERT ON notice FOR EACH ROW EXECUTE FUNCTION die()`);
  });
  await expect(giveCredits(BILLING)).rejects.toThrow('killed');
  expect(await withTx(SYSTEM, (tx) => tx.slaCredit.count())).toBe(0);
  expect(await withTx(SYSTEM, (tx) => tx.journal.count({ where: { kind: 'slaCompensated' } }))).toBe(0);
  expect(await withTx(SYSTEM, (tx) => tx.slaMonth.count())).toBe(0);
  await withAdmin(url, (client) => client.query(`DROP TRIGGER die ON notice`));
  expect(await broken()).toEqual([]);
});

test('however many give at once, everybody below the table gets the share of its cash, once', async () => {
  const wallets = () => Promise.all(organisations.map((id) => walletOf(SYSTEM as Ctx, id)));
  // A voucher paid a third of what the third reservation was charged.
  const third = await figuresOf(THREE);
  await asOwner(
    `INSERT INTO voucher_burn (organisation_id, reservation_id, grant_id, hour_at, amount_units, charged_at)
      SELECT organisation_id, id, 'prm_x', ${HOUR}, ${third.chargedUnits / 3n}, ${HOUR} FROM reservation WHERE id = '${THREE}'`,
  );
  const before = await wallets();
  const given = await Promise.all([giveCredits(BILLING), giveCredits(BILLING), giveCredits(BILLING)]);
  expect(given.reduce((a, b) => a + b)).toBe(4);
  const rows = await withTx(SYSTEM, (tx) => tx.slaCredit.findMany({ orderBy: { organisationId: 'asc' } }));
  const after = await wallets();
  for (const [i, row] of rows.entries()) {
    const figures = await figuresOf(row.reservationId);
    expect(dueOf(figures, TIERS)).toEqual({ tier: TIERS[2], dueUnits: row.amountUnits });
    expect((after[i] ?? 0n) - (before[i] ?? 0n)).toBe(row.amountUnits);
    expect(row.effectiveAt).toEqual(new Date('2026-11-30T15:59:59.999Z'));
  }
  expect(rows.find(({ reservationId }) => reservationId === THREE)?.amountUnits).toBe(
    third.chargedUnits - third.chargedUnits / 3n,
  );
  expect(await withTx(SYSTEM, (tx) => tx.notice.count({ where: { kind: 'slaCredited' } }))).toBe(4);
  expect(await giveCredits(BILLING)).toBe(0);
  const named = (await broken()).filter((name) => name.startsWith('sla'));
  expect(named).toEqual([]);
});

test('the database takes no credit that follows from no table, twice, changed or without its figures', async () => {
  const forged = (columns: string) =>
    withTx(SYSTEM, (tx) =>
      tx.$executeRawUnsafe(
        `INSERT INTO sla_credit SELECT (jsonb_populate_record(c, to_jsonb(c) || '{"id": "cmp_x", "journal_key": "sla:cmp_x"}' || '${columns}')).*
          FROM sla_credit c WHERE reservation_id = '${ONE}'`,
      ),
    );
  await expect(forged('{}')).rejects.toThrow('KS001');
  await expect(forged('{"revision": 1}')).rejects.toThrow('KS001');
  await expect(forged('{"month": "2026-10", "below_ppm": 960000}')).rejects.toThrow('KS001');
  await expect(forged('{"month": "1999-12"}')).rejects.toThrow('KS001');
  await expect(forged(`{"month": "2026-10", "organisation_id": "${organisations[1]}"}`)).rejects.toThrow('KS001');
  await expect(forged('{"month": "2026-10", "used_seconds": 5184000, "down_seconds": 0}')).rejects.toThrow(
    'sla_credit_tier',
  );
  await expect(forged('{"month": "2026-10", "amount_units": 1, "due_units": 1}')).rejects.toThrow('sla_credit_share');
  const change = (sql: string) => withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql));
  await expect(change('UPDATE sla_credit SET amount_units = 1')).rejects.toThrow();
  await expect(change('DELETE FROM sla_credit')).rejects.toThrow();
  await expect(change('DELETE FROM sla_month')).rejects.toThrow();
});

test('proofs find a credit that is missing, one that is too much, and seconds that are not those of the reservation', async () => {
  const found = async (breaking: string, mending: string) => {
    await asOwner(breaking);
    const names = (await broken()).filter((name) => name.startsWith('sla'));
    await asOwner(mending);
    return names;
  };
  const kept = `CREATE TABLE kept AS SELECT * FROM sla_credit`;
  await asOwner(kept);
  const whole = `DELETE FROM sla_credit; INSERT INTO sla_credit SELECT * FROM kept`;
  expect(await found(`DELETE FROM sla_credit WHERE reservation_id = '${TWO}'`, whole)).toEqual(['slaCreditsComplete']);
  expect(
    await found(
      `INSERT INTO sla_credit SELECT (jsonb_populate_record(c, '{"id": "cmp_y", "journal_key": "sla:cmp_y", "revision": 1, "amount_units": 1}')).* FROM sla_credit c WHERE reservation_id = '${TWO}'`,
      whole,
    ),
  ).toEqual(['slaCreditsPosted', 'slaCreditsComplete']);
  expect(
    await found(
      `UPDATE sla_credit SET used_seconds = used_seconds - 1, down_seconds = down_seconds + 1 WHERE reservation_id = '${TWO}'`,
      whole,
    ),
  ).toEqual(['slaSecondsProven']);
  await asOwner('DROP TABLE kept');
});

test('customers give themselves nothing, and see their own credits and figures alone', async () => {
  const customer = await customerOf(present(organisations[0], 'an organisation') as Id<'organisation'>);
  await expect(giveCredits(customer)).rejects.toThrow(Forbidden);
  const seen = await withTx(customer, (tx) => tx.slaCredit.findMany({ select: { reservationId: true } }));
  expect(seen).toEqual([{ reservationId: ONE }]);
  expect((await withTx(customer, (tx) => readFigures(tx, MONTH, null))).map((each) => each.reservationId)).toEqual([
    ONE,
  ]);
  expect(await withTx(customer, (tx) => readFigures(tx, MONTH, [TWO]))).toEqual([]);
  expect(await withTx(customer, (tx) => tx.slaMonth.count())).toBe(0);
});
