import { type QueueTraceJob, TraceError } from './queue-trace.ts';

/** Fields of the Standard Workload Format that matter here, counted from 0. */
const FIELD = { id: 0, submit: 1, run: 3, allocated: 4, requested: 7, requestedTime: 8, status: 10 } as const;
const FIELDS_PER_LINE = 18;
/** A job that was cancelled before it started has neither a run time nor processors. */
const CANCELLED = '5';

export type SwfTrace = {
  readonly jobs: readonly QueueTraceJob[];
  /** Processors of the machine as the header tells; null when it does not. */
  readonly processors: number | null;
  /** Lines that were never run: cancelled while they waited. */
  readonly skipped: number;
};

/**
 * Reads the Standard Workload Format: `;` comments, 18 numbers a line, -1 for unknown. Run times count at least one
 * second; a job's walltime is the time it requested when that is known and not shorter than its run, else its run.
 * Processors are those allocated, else those requested. Throws a {@link TraceError} that names the line.
 */
export function readSwf(text: string): SwfTrace {
  const jobs: QueueTraceJob[] = [];
  let processors: number | null = null;
  let skipped = 0;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const header = /^;\s*(MaxProcs|MaxNodes):\s*(\d+)/.exec(line);
    if (header?.[2] && (header[1] === 'MaxProcs' || processors === null)) processors = Number.parseInt(header[2], 10);
    if (line.startsWith(';') || line.trim() === '') continue;
    const job = fromLine(line.trim().split(/\s+/), i + 1);
    if (job) jobs.push(job);
    else skipped += 1;
  }
  if (jobs.length === 0) throw new TraceError('The file has no job in the Standard Workload Format.');
  return { jobs, processors, skipped };
}

function fromLine(fields: readonly string[], line: number): QueueTraceJob | null {
  if (fields.length !== FIELDS_PER_LINE)
    throw new TraceError(`Line ${line} has ${fields.length} fields; the Standard Workload Format has 18.`);
  const bad = fields.findIndex((field) => !/^-?\d{1,12}(\.\d+)?$/.test(field));
  if (bad !== -1) throw new TraceError(`Line ${line}, field ${bad + 1}: "${fields[bad]}" is not a number.`);
  const seconds = (field: number): number => Math.round(Number(fields[field] ?? '-1'));
  const cards = seconds(FIELD.allocated) > 0 ? seconds(FIELD.allocated) : seconds(FIELD.requested);
  const run = seconds(FIELD.run);
  if (fields[FIELD.status] === CANCELLED && (run <= 0 || cards <= 0)) return null;
  if (cards <= 0) throw new TraceError(`Line ${line} tells no number of processors.`);
  if (run < 0) throw new TraceError(`Line ${line} tells no run time.`);
  if (seconds(FIELD.submit) < 0) throw new TraceError(`Line ${line} tells no time of submission.`);
  const runSeconds = Math.max(run, 1);
  return {
    id: fields[FIELD.id] ?? '',
    pool: 'all',
    submittedMs: seconds(FIELD.submit) * 1_000,
    cards,
    runMs: runSeconds * 1_000,
    walltimeMs: Math.max(seconds(FIELD.requestedTime), runSeconds) * 1_000,
  };
}
