import { parse } from 'csv-parse/sync';
import { type QueueTraceJob, TraceError } from './queue-trace.ts';

const COLUMNS = ['job_id', 'tenant', 'submit_time', 'num_chips', 'duration_s', 'walltime_limit_s'] as const;
type Column = (typeof COLUMNS)[number];

export type HeliosTrace = {
  readonly jobs: readonly QueueTraceJob[];
  /** Servers per tenant's pool as the comments tell (`# per-VC pool sizes (nodes, 8 GPU/node): a=20, b=2`). */
  readonly poolServers: ReadonlyMap<string, number>;
  readonly cardsPerServer: number | null;
  /** Lines of jobs that asked for no card. */
  readonly skipped: number;
};

/**
 * Reads a Helios trace: CSV with a header, `#` comments, submission in microseconds, durations in seconds. A walltime
 * that is missing or shorter than the run counts as the run. Throws a {@link TraceError} that names the line.
 */
export function readHelios(text: string): HeliosTrace {
  const records = recordsOf(text);
  const header = Object.keys(records[0]?.record ?? {});
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new TraceError(`The file is no Helios trace: its header has no ${missing.join(', ')}.`);
  const jobs = records.map(({ record, info }) => fromRecord(record, info.lines)).filter((job) => job.cards > 0);
  if (jobs.length === 0) throw new TraceError('The file has no job that asks for a card.');
  const sizes = /^#[^\n]*pool sizes \(nodes, (\d+) GPU\/node\):([^\n]*)$/m.exec(text);
  const poolServers = new Map(
    [...(sizes?.[2] ?? '').matchAll(/(\w+)=(\d+)/g)].map((match) => [match[1] ?? '', Number(match[2])]),
  );
  const cardsPerServer = sizes?.[1] ? Number(sizes[1]) : null;
  return { jobs, poolServers, cardsPerServer, skipped: records.length - jobs.length };
}

function recordsOf(text: string): { record: Record<string, string>; info: { lines: number } }[] {
  try {
    return parse(text, {
      columns: true,
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      trim: true,
      bom: true,
      info: true,
    }) as { record: Record<string, string>; info: { lines: number } }[];
  } catch (error) {
    throw new TraceError(`The file is no CSV: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function fromRecord(record: Readonly<Record<string, string>>, line: number): QueueTraceJob {
  const cell = (column: Column): string => record[column] ?? '';
  const thousandths = (column: Column): number => {
    if (!/^\d{1,12}(\.\d+)?$/.test(cell(column)))
      throw new TraceError(`Line ${line}: ${column} "${cell(column)}" is not a number of seconds.`);
    return Math.round(Number(cell(column)) * 1_000);
  };
  const whole = (column: Column): number => {
    const match = /^(\d{1,15})(?:\.0+)?$/.exec(cell(column));
    if (!match?.[1]) throw new TraceError(`Line ${line}: ${column} "${cell(column)}" is not a whole number.`);
    return Number.parseInt(match[1], 10);
  };
  const runMs = Math.max(1_000, thousandths('duration_s'));
  return {
    id: cell('job_id'),
    pool: cell('tenant') || 'all',
    submittedMs: Math.floor(whole('submit_time') / 1_000),
    cards: whole('num_chips'),
    runMs,
    walltimeMs: cell('walltime_limit_s') === '' ? runMs : Math.max(runMs, thousandths('walltime_limit_s')),
  };
}
