import { chargeWholeHour } from '#lib/engine/charging.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { consultOracle, type OracleReport } from './testing-oracle.ts';
import { FLEET_AT, FLEET_CTX, fleetHour, MIXED_GANGS, seedBusyFleet } from './testing-fleet.ts';

export type YearPlan = {
  readonly cards: number;
  readonly days: number;
  readonly seed: number;
  readonly onDay?: (day: number, charges: number) => void;
};

/** A card fails about once in so many hours, for up to two of them, and is proven again. */
const HOURS_BETWEEN_FAULTS = 200;
/** So often a day something is found out afterwards about the days before. */
const CORRECTIONS_A_DAY = 2;

/** Cuts the evidence of every card by faults drawn from the seed, over the whole time, as the engine would have cut it. */
async function drawFaults(url: string, { days, seed }: YearPlan): Promise<void> {
  await withAdmin(url, async (client) => {
    await client.query(`SELECT setseed($1)`, [(seed % 1_000) / 1_000]);
    await client.query('ALTER TABLE evidence DISABLE TRIGGER USER');
    await client.query(
      `CREATE TEMP TABLE span AS
      SELECT allocation_id, organisation_id, card_id, coalesce(end_at, 'infinity') AS until_at, down_at,
        lag(down_at + make_interval(secs => seconds), 1, first_at) OVER (PARTITION BY allocation_id ORDER BY down_at) AS from_at,
        row_number() OVER (PARTITION BY allocation_id ORDER BY down_at DESC) AS back
      FROM (SELECT e.allocation_id, e.organisation_id, e.card_id, e.start_at AS first_at, a.end_at,
          e.start_at + make_interval(secs => floor((n + random() * 0.5) * ${HOURS_BETWEEN_FAULTS} * 3600)) AS down_at, (60 + floor(random() * 7200))::int AS seconds
        FROM evidence e JOIN allocation a ON a.id = e.allocation_id, generate_series(0, ${Math.ceil((days * 24) / HOURS_BETWEEN_FAULTS)}) n) fault`,
    );
    await client.query('DELETE FROM evidence');
    await client.query(
      `INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
      SELECT allocation_id, organisation_id, card_id, from_at, CASE WHEN back > 1 THEN least(down_at, until_at) WHEN until_at < 'infinity' THEN until_at END FROM span
      WHERE from_at < least(CASE WHEN back > 1 THEN down_at ELSE 'infinity' END, until_at)`,
    );
    await client.query('ALTER TABLE evidence ENABLE TRIGGER USER');
    await client.query('ANALYZE evidence');
  });
}

/**
 * Charges a fleet hour by hour over many days of faults and late evidence, in an empty database, and asks the oracle what every
 * allocation should have been charged.
 */
export async function proveYear(
  url: string,
  plan: YearPlan,
): Promise<OracleReport & { charges: number; corrections: number }> {
  const { cards, days, seed, onDay } = plan;
  const fleet = await seedBusyFleet(url, {
    cards,
    organisations: Math.ceil(cards / 8),
    gangs: MIXED_GANGS,
    hours: days * 24,
  });
  await drawFaults(url, plan);
  const next = mulberry32(seed);
  const lease = { poolId: fleet.poolId, epoch: 1n, decisions: 0n };
  let [charges, corrections] = [0, 0];
  for (let day = 0; day < days; day += 1) {
    for (let hour = day * 24; hour < (day + 1) * 24; hour += 1)
      charges += await chargeWholeHour(
        { ...FLEET_CTX, now: fleetHour(hour + 1) },
        lease,
        fleet.prices,
        fleetHour(hour),
        1,
      );
    for (let n = 0; n < CORRECTIONS_A_DAY; n += 1) {
      const allocation = 1 + Math.floor(next() * cards);
      const startAt = plusSeconds(FLEET_AT, Math.floor(next() * ((day + 1) * 86_400 - 9_000)));
      const late = {
        allocationId: `alc_fleet${allocation.toString().padStart(6, '0')}`,
        startAt,
        endAt: plusSeconds(startAt, 1 + Math.floor(next() * 9_000)),
        isProven: next() < 0.4,
        reason: 'drawn',
      };
      const ctx = {
        ...FLEET_CTX,
        actor: { kind: 'system', job: 'metering' } as const,
        now: instant(fleetHour(0) + (day + 1) * 24 * HOUR_MS),
      };
      if ((await recordLateEvidence(ctx, late)).ok) corrections += 1;
    }
    onDay?.(day + 1, charges);
  }
  const report = await withAdmin(url, consultOracle);
  return { ...report, charges, corrections };
}
