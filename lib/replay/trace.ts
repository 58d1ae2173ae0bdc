import { parse } from 'csv-parse/sync';
import { floorToSecond, type Instant, instant } from '#lib/core/instant.ts';

/** One job of a trace, as a booking by the hour. */
export type TraceJob = {
  readonly jobId: string;
  readonly user: string;
  readonly tenant: string;
  /** When it was submitted: whole seconds after the trace's first instant. */
  readonly submitSeconds: number;
  readonly cards: number;
  readonly durationSeconds: number;
};

/** A line that is no job, with its number in the file and what is wrong with it. */
export type BadLine = { readonly line: number; readonly reason: string };

const COLUMNS = ['job_id', 'user', 'tenant', 'submit_time', 'num_chips', 'duration_s'] as const;
type Column = (typeof COLUMNS)[number];

const MICROSECONDS = 1_000_000;

/** A number of a trace that must be whole, `24` or `24.0`; null otherwise. */
function wholeNumber(text: string): number | null {
  const match = /^(\d{1,15})(?:\.0+)?$/.exec(text);
  return match?.[1] ? Number.parseInt(match[1], 10) : null;
}

function fromRecord(record: Readonly<Record<Column, string>>, line: number): TraceJob | BadLine {
  const bad = (reason: string): BadLine => ({ line, reason });
  const submitMicroseconds = wholeNumber(record.submit_time);
  const cards = wholeNumber(record.num_chips);
  const durationSeconds = wholeNumber(record.duration_s);
  if (record.job_id === '') return bad('job_id is empty');
  if (submitMicroseconds === null) return bad('submit_time is not whole microseconds');
  if (cards === null) return bad('num_chips is not a whole number');
  if (durationSeconds === null) return bad('duration_s is not whole seconds');
  const submitSeconds = Math.floor(submitMicroseconds / MICROSECONDS);
  return {
    jobId: record.job_id,
    user: record.user || 'unknown',
    tenant: record.tenant || 'unknown',
    submitSeconds,
    cards,
    durationSeconds,
  };
}

/**
 * Reads a job trace: CSV with a header that names at least job_id, user, tenant, submit_time (microseconds), num_chips
 * and duration_s; lines that begin with # are comments. Jobs come in the order of submission, equal ones in file order.
 * Throws one sentence when the file is not such a trace.
 */
export function readTrace(text: string): { readonly jobs: TraceJob[]; readonly badLines: BadLine[] } {
  const records = parse(text, {
    columns: true,
    comment: '#',
    comment_no_infix: true,
    skip_empty_lines: true,
    trim: true,
    bom: true,
    info: true,
    relax_column_count: true,
  }) as {
    record: Record<string, string>;
    info: { lines: number };
  }[];
  const header = Object.keys(records[0]?.record ?? {});
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new Error(`This is not a job trace: its header has no ${missing.join(', ')}.`);
  const jobs: TraceJob[] = [];
  const badLines: BadLine[] = [];
  for (const { record, info } of records) {
    const cells = Object.fromEntries(COLUMNS.map((column) => [column, record[column] ?? ''])) as Record<Column, string>;
    const read = fromRecord(cells, info.lines);
    if ('reason' in read) badLines.push(read);
    else jobs.push(read);
  }
  jobs.sort((a, b) => a.submitSeconds - b.submitSeconds);
  return { jobs, badLines };
}

/** When a job is submitted, on a clock where the trace begins at `startAt`. */
export function submitAt(job: TraceJob, startAt: Instant): Instant {
  return floorToSecond(instant(startAt + job.submitSeconds * 1_000));
}
