import type { Attempt } from './attempt.ts';
import type { Committed } from './committed.ts';
import type { Parts } from './parts.ts';
import type { FailurePoint } from './steps.ts';

/** The process died, as the script said. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}
/** The database refused, as the script said. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What a leader is surrounded by. */
export type Surroundings = {
  readonly parts: Parts;
  readonly committed: Committed;
  /** True once for a failure that the script asked for at this point. */
  readonly failsAt: (point: FailurePoint) => boolean;
  /** Commands that can never be written. */
  readonly poisoned: ReadonlySet<string>;
  readonly tell: (attempt: Attempt) => void;
};

/** What a mind just built from the rows says and would decide, before a round. */
export type Rehearsal = Pick<Attempt, 'facts' | 'factsRebuilt' | 'factsRehearsed' | 'decisionRebuilt'>;
