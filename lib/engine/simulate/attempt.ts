import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import type { HealthReport, LogEntry } from '../batch.ts';
import type { Rows } from './rows.ts';

/** What became of a round. `lost`: the process died before or after the commit, so that nobody holds its memory. */
export type Outcome = 'committed' | 'takenBack' | 'deposed' | 'lost';

/** One attempt at a round, with all that the invariants ask about it. */
export type Attempt = {
  readonly now: Instant;
  readonly epoch: number;
  readonly commands: readonly Command[];
  readonly reports: readonly HealthReport[];
  readonly wallets: ReadonlyMap<string, Units>;
  readonly rowsBefore: Rows;
  readonly rowsAfter: Rows;
  /** Null when deciding threw. */
  readonly decided: { readonly changes: readonly Change[]; readonly entries: readonly LogEntry[] } | null;
  readonly outcome: Outcome;
  /** Why it was not kept, in words; null when it was. */
  readonly error: string | null;
  /** True when the failure was the simulation's own doing. */
  readonly isOurDoing: boolean;
  /** The leader's memory and that of a mind just built from the rows, before the round. */
  readonly facts: readonly string[];
  readonly factsRebuilt: readonly string[];
  /** The leader's memory after the round was taken back; null when it was not. */
  readonly factsTakenBack: readonly string[] | null;
  /** The rebuilt mind's memory after it decided the same and took it back. */
  readonly factsRehearsed: readonly string[];
  /** What was decided, and what the rebuilt mind would have; null where deciding threw. */
  readonly decision: readonly string[] | null;
  readonly decisionRebuilt: readonly string[] | null;
};
