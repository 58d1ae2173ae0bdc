import fc from 'fast-check';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { bandBpsAt } from '#lib/catalog/price.ts';
import { present } from '#lib/core/assert.ts';
import { fromDate, HOUR_MS, instant, later, toIso } from '#lib/core/instant.ts';
import { chargeToDate, earnedToDate, priceE10, sumUnits, units } from '#lib/core/money.ts';
import { parseMonth } from '#lib/core/period.ts';
import { chargeWholeHour } from '#lib/engine/charging.ts';
import { Deposed } from '#lib/engine/leadership.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { contentHash } from '#lib/ledger/content.ts';
import { ledgerRefusalOf } from '#lib/ledger/posting.ts';
import { charged } from '#lib/ledger/templates.ts';
import { METERING_PROOFS } from '#lib/metering/proofs.ts';
import { Prisma, type Tx, withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { findChargeFault } from './charge-fault-store.ts';
import { chargeHour } from './charge-run.ts';
import { BILLING_PROOFS } from './proofs.ts';
import { rate } from './rate.ts';
import { type BusyFleet, FLEET_CTX, fleetHour, MIXED_GANGS, seedBusyFleet } from './testing-fleet.ts';

const url = await createTestDatabase();
const HOURS = 5;
const CHARGE_PROOFS = [...METERING_PROOFS, ...BILLING_PROOFS];
let seeded: Promise<BusyFleet> | null = null;

/** A fleet of 96 cards, some of which fail for a while; charged by nobody yet. The same for all tests, hour after hour. */
async function makeFleet(): Promise<BusyFleet> {
  const fleet = await seedBusyFleet(url, { cards: 96, organisations: 7, gangs: MIXED_GANGS, hours: HOURS + 3 });
  await withAdmin(url, async (client) => {
    await client.query(
      `UPDATE evidence SET end_at = start_at + make_interval(secs => 1000 + 37 * id::int) WHERE id % 5 = 2`,
    );
    await client.query(`INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at)
      SELECT allocation_id, organisation_id, card_id, end_at + make_interval(secs => 61 * (id::int % 83)) FROM evidence WHERE id % 10 = 2`);
  });
  return fleet;
}

function setup(): Promise<BusyFleet> {
  seeded ??= makeFleet();
  return seeded;
}

/** A client of the owner's as the transaction that proofs run in, so that what they see can be taken back. */
const asTx = (client: Client): Tx =>
  ({
    $queryRaw: async (strings: TemplateStringsArray, ...values: readonly Prisma.Sql[]) => {
      const { text, values: bound } = Prisma.sql(strings, ...values);
      return (await client.query(text, bound)).rows;
    },
  }) as never;

const lease = (fleet: BusyFleet) => ({ poolId: fleet.poolId, epoch: 1n, decisions: 0n });
const run = (fleet: BusyFleet, hour: number, shards = 1) =>
  chargeWholeHour({ ...FLEET_CTX, now: fleetHour(hour + 1) }, lease(fleet), fleet.prices, fleetHour(hour), shards);

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run: prove } of PROOFS) if ((await withTx(SYSTEM, prove)).violations > 0) found.push(name);
  return found;
}

test('the database rates to the last unit what the published formulas say, however large', async () => {
  const wide = fc.record({
    price: fc.bigInt({ min: 0n, max: 10n ** 13n }),
    term: fc.option(fc.bigInt({ min: 0n, max: 10n ** 15n })),
    termSeconds: fc.integer({ min: 1, max: 3_000_000_000 / 2 }),
    part: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  });
  const cases = fc.sample(wide, { numRuns: 2_000, seed: 28 }).map((each) => ({
    ...each,
    weighted: each.term === null ? each.part : each.part % BigInt(each.termSeconds + 1),
  }));
  const column = <T>(pick: (each: (typeof cases)[number]) => T): T[] => cases.map(pick);
  const rows = await withTx(
    SYSTEM,
    (tx) => tx.$queryRaw<{ rated: bigint }[]>`
      SELECT rated_units(i.price, i.term, i.seconds, i.weighted) AS rated
      FROM unnest(${column((c) => `${c.price}`)}::text[]::bigint[], ${column((c) => (c.term === null ? null : `${c.term}`))}::text[]::bigint[],
        ${column((c) => c.termSeconds)}::int[], ${column((c) => `${c.weighted}`)}::text[]::bigint[])
        WITH ORDINALITY AS i (price, term, seconds, weighted, n) ORDER BY n`,
  );
  expect(rows.map(({ rated }) => rated)).toEqual(
    cases.map((c) =>
      c.term === null
        ? chargeToDate(priceE10(c.price), c.weighted)
        : earnedToDate(units(c.term), c.weighted, BigInt(c.termSeconds)),
    ),
  );
});

test('hours charged by shards are what rate.ts says, each once, and their journals what the ledger’s template says', async () => {
  const fleet = await setup();
  for (let hour = 0; hour < HOURS; hour += 1) expect(await run(fleet, hour, (hour % 3) + 1)).toBe(96);
  expect(await withTx(FLEET_CTX, (tx) => chargeHour(FLEET_CTX, tx, fleet.prices, fleet.poolId, fleetHour(2)))).toBe(0);

  const rows = await withTx(SYSTEM, (tx) => tx.usageCharge.findMany({ orderBy: { number: 'asc' } }));
  expect(rows).toHaveLength(96 * HOURS);
  expect(rows.some((row) => row.downSeconds > 0 && row.usedSeconds > 0)).toBe(true);
  const terms = new Map(
    (await withTx(SYSTEM, (tx) => tx.reservation.findMany())).map(({ id, termSeconds, termPriceUnits }) => [
      id,
      termSeconds === null || termPriceUnits === null ? null : { seconds: termSeconds, priceUnits: termPriceUnits },
    ]),
  );
  const before = new Map<string, { weightedSeconds: bigint; chargedUnits: bigint }>();
  for (const row of rows) {
    const price = present(fleet.prices.get(row.priceVersionId), 'a price');
    const term = terms.get(row.reservationId) ?? null;
    const bandBps = term ? 10_000 : bandBpsAt(price, fromDate(row.hourAt));
    const usage = {
      usedSeconds: row.usedSeconds,
      unusedSeconds: row.unusedSeconds,
      term,
      before: before.get(row.allocationId) ?? { weightedSeconds: 0n, chargedUnits: 0n },
    };
    const rated = rate(usage, price.priceE10PerCardHour, bandBps);
    expect([row.bandBps, row.weightedSecondsToDate, row.chargedToDateUnits, row.amountUnits]).toEqual([
      bandBps,
      rated.weightedSeconds,
      rated.chargedUnits,
      rated.amountUnits,
    ]);
    before.set(row.allocationId, rated);
  }
  for (const group of Map.groupBy(rows, (row) => row.journalKey).values()) {
    const first = present(group[0], 'a charge');
    const sum = (pick: (row: (typeof rows)[number]) => number) =>
      BigInt(group.reduce((total, row) => total + pick(row), 0));
    const endAt = group.map((row) => fromDate(row.endAt)).reduce(later);
    const expected = charged(
      { ...first, reservationId: first.reservationId, purchase: first.purchase } as never,
      { hourAt: fromDate(first.hourAt), revision: 0, effectiveAt: endAt },
      sumUnits(group.map((row) => units(row.amountUnits))),
      {
        used: sum((row) => row.usedSeconds),
        unused: sum((row) => row.unusedSeconds),
        down: sum((row) => row.downSeconds),
      },
    );
    const journal = await withTx(SYSTEM, (tx) => tx.journal.findUnique({ where: { key: expected.key } }));
    expect(journal).toMatchObject({ kind: expected.kind, contentHash: contentHash(expected), source: expected.source });
  }
  expect(await broken()).toEqual([]);
});

test('a shard that is refused rolls back alone and is charged by the next try', async () => {
  const fleet = await setup();
  const poor = present(
    fleet.reservations.find(({ purchase }) => purchase === 'by-hour'),
    'one',
  ).reservationId;
  const setFloor = (minimum: string) =>
    withAdmin(url, async (client) => {
      await client.query('ALTER TABLE account DISABLE TRIGGER USER');
      await client.query(`UPDATE account SET minimum_units = ${minimum} WHERE path LIKE 'hold:%:' || $1`, [poor]);
      await client.query('ALTER TABLE account ENABLE TRIGGER USER');
    });
  await setFloor('balance_units');
  const failed = await run(fleet, HOURS, 4).catch((error: unknown) => error);
  expect(ledgerRefusalOf(failed)).toEqual({ code: 'insufficientFunds' });
  const made = await withTx(SYSTEM, (tx) => tx.usageCharge.count({ where: { hourAt: new Date(fleetHour(HOURS)) } }));
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(96);
  await setFloor('0');
  expect(await run(fleet, HOURS, 4)).toBe(96 - made);
  expect(await broken()).toEqual([]);
});

test('whoever does not lead any more charges nothing', async () => {
  const fleet = await setup();
  const hourAt = fleetHour(HOURS + 1);
  const deposed = { ...lease(fleet), epoch: 2n };
  const ctx = { ...FLEET_CTX, now: fleetHour(HOURS + 2) };
  await expect(chargeWholeHour(ctx, deposed, fleet.prices, hourAt, 4)).rejects.toThrow(Deposed);
  const charges = await withTx(SYSTEM, (tx) => tx.usageCharge.count({ where: { hourAt: new Date(hourAt) } }));
  expect(charges).toBe(0);
});

test('two runs of one hour at once charge it once', async () => {
  const fleet = await setup();
  const hourAt = fleetHour(HOURS + 1);
  const ctx = { ...FLEET_CTX, now: instant(hourAt + HOUR_MS) };
  const once = () => withTx(ctx, (tx) => chargeHour(ctx, tx, fleet.prices, fleet.poolId, hourAt));
  expect((await Promise.all([once(), once(), once()])).toSorted()).toEqual([0, 0, 96]);
  await run(fleet, HOURS + 1);
  expect(await broken()).toEqual([]);
});

test('what is broken is found: a gap, a card charged twice, a charge beside its allocation', async () => {
  await setup();
  const breaking: readonly (readonly [string, readonly string[]])[] = [
    [
      `DELETE FROM usage_charge WHERE number = (SELECT min(number) FROM usage_charge WHERE hour_at = '${toIso(fleetHour(1))}')`,
      ['cardSecondsAccounted', 'hoursCharged', 'chargesTelescope', 'chargesRated', 'chargesPosted'],
    ],
    [
      `UPDATE usage_charge SET card_id = (SELECT max(card_id) FROM usage_charge) WHERE number = (SELECT min(number) FROM usage_charge)`,
      ['cardHoursConserved', 'cardsChargedOnce', 'chargesFillTheHour'],
    ],
    [
      `UPDATE usage_charge SET end_at = end_at - interval '10 seconds', used_seconds = used_seconds - 10
        WHERE number = (SELECT min(number) FROM usage_charge WHERE used_seconds = 3600)`,
      ['cardSecondsAccounted', 'chargesFillTheHour', 'chargesRated', 'chargesPosted'],
    ],
  ];
  for (const [sql, names] of breaking) {
    const found = await withAdmin(url, async (client) => {
      await client.query('BEGIN');
      await client.query('ALTER TABLE usage_charge DISABLE TRIGGER USER');
      const { rowCount } = await client.query(sql);
      expect(rowCount).toBe(1);
      const wrong: string[] = [];
      for (const { name, run: prove } of CHARGE_PROOFS) {
        const { violations } = await prove(asTx(client));
        if (violations > 0) wrong.push(name);
      }
      await client.query('ROLLBACK');
      return wrong;
    });
    expect(found).toEqual(CHARGE_PROOFS.map(({ name }) => name).filter((name) => names.includes(name)));
  }
});

test('a month does not close over a gap or a card that is charged twice', async () => {
  await setup();
  const month = present(parseMonth('2026-11'), 'a month');
  const faults = await withAdmin(url, async (client) => {
    const find = () => findChargeFault(asTx(client), month);
    const after = async (sql: string) => {
      await client.query('SAVEPOINT broken');
      await client.query(sql);
      const fault = await find();
      await client.query('ROLLBACK TO broken');
      return fault?.code;
    };
    await client.query('BEGIN');
    await client.query('ALTER TABLE usage_charge DISABLE TRIGGER USER; ALTER TABLE allocation DISABLE TRIGGER USER');
    const running = await find();
    await client.query('UPDATE allocation SET end_at = $1', [toIso(fleetHour(HOURS + 2))]);
    const found = [
      running?.code,
      await find(),
      await after('DELETE FROM usage_charge WHERE number = (SELECT min(number) FROM usage_charge)'),
      await after('UPDATE usage_charge SET card_id = (SELECT min(card_id) FROM usage_charge)'),
    ];
    await client.query('ROLLBACK');
    return found;
  });
  expect(faults).toEqual(['usageIncomplete', null, 'usageIncomplete', 'chargedTwice']);
});
