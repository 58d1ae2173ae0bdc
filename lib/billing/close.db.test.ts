import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, plusMs } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { giveCredits } from '#lib/sla/giving.ts';
import { closePeriod } from './close.ts';
import { findCloseObstacle } from './close-checks.ts';
import { beginClose, lockCharges } from './close-store.ts';
import { findPeriod } from './periods.ts';
import { BILLING_PROOFS } from './proofs.ts';
import { seedChargedMonth } from './testing-month.ts';

const ownerUrl = await createTestDatabase();
const MONTH = present(parseMonth('2026-11'), 'month');
const CUTOFF = monthCutoffAt(MONTH);
await seedChargedMonth(ownerUrl, { month: MONTH, cards: Array(205).fill(1), hours: 3 });
const CHARGES = 205 * 3;

function financeAt(now: Instant): Ctx {
  const actor = { kind: 'staff', userId: 'usr_f' as Id<'user'>, roles: ['finance'] } as const;
  return { actor, scope: { kind: 'staff' }, requestId: 'req_f', now };
}
const FINANCE = financeAt(CUTOFF);
await giveCredits(FINANCE);

/** Changes the data as nobody but the owner can, without triggers. */
const asOwner = (...statements: string[]): Promise<void> =>
  withAdmin(ownerUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    for (const sql of statements) await client.query(sql);
  });

/** Stores a charge of no time and no money: in its turn for a later hour, or as a correction of the first that changes nothing. */
const chargeAgain = (tx: Tx, revision: number, allocation = 'alc_00000001'): Promise<number> => tx.$executeRaw`
  INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id,
    purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps, weighted_seconds_to_date,
    charged_to_date_units, amount_units, journal_key, charged_at, late_at)
  SELECT allocation_id, h.at, ${revision}, organisation_id, reservation_id,
    card_id, pool_id, sku_id, price_version_id, purchase, h.at, h.at, 0, 0, 0, band_bps,
    (SELECT max(weighted_seconds_to_date) FROM usage_charge m WHERE m.allocation_id = u.allocation_id),
    (SELECT max(charged_to_date_units) FROM usage_charge m WHERE m.allocation_id = u.allocation_id), 0, 'meter:none', charged_at,
    CASE WHEN ${revision} > 0 THEN charge_counts_at(h.at) END
  FROM usage_charge u, LATERAL (SELECT hour_at + CASE WHEN ${revision} = 0 THEN interval '3 hours' ELSE interval '0' END AS at) h
  WHERE allocation_id = ${allocation} AND revision = 0 ORDER BY hour_at LIMIT 1`;

describe('before a close', () => {
  const ONE = `WHERE allocation_id = 'alc_00000007' AND revision = 0 AND hour_at = (SELECT max(hour_at) FROM usage_charge)`;
  test.each([
    [
      'an hour without a charge',
      [`UPDATE allocation SET end_at = end_at + interval '1 hour' WHERE id = 'alc_00000007'`],
      [`UPDATE allocation SET end_at = end_at - interval '1 hour' WHERE id = 'alc_00000007'`],
      { code: 'usageMissing', allocations: 1, cardSeconds: '3600', example: 'alc_00000007' },
    ],
    [
      'an hour charged that was not had',
      [`UPDATE allocation SET end_at = end_at - interval '1 hour' WHERE id = 'alc_00000007'`],
      [`UPDATE allocation SET end_at = end_at + interval '1 hour' WHERE id = 'alc_00000007'`],
      { code: 'usageTwice', allocations: 1, cardSeconds: '3600', example: 'alc_00000007' },
    ],
    [
      'a hold of something that is over',
      [
        `UPDATE hold SET resolved_at = NULL, released_units = released_units - 7 WHERE subject = (SELECT max(id) FROM reservation)`,
        `UPDATE reservation SET settled_at = NULL WHERE id = (SELECT max(id) FROM reservation)`,
        `INSERT INTO metered_hour SELECT id, '2026-11-30T15:00:00Z', '2026-11-30T16:00:00Z' FROM pool`,
      ],
      [
        `UPDATE hold SET resolved_at = opened_at, released_units = released_units + 7 WHERE resolved_at IS NULL`,
        'UPDATE reservation SET settled_at = ended_at WHERE settled_at IS NULL',
        'DELETE FROM metered_hour',
      ],
      { code: 'holdsOpen', reservations: 1, leftUnits: '7' },
    ],
    [
      'an invoice line below zero',
      [`UPDATE usage_charge SET amount_units = amount_units - 1000000000000 ${ONE}`],
      [`UPDATE usage_charge SET amount_units = amount_units + 1000000000000 ${ONE}`],
      { code: 'lineNegative', lines: 1 },
    ],
    [
      'a unit that only the charges have',
      [`UPDATE usage_charge SET amount_units = amount_units + 1 ${ONE}`],
      [`UPDATE usage_charge SET amount_units = amount_units - 1 ${ONE}`],
      { code: 'booksDiffer' },
    ],
  ])('%s is found, and is the one thing in the way', async (_, breaking, mending, refusal) => {
    expect(await findCloseObstacle(FINANCE, MONTH)).toBeNull();
    await asOwner(...breaking);
    expect(await findCloseObstacle(FINANCE, MONTH)).toMatchObject(refusal);
    expect(await closePeriod(FINANCE, MONTH)).toMatchObject({ ok: false, refusal });
    const found = present(await findPeriod(FINANCE, MONTH, { skip: 0, take: 1 }), 'the month');
    expect(found.period.checks.filter(({ status }) => status === 'blocks')).toHaveLength(1);
    expect(await withTx(SYSTEM, (tx) => tx.billingPeriod.count())).toBe(0);
    await asOwner(...mending);
  });
});

describe('a close', () => {
  test('that has begun leaves what is decided from now on to the next month', async () => {
    const openAt = await withTx(FINANCE, async (tx) => {
      await lockCharges(tx, MONTH);
      await beginClose(tx, MONTH, CUTOFF);
      const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT ledger_open_at('2026-11-15Z') AS at`;
      throw new Error(row?.at.toISOString());
    }).catch((error: Error) => error.message);
    expect(openAt).toBe('2026-11-30T16:00:00.000Z');
  });

  test('waits for a charge that is on its way and takes it in; two at once are one', async () => {
    const [isOnItsWay, mayStore] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const charging = withTx(SYSTEM, async (tx) => {
      await chargeAgain(tx, 1);
      isOnItsWay.resolve();
      await mayStore.promise;
    });
    // A close that is first would keep the charge waiting instead.
    await isOnItsWay.promise;
    // What is sold no more is invoiced all the same.
    await asOwner(`UPDATE sku SET retired_at = '2026-11-30Z'`);
    const holders = () =>
      withTx(
        SYSTEM,
        (tx) =>
          tx.$queryRaw<
            { n: number }[]
          >`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND classid = 2028 AND objid = 202611 AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
    const closing = Promise.all([closePeriod(FINANCE, MONTH), closePeriod(FINANCE, MONTH)]);
    while ((await holders())[0]?.n !== 2) await turn();
    mayStore.resolve();
    await charging;
    const answers = await closing;
    expect(answers.map((answer) => (answer.ok ? answer.value.invoices : answer.refusal.code)).toSorted()).toSatisfy(
      (codes: unknown[]) => codes.every((code) => code === 205 || code === 'monthClosed') && codes.includes(205),
    );
    const [sums] = await withTx(
      SYSTEM,
      (tx) => tx.$queryRaw<{ n: bigint }[]>`SELECT sum(charges)::bigint AS n FROM period_sum`,
    );
    expect(sums?.n).toBe(BigInt(CHARGES + 1));
    const numbers = (
      await withTx(SYSTEM, (tx) =>
        tx.invoice.findMany({ select: { number: true }, orderBy: { organisationId: 'asc' } }),
      )
    ).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 205 }, (_, i) => `KS-2026-${`${i + 1}`.padStart(6, '0')}`));
    const closed = await withTx(SYSTEM, (tx) => tx.auditEvent.count({ where: { action: 'period.close' } }));
    expect(closed).toBe(1);
  });

  test('leaves what is stored later to the next month', async () => {
    const refused = await withTx(SYSTEM, (tx) => chargeAgain(tx, 0)).catch((error: unknown) => error);
    expect(databaseErrorOf(refused)?.sqlState).toBe('KS007');

    await withTx(SYSTEM, (tx) => chargeAgain(tx, 2));
    const late = await withTx(SYSTEM, (tx) =>
      tx.usageCharge.findMany({ where: { revision: 2 }, select: { countsAt: true } }),
    );
    expect(late).toEqual([{ countsAt: new Date('2026-11-30T16:00:00Z') }]);
    const december = await findPeriod(financeAt(plusMs(CUTOFF, 1)), '2026-12', { skip: 0, take: 5 });
    expect(december?.organisations).toHaveLength(1);
    for (const { name, run } of BILLING_PROOFS)
      expect([name, (await withTx(SYSTEM, run)).violations]).toEqual([name, 0]);
  });

  test('leaves a watermark and sums that nobody moves', async () => {
    const attempts: ((tx: Tx) => Promise<unknown>)[] = [
      (tx) => tx.$executeRaw`UPDATE billing_period SET cutoff_at = cutoff_at + interval '1 second'`,
      (tx) => tx.$executeRaw`UPDATE period_sum SET amount_units = 0`,
      (tx) => tx.$executeRaw`INSERT INTO period_account SELECT * FROM period_account LIMIT 1`,
      (tx) => tx.$executeRaw`DELETE FROM period_account`,
      (tx) => tx.$executeRaw`SELECT billing_keep_sums('2026-11')`,
    ];
    for (const attempt of attempts) await expect(withTx(SYSTEM, attempt)).rejects.toThrow();
  });
});
