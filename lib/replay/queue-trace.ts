/** One job of a trace for the queue benches. Times are whole milliseconds after the trace's own zero. */
export type QueueTraceJob = {
  readonly id: string;
  /** The pool it was submitted to; SWF files have one. */
  readonly pool: string;
  readonly submittedMs: number;
  readonly cards: number;
  /** How long it ran. */
  readonly runMs: number;
  /** How long it asked for: what the planner knows. */
  readonly walltimeMs: number;
};

/** A line that makes a file unfit to be replayed. Its message is a sentence for the terminal. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}
