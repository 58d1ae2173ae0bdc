import fc from 'fast-check';
import type pg from 'pg';
import { type Instant, instant } from '#lib/core/instant.ts';
import type { Move } from './operation.ts';
import { ProofRun, proveAll } from './run.ts';
import { commandsOf, type Extent } from './testing-commands.ts';

/** Runs between two looks at how far it is. */
const RUNS_AT_ONCE = 20;
/** Tries at making a failing run shorter; each plays a run. */
const SHRINKS_MAX = 60;

/** A run that parted from the model, as short as it could be made. */
export type Failure = { readonly reason: string; readonly seed: number; readonly log: readonly Move[] };

export type Proven = {
  readonly operations: number;
  readonly runs: number;
  /** How often each outcome was demanded and seen. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Every pair of accounts that stood against each other in a journal, by its kind. */
  readonly pairs: ReadonlySet<string>;
  readonly failure: Failure | null;
};

export type ProvingOptions = {
  readonly operations: number;
  readonly seed: number;
  readonly extent: Extent;
  /** All proofs over the whole database after so many operations. */
  readonly proveEvery: number;
  readonly isShrunk: boolean;
  readonly onProgress?: (operations: number, runs: number) => void;
};

/** No run's ids may meet another's in the same database. */
let serials = 0;
/** After everything that any run posts. */
const FAR: Instant = instant(Date.UTC(9_000, 0, 1));

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Plays runs drawn from a seed until so many operations are done, or one parts from the model. */
export async function proveBooks(owner: pg.Client, options: ProvingOptions): Promise<Proven> {
  const outcomes = new Map<string, number>();
  const pairs = new Set<string>();
  const progress = { operations: 0, runs: 0, proven: 0, failing: 0 };
  let failure: Failure | null = null;

  async function playRun(commands: Iterable<fc.AsyncCommand<object, { readonly run: ProofRun }>>): Promise<void> {
    if (progress.operations >= options.operations || progress.failing > SHRINKS_MAX) return;
    if (progress.failing > 0) progress.failing += 1;
    serials += 1;
    const run = await ProofRun.begin(serials, owner, outcomes);
    try {
      await fc.asyncModelRun(() => ({ model: {}, real: { run } }), commands);
      await run.end();
      for (const pair of run.world.books.pairs()) pairs.add(pair);
      const done = run.log.reduce((sum, move) => sum + ('together' in move ? move.together.length : 1), 0);
      if (progress.failing > 0) return;
      progress.operations += done;
      progress.runs += 1;
      if (progress.operations - progress.proven < options.proveEvery) return;
      progress.proven = progress.operations;
      await proveAll(FAR);
    } catch (error) {
      progress.failing += 1;
      failure = { reason: textOf(error), seed: options.seed, log: [...run.log] };
      throw error;
    }
  }

  for (let seed = options.seed; progress.operations < options.operations && failure === null; seed += 1) {
    const property = fc.asyncProperty(commandsOf(options.extent), playRun);
    await fc.check(property, { seed, numRuns: RUNS_AT_ONCE, endOnFailure: !options.isShrunk });
    options.onProgress?.(progress.operations, progress.runs);
  }
  if (failure === null)
    await proveAll(FAR).catch((error: unknown) => {
      failure = { reason: textOf(error), seed: options.seed, log: [] };
    });
  return { operations: progress.operations, runs: progress.runs, outcomes, pairs, failure };
}

/** Plays a log again; null when it holds this time. */
export async function replayLog(owner: pg.Client, log: readonly Move[]): Promise<string | null> {
  serials += 1;
  const run = await ProofRun.begin(serials, owner);
  try {
    for (const move of log) await run.move(move);
    await run.end();
    await proveAll(FAR);
    return null;
  } catch (error) {
    return textOf(error);
  }
}
