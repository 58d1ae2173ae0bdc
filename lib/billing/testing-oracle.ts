import type { Client } from 'pg';
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
  readonly usedSeconds: bigint;
  readonly expectedUnits: bigint;
  readonly chargedUnits: bigint;
  /** What the journals moved into accrued revenue. */
  readonly bookedUnits: bigint;
  readonly differences: readonly OracleFinding[];
};

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
  readonly price: string;
  readonly price_id: string;
  readonly term_price: string | null;
  readonly term_seconds: number | null;
  readonly charged: string;
  readonly evidence: readonly Stretch[] | null;
  readonly corrections: readonly { from: number; to: number; proven: boolean }[] | null;
};

const ROWS = `
  SELECT a.id, v.price_e10_per_card_hour::text AS price, v.id AS price_id, r.term_price_units::text AS term_price, r.term_seconds,
    (SELECT coalesce(sum(amount_units), 0)::text FROM usage_charge u WHERE u.allocation_id = a.id) AS charged,
    (SELECT json_agg(json_build_array(extract(epoch FROM e.start_at), extract(epoch FROM coalesce(e.end_at, m.proven_until))))
      FROM evidence e WHERE e.allocation_id = a.id AND e.start_at < coalesce(e.end_at, m.proven_until)) AS evidence,
    (SELECT json_agg(json_build_object('from', extract(epoch FROM c.start_at), 'to', extract(epoch FROM c.end_at), 'proven', c.is_proven) ORDER BY c.id)
      FROM evidence_correction c WHERE c.allocation_id = a.id) AS corrections
  FROM allocation a JOIN reservation r ON r.id = a.reservation_id JOIN price_version v ON v.id = r.price_version_id
    JOIN proof_mark m ON m.pool_id = a.pool_id ORDER BY a.id`;

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

/** Recomputes all charges up to the end of the last charged hour, over a connection that sees everything. */
export async function consultOracle(owner: Client): Promise<OracleReport> {
  const priced = await owner.query<{ id: string; from: number; to: number; bps: number }>(
    'SELECT price_version_id AS id, from_hour AS "from", to_hour AS "to", factor_bps AS bps FROM price_band',
  );
  const bandsOf = Map.groupBy(priced.rows, (band) => band.id);
  const last = await owner.query<{ until: string | null; booked: string }>(`
    SELECT (SELECT extract(epoch FROM max(hour_at)) + 3600 FROM metered_hour) AS until,
      (SELECT coalesce(sum(p.credit_units - p.debit_units), 0) FROM posting p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id
        WHERE a.kind = 'revenueAccrued' AND j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')) AS booked`);
  const { until, booked } = present(last.rows[0], 'a row');
  const report = { allocations: 0, usedSeconds: 0n, expectedUnits: 0n, chargedUnits: 0n };
  const differences: OracleFinding[] = [];
  for (const row of (await owner.query<Row>(ROWS)).rows) {
    const bands = (bandsOf.get(row.price_id) ?? []).map(({ from, to, bps }) => ({ from, to, bps: BigInt(bps) }));
    const { seconds, units } = expect(row, bands, Math.round(Number(until ?? 0)));
    const charged = BigInt(row.charged);
    if (charged !== units) differences.push({ allocation: row.id, expectedUnits: units, chargedUnits: charged });
    report.allocations += 1;
    report.usedSeconds += BigInt(seconds);
    report.expectedUnits += units;
    report.chargedUnits += charged;
  }
  return { ...report, bookedUnits: BigInt(booked), differences };
}
