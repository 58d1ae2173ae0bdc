import 'server-only';
import { present } from '#lib/core/assert.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { Difference, Flow, FlowTotals, StandTotals } from './types.ts';

/** The rows of each flow, with the key of the journal that each must have: bank lines, and payments that were settled. */
const ROWS = {
  arrived: Prisma.sql`SELECT 'bank:' || id AS key, amount_fen, recorded_at AS at, id AS line FROM bank_line`,
  matched: Prisma.sql`SELECT p.journal_key AS key, p.settled_fen AS amount_fen, p.settled_at AS at, l.id AS line
    FROM payment p LEFT JOIN bank_line l ON l.payment_id = p.id WHERE p.method = 'bank-transfer' AND p.state = 'settled'`,
  returned: Prisma.sql`SELECT 'bank-return:' || id AS key, amount_fen, returned_at AS at, id AS line FROM bank_line WHERE state = 'returned'`,
  toppedUp: Prisma.sql`SELECT p.journal_key AS key, p.settled_fen AS amount_fen, p.settled_at AS at, NULL AS line
    FROM payment p WHERE p.method <> 'bank-transfer' AND p.state = 'settled'`,
  refunded: Prisma.sql`SELECT 'refund-paid:' || id AS key, amount_fen, ended_at AS at, NULL AS line FROM refund_request WHERE state = 'paid'`,
} as const satisfies Record<Flow, Prisma.Sql>;

const KINDS = {
  arrived: 'bankReceived',
  matched: 'transferMatched',
  returned: 'transferReturned',
  toppedUp: 'topUpSettled',
  refunded: 'refundPaid',
} as const satisfies Record<Flow, string>;

/**
 * Both sides of a flow in an interval. A journal that was reversed moved nothing, and what it was about stands open
 * again, so it is on neither side. What one side has within the interval is looked for on the other at any time.
 */
function bothSides(flow: Flow, { startAt, endAt }: ClosedInterval): Prisma.Sql {
  const [from, to] = [toDate(startAt), toDate(endAt)];
  return Prisma.sql`
    WITH rows AS (SELECT s.key, s.amount_fen::bigint * 1000000 AS amount, s.at, s.line FROM (${ROWS[flow]}) s),
    journals AS (
      SELECT j.key, j.id, j.effective_at AS at, (SELECT sum(p.debit_units)::bigint FROM posting p WHERE p.journal_id = j.id) AS amount
      FROM journal j WHERE j.kind = ${KINDS[flow]} AND NOT EXISTS (SELECT FROM journal r WHERE r.reverses_key = j.key)),
    pairs AS (
      SELECT r.key, r.amount AS row_amount, j.amount AS journal_amount, j.id, r.line, coalesce(r.at, j.at) AS at,
        r.at >= ${from}::timestamptz AND r.at < ${to}::timestamptz AS is_row, j.at >= ${from}::timestamptz AND j.at < ${to}::timestamptz AS is_journal
      FROM rows r LEFT JOIN journals j USING (key) WHERE r.at >= ${from}::timestamptz AND r.at < ${to}::timestamptz
        OR j.at >= ${from}::timestamptz AND j.at < ${to}::timestamptz
      UNION ALL
      SELECT j.key, NULL, j.amount, j.id, NULL, j.at, false, true FROM journals j
      WHERE j.at >= ${from}::timestamptz AND j.at < ${to}::timestamptz AND NOT EXISTS (SELECT FROM rows r WHERE r.key = j.key))`;
}

/** How many and how much of a flow each side has in an interval. */
export async function readFlow(tx: Tx, flow: Flow, interval: ClosedInterval): Promise<FlowTotals> {
  const [row] = await tx.$queryRaw<{ rows: number; row_sum: bigint; journals: number; journal_sum: bigint }[]>`
    ${bothSides(flow, interval)}
    SELECT count(*) FILTER (WHERE is_row)::int AS rows, coalesce(sum(row_amount) FILTER (WHERE is_row), 0)::bigint AS row_sum,
      count(*) FILTER (WHERE is_journal)::int AS journals, coalesce(sum(journal_amount) FILTER (WHERE is_journal), 0)::bigint AS journal_sum
    FROM pairs`;
  const sums = present(row, 'sums');
  return {
    flow,
    rows: { count: sums.rows, sumUnits: units(sums.row_sum) },
    journals: { count: sums.journals, sumUnits: units(sums.journal_sum) },
  };
}

/** What the sides of a flow do not have the same in an interval, oldest first. */
export async function readDifferences(
  tx: Tx,
  flow: Flow,
  interval: ClosedInterval,
  take: number,
): Promise<Difference[]> {
  const rows = await tx.$queryRaw<
    {
      key: string | null;
      row: bigint | null;
      journal: bigint | null;
      id: bigint | null;
      line: string | null;
      at: Date;
    }[]
  >`
    ${bothSides(flow, interval)}
    SELECT key, CASE WHEN is_row OR row_amount IS NOT NULL THEN row_amount END AS row, journal_amount AS journal, id, line, at
    FROM pairs WHERE row_amount IS DISTINCT FROM journal_amount OR is_row IS DISTINCT FROM is_journal
    ORDER BY at, key LIMIT ${take}`;
  return rows.map((row) => ({
    flow,
    key: row.key ?? '',
    rowUnits: row.row === null ? null : units(row.row),
    journalUnits: row.journal === null ? null : units(row.journal),
    journalId: row.id === null ? null : `${row.id}`,
    bankLineId: row.line,
    at: fromDate(row.at),
  }));
}

/** The bank and what is in suspense as of an instant: by the bank's lines, and by the accounts. */
export async function readStands(tx: Tx, { endAt }: ClosedInterval): Promise<StandTotals[]> {
  const end = Prisma.sql`${toDate(endAt)}::timestamptz`;
  const [row] = await tx.$queryRaw<{ lines: bigint; waiting: bigint; bank: bigint; suspense: bigint }[]>`
    SELECT (SELECT coalesce(sum(amount_fen), 0)::bigint FROM bank_line WHERE recorded_at < ${end} AND (returned_at IS NULL OR returned_at >= ${end}))
        - (SELECT coalesce(sum(amount_fen), 0)::bigint FROM refund_request WHERE state = 'paid' AND route = 'bank' AND ended_at < ${end}) AS lines,
      (SELECT coalesce(sum(amount_fen), 0)::bigint FROM bank_line WHERE recorded_at < ${end} AND (matched_at IS NULL OR matched_at >= ${end})
        AND (returned_at IS NULL OR returned_at >= ${end})) AS waiting,
      coalesce(sum(p.debit_units - p.credit_units) FILTER (WHERE a.kind = 'bank'), 0)::bigint AS bank,
      coalesce(sum(p.credit_units - p.debit_units) FILTER (WHERE a.kind = 'suspense'), 0)::bigint AS suspense
    FROM posting p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id
    WHERE a.kind IN ('bank', 'suspense') AND j.effective_at < ${end}`;
  const sums = present(row, 'sums');
  return [
    { stand: 'bank', rowsUnits: units(sums.lines * 1_000_000n), accountUnits: units(sums.bank) },
    { stand: 'suspense', rowsUnits: units(sums.waiting * 1_000_000n), accountUnits: units(sums.suspense) },
  ];
}
