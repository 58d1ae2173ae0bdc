import type { Client } from 'pg';
import { type Instant, toIso } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';

// What every allocation should have been charged, once more from the raw rows: evidence, corrections, prices, and a calculator.
// It shares no code with the run, neither in SQL nor here, and is as simple as it can be: second by second in thought, stretch by
// stretch in fact.

const HOUR = 3_600;
const SHANGHAI_HOURS_AHEAD = 8;

type Stretch = readonly [from: number, to: number];
type Band = { readonly from: number; readonly to: number; readonly bps: bigint };

export type OracleFinding = {
  readonly allocation: string;
  readonly expectedUnits: bigint;
  readonly chargedUnits: bigint;
};
export type OracleReport = {
  readonly allocations: number;
  readonly charges: number;
  readonly corrections: number;
  readonly usedSeconds: bigint;
  readonly expectedUnits: bigint;
  readonly chargedUnits: bigint;
  /** What the journals moved into accrued revenue. */
  readonly bookedUnits: bigint;
  /** The first of them, at most {@link DIFFERENCES_MAX}. */
  readonly differences: readonly OracleFinding[];
};

const DIFFERENCES_MAX = 100;
/** So many allocations are in memory at a time. */
const PAGE_ROWS = 500;

/** The rest of some stretches when one is cut out of them. */
function without(stretches: readonly Stretch[], [from, to]: Stretch): Stretch[] {
  return stretches.flatMap(([a, b]): Stretch[] => {
    if (b <= from || to <= a) return [[a, b]];
    const rest: Stretch[] = [];
    if (a < from) rest.push([a, from]);
    if (to < b) rest.push([to, b]);
    return rest;
  });
}

/** Σ seconds × basis points of a stretch, hour after hour of the clock. */
function weigh([from, to]: Stretch, bands: readonly Band[]): bigint {
  let sum = 0n;
  for (let at = from; at < to; ) {
    const next = Math.min(to, (Math.floor(at / HOUR) + 1) * HOUR);
    const hour = (Math.floor(at / HOUR) + SHANGHAI_HOURS_AHEAD) % 24;
    const band = bands.find((each) => each.from <= hour && hour < each.to);
    sum += BigInt(next - at) * (band?.bps ?? 10_000n);
    at = next;
  }
  return sum;
}

type Row = {
  readonly id: string;
  readonly charges: string;
  readonly price: string;
  readonly price_id: string;
  readonly term_price: string | null;
  readonly term_seconds: number | null;
  readonly charged: string;
  readonly evidence: readonly Stretch[] | null;
  readonly corrections: readonly { from: number; to: number; proven: boolean }[] | null;
};

/** What the oracle has said of each allocation: it remembers, so that it need not look at a year again for its last month. */
const MEMORY = `
  CREATE TABLE IF NOT EXISTS oracle_finding (allocation_id text PRIMARY KEY, charges bigint NOT NULL, used_seconds bigint NOT NULL,
    expected_units bigint NOT NULL, charged_units bigint NOT NULL)`;

const ROWS = `
  SELECT a.id, v.price_e10_per_card_hour::text AS price, v.id AS price_id, r.term_price_units::text AS term_price, r.term_seconds,
    u.charges, u.charged,
    (SELECT json_agg(json_build_array(extract(epoch FROM e.start_at), extract(epoch FROM coalesce(e.end_at, m.proven_until))))
      FROM evidence e WHERE e.allocation_id = a.id AND e.start_at < coalesce(e.end_at, m.proven_until)) AS evidence,
    (SELECT json_agg(json_build_object('from', extract(epoch FROM c.start_at), 'to', extract(epoch FROM c.end_at), 'proven', c.is_proven) ORDER BY c.id)
      FROM evidence_correction c WHERE c.allocation_id = a.id) AS corrections
  FROM (SELECT * FROM allocation WHERE id > $1 AND ($2::timestamptz IS NULL OR coalesce(end_at, 'infinity') > $2
      OR EXISTS (SELECT FROM evidence_correction c WHERE c.allocation_id = allocation.id AND c.recorded_at >= $2)) ORDER BY id LIMIT ${PAGE_ROWS}) a
    JOIN reservation r ON r.id = a.reservation_id JOIN price_version v ON v.id = r.price_version_id
    JOIN proof_mark m ON m.pool_id = a.pool_id
    CROSS JOIN LATERAL (SELECT count(*)::text AS charges, coalesce(sum(amount_units), 0)::text AS charged FROM usage_charge u WHERE u.allocation_id = a.id) u
  ORDER BY a.id`;

/** What an allocation's evidence is worth up to an instant, by the published formulas, and how many seconds it is. */
function expect(row: Row, bands: readonly Band[], until: number): { seconds: number; units: bigint } {
  let proven: Stretch[] = [...(row.evidence ?? [])];
  for (const { from, to, proven: isProven } of row.corrections ?? []) {
    proven = without(proven, [from, to]);
    if (isProven) proven.push([from, to]);
  }
  proven = without(proven, [until, Number.MAX_SAFE_INTEGER]);
  const seconds = proven.reduce((sum, [from, to]) => sum + to - from, 0);
  if (row.term_price !== null && row.term_seconds !== null)
    return { seconds, units: (BigInt(row.term_price) * BigInt(seconds)) / BigInt(row.term_seconds) };
  const weighed = proven.reduce((sum, stretch) => sum + weigh(stretch, bands), 0n);
  return { seconds, units: (BigInt(row.price) * weighed) / (3_600n * 100n * 10_000n) };
}

type BandsOf = ReadonlyMap<string, readonly { id: string; from: number; to: number; bps: number }[]>;

/** Recomputes some allocations, and remembers what they should have been charged and what they were. */
async function recompute(owner: Client, rows: readonly Row[], bandsOf: BandsOf, until: number): Promise<void> {
  const found = rows.map((row) => {
    const bands = (bandsOf.get(row.price_id) ?? []).map(({ from, to, bps }) => ({ from, to, bps: BigInt(bps) }));
    const { seconds, units } = expect(row, bands, until);
    return { id: row.id, charges: row.charges, seconds, expected: `${units}`, charged: row.charged };
  });
  await owner.query(
    `INSERT INTO oracle_finding SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    ON CONFLICT (allocation_id) DO UPDATE SET charges = excluded.charges, used_seconds = excluded.used_seconds,
      expected_units = excluded.expected_units, charged_units = excluded.charged_units`,
    [
      found.map(({ id }) => id),
      found.map(({ charges }) => charges),
      found.map(({ seconds }) => seconds),
      found.map(({ expected }) => expected),
      found.map(({ charged }) => charged),
    ],
  );
}

const SUMS = `
  SELECT count(*)::int AS allocations, coalesce(sum(charges), 0)::int AS charges, coalesce(sum(used_seconds), 0)::text AS used,
    coalesce(sum(expected_units), 0)::text AS expected, coalesce(sum(charged_units), 0)::text AS charged,
    (SELECT count(*)::int FROM evidence_correction) AS corrections,
    (SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::text FROM posting p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id
      WHERE a.kind = 'revenueAccrued' AND j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')) AS booked
  FROM oracle_finding`;

type Sums = Record<'allocations' | 'charges' | 'corrections', number> &
  Record<'used' | 'expected' | 'charged' | 'booked', string>;

/**
 * Recomputes charges up to the end of the last charged hour, over a connection that sees everything: of all allocations, or of
 * those that went on after `since` or were put right since. What it reports is of everything that it was ever asked about.
 */
export async function consultOracle(owner: Client, since: Instant | null = null): Promise<OracleReport> {
  await owner.query(MEMORY);
  const priced = await owner.query<{ id: string; from: number; to: number; bps: number }>(
    'SELECT price_version_id AS id, from_hour AS "from", to_hour AS "to", factor_bps AS bps FROM price_band',
  );
  const bandsOf = Map.groupBy(priced.rows, (band) => band.id);
  const last = await owner.query<{ until: string | null }>(
    'SELECT extract(epoch FROM max(hour_at)) + 3600 AS until FROM metered_hour',
  );
  const until = Math.round(Number(last.rows[0]?.until ?? 0));
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Row[] = (await owner.query<Row>(ROWS, [after, since === null ? null : toIso(since)])).rows;
    await recompute(owner, page, bandsOf, until);
    after = page.at(-1)?.id;
  }
  const { used, expected, charged, booked, ...counts } = present((await owner.query<Sums>(SUMS)).rows[0], 'sums');
  const { rows } = await owner.query<{ id: string; expected: string; charged: string }>(
    `SELECT allocation_id AS id, expected_units::text AS expected, charged_units::text AS charged FROM oracle_finding
    WHERE expected_units <> charged_units ORDER BY 1 LIMIT ${DIFFERENCES_MAX}`,
  );
  return {
    ...counts,
    usedSeconds: BigInt(used),
    expectedUnits: BigInt(expected),
    chargedUnits: BigInt(charged),
    bookedUnits: BigInt(booked),
    differences: rows.map((row) => ({
      allocation: row.id,
      expectedUnits: BigInt(row.expected),
      chargedUnits: BigInt(row.charged),
    })),
  };
}
