import type { Client } from 'pg';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { invariant, present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import {
  DAY_MS,
  earlier,
  HOUR_MS,
  type Instant,
  instant,
  plusMs,
  plusSeconds,
  secondsBetween,
  toIso,
} from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { monthInterval, monthOf } from '#lib/core/period.ts';
import { chargeWholeHour, shardsFor } from '#lib/engine/charging.ts';
import { seedBookingMarket } from '#lib/engine/testing-bookings.ts';
import { readLastMeteredHour } from '#lib/metering/usage.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { FLEET_CTX, seedTerms } from './testing-fleet.ts';
import { consultOracle, type OracleReport } from './testing-oracle.ts';
import { planYear, type Stint, YEAR_AT, type YearWish } from './testing-stints.ts';
import { allocationOf, writeStints, type YearGround } from './testing-year-rows.ts';

export type YearPlan = YearWish & {
  /** Stops after so many days; asked again, the year goes on from there. All of them without one. */
  readonly until?: number;
  readonly onDay?: (day: number) => void;
  /** What the oracle says at the end of each month, and where the run stops. */
  readonly onConsulted?: (day: number, report: OracleReport) => void;
};

const ORGANISATIONS_MAX = 200;
/** The pool's size is that of whole servers, at least four. */
const CARDS_MIN = 64;
/** So often a day something is found out afterwards about the days before, and once more for so many cards. */
const CORRECTIONS_A_DAY = 2;
const CARDS_PER_CORRECTION = 500;
const CORRECTED_SECONDS_MAX = 9_000;
/** As far back as something is found out. */
const CORRECTED_DAYS = 20;

const dayAt = (day: number): Instant => plusMs(YEAR_AT, day * DAY_MS);

/** What a year was begun with: it can only go on with the same. */
async function agreeOnPlan(owner: Client, { cards, days, seed }: YearWish): Promise<void> {
  const wish = JSON.stringify({ cards, days, seed });
  await owner.query('CREATE TABLE IF NOT EXISTS proven_year (wish text PRIMARY KEY)');
  const { rows } = await owner.query<{ wish: string }>('SELECT wish FROM proven_year');
  const begun = rows[0]?.wish ?? wish;
  invariant(begun === wish, `this year was begun as ${begun}, and cannot go on as ${wish}`);
}

async function begin(owner: Client, { cards, days, seed }: YearWish): Promise<void> {
  const { poolId } = await seedBookingMarket(
    Math.max(CARDS_MIN, cards),
    Math.min(ORGANISATIONS_MAX, Math.ceil(cards / 8)),
  );
  await seedTerms(poolId);
  await owner.query(
    `INSERT INTO pool_lease (pool_id, epoch, holder, expires_at, decisions, plan_version) VALUES ($1, 1, 'fleet', 'infinity', 0, 0)`,
    [poolId],
  );
  await owner.query('INSERT INTO proof_mark (pool_id, proven_until) VALUES ($1, $2)', [poolId, toIso(dayAt(days + 1))]);
  await owner.query('INSERT INTO proven_year VALUES ($1)', [JSON.stringify({ cards, days, seed })]);
}

/** The market of a year that was begun, or is begun now. */
async function enterGround(owner: Client, plan: YearWish): Promise<YearGround> {
  await agreeOnPlan(owner, plan);
  const isBegun = ((await owner.query('SELECT FROM proven_year')).rowCount ?? 0) > 0;
  if (!isBegun) {
    const isTouched = ((await owner.query('SELECT FROM pool')).rowCount ?? 0) > 0;
    invariant(!isTouched, 'the beginning of this year was interrupted: begin in an empty directory');
    await begin(owner, plan);
  }
  const ids = async (sql: string): Promise<string[]> =>
    (await owner.query<{ id: string }>(sql)).rows.map(({ id }) => id);
  return {
    poolId: idFrom('pool', present((await ids('SELECT id FROM pool'))[0], 'a pool')),
    prices: new Map((await withTx(FLEET_CTX, readPriceVersions)).map((price) => [price.id, price])),
    organisations: (await ids('SELECT id FROM organisation ORDER BY slug, id')).map((id) => idFrom('organisation', id)),
    cards: await ids('SELECT id FROM card ORDER BY id'),
  };
}

/** Finds things out about the days before a day is over, drawn from the seed and the day: once, however often it is asked. */
async function correctDay(
  owner: Client,
  { cards, seed }: YearWish,
  stints: readonly Stint[],
  day: number,
): Promise<void> {
  const now = dayAt(day + 1);
  const known = await owner.query('SELECT FROM evidence_correction WHERE recorded_at = $1 LIMIT 1', [toIso(now)]);
  if ((known.rowCount ?? 0) > 0) return;
  const next = mulberry32(seed + 15_485_863 * (day + 1));
  const ctx = { ...FLEET_CTX, actor: { kind: 'system', job: 'metering' } as const, now };
  const recent = stints.filter(({ startAt, endAt }) => startAt < now && endAt > now - CORRECTED_DAYS * DAY_MS);
  for (let n = 0; n < CORRECTIONS_A_DAY + Math.floor(cards / CARDS_PER_CORRECTION); n += 1) {
    const stint = present(recent[Math.floor(next() * recent.length)], 'a stint');
    const seconds = secondsBetween(stint.startAt, earlier(stint.endAt, now));
    const from = Math.floor(next() * Math.max(1, seconds - CORRECTED_SECONDS_MAX));
    const length = 1 + Math.floor(next() * CORRECTED_SECONDS_MAX);
    const startAt = plusSeconds(stint.startAt, from);
    await recordLateEvidence(ctx, {
      allocationId: allocationOf(stint, Math.floor(next() * stint.cards)),
      startAt,
      endAt: plusSeconds(startAt, Math.min(length, seconds - from)),
      isProven: next() < 0.4,
      reason: 'drawn',
    });
  }
}

/** Charges the hours of a day that are not charged yet, each as the engine does: a transaction a shard. */
async function chargeDay({ poolId, prices, cards }: YearGround, day: number, from: Instant): Promise<void> {
  const lease = { poolId, epoch: 1n, decisions: 0n };
  for (let hourAt = from; hourAt < dayAt(day + 1); hourAt = plusMs(hourAt, HOUR_MS))
    await chargeWholeHour(
      { ...FLEET_CTX, now: plusMs(hourAt, HOUR_MS) },
      lease,
      prices,
      hourAt,
      shardsFor(cards.length),
    );
}

/** The first hour that is not charged yet. */
async function nextHour(poolId: Id<'pool'>): Promise<Instant> {
  const last = await withTx(FLEET_CTX, (tx) => readLastMeteredHour(tx, poolId));
  return last === null ? YEAR_AT : plusMs(last, HOUR_MS);
}

/** Whether the first instant of a day is that of a month too. */
const beginsMonth = (day: number): boolean => monthInterval(monthOf(dayAt(day))).startAt === dayAt(day);

/**
 * Charges a fleet hour by hour over many days of comings and goings, faults and late evidence, in an empty database or one
 * where this was begun, and asks the oracle at the end of every month what each allocation should have been charged. What was
 * charged is never charged again, so a year can be interrupted at any time.
 */
export async function proveYear(url: string, plan: YearPlan): Promise<OracleReport> {
  return withAdmin(url, async (owner) => {
    const ground = await enterGround(owner, plan);
    const stints = planYear(plan);
    const beginning = Map.groupBy(stints, ({ startAt }) => Math.floor((startAt - YEAR_AT) / DAY_MS));
    const until = Math.min(plan.until ?? plan.days, plan.days);
    const from = await nextHour(ground.poolId);
    // A day whose last hour was charged may still lack what was found out after it.
    const first = Math.max(0, Math.ceil((from - YEAR_AT) / DAY_MS) - 1);
    let consultedFrom = monthInterval(monthOf(dayAt(first))).startAt;
    for (let day = first; day < until; day += 1) {
      await writeStints(owner, ground, plan.seed, beginning.get(day) ?? []);
      if (day === 0 || beginsMonth(day)) await owner.query('ANALYZE');
      await chargeDay(ground, day, instant(Math.max(from, dayAt(day))));
      await correctDay(owner, plan, stints, day);
      plan.onDay?.(day + 1);
      if (!beginsMonth(day + 1) || day + 1 === until) continue;
      plan.onConsulted?.(day + 1, await consultOracle(owner, consultedFrom));
      consultedFrom = dayAt(day + 1);
    }
    const report = await consultOracle(owner, consultedFrom);
    plan.onConsulted?.(until, report);
    return report;
  });
}
