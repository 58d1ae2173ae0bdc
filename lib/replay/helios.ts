import { parse } from 'csv-parse/sync';
import { type QueueTraceJob, TraceError } from './queue-trace.ts';

const COLUMNS = ['job_id', 'tenant', 'submit_time', 'num_chips', 'duration_s', 'walltime_limit_s'] as const;

export type HeliosTrace = {
  readonly jobs: readonly QueueTraceJob[];
  /** Servers per tenant's pool as the comments tell (`# per-VC pool sizes (nodes, 8 GPU/node): a=20, b=2`). */
  readonly poolServers: ReadonlyMap<string, number>;
  readonly cardsPerServer: number | null;
};

/**
 * Reads a Helios trace: CSV with a header, `#` comments, submission in microseconds, durations in seconds. An empty
 * walltime is the duration; one that is shorter than it is an error. Throws a {@link TraceError} that names the line.
 */
export function readHelios(text: string): HeliosTrace {
  const records = parse(text, {
    columns: true,
    comment: '#',
    comment_no_infix: true,
    skip_empty_lines: true,
    trim: true,
    bom: true,
    info: true,
  }) as { record: Record<string, string>; info: { lines: number } }[];
  const header = Object.keys(records[0]?.record ?? {});
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new TraceError(`The file is no Helios trace: its header has no ${missing.join(', ')}.`);
  const jobs = records.map(({ record, info }) => fromRecord(record, info.lines));
  const sizes = /^#[^\n]*pool sizes \(nodes, (\d+) GPU\/node\):([^\n]*)$/m.exec(text);
  const poolServers = new Map(
    [...(sizes?.[2] ?? '').matchAll(/(\w+)=(\d+)/g)].map((match) => [match[1] ?? '', Number(match[2])]),
  );
  return { jobs, poolServers, cardsPerServer: sizes?.[1] ? Number(sizes[1]) : null };
}

function fromRecord(record: Readonly<Record<string, string>>, line: number): QueueTraceJob {
  const whole = (column: (typeof COLUMNS)[number]): number => {
    const match = /^(\d{1,15})(?:\.0+)?$/.exec(record[column] ?? '');
    if (!match?.[1]) throw new TraceError(`Line ${line}: ${column} "${record[column] ?? ''}" is not a whole number.`);
    return Number.parseInt(match[1], 10);
  };
  const cards = whole('num_chips');
  if (cards < 1) throw new TraceError(`Line ${line}: num_chips is 0; a job has at least one.`);
  const runMs = Math.max(1, whole('duration_s')) * 1_000;
  const walltimeMs = record['walltime_limit_s'] ? Math.max(1, whole('walltime_limit_s')) * 1_000 : runMs;
  if (walltimeMs < runMs) throw new TraceError(`Line ${line}: the job ran longer than its walltime_limit_s.`);
  return {
    id: record['job_id'] ?? '',
    pool: record['tenant'] || 'all',
    submittedMs: Math.floor(whole('submit_time') / 1_000),
    cards,
    runMs,
    walltimeMs,
  };
}
