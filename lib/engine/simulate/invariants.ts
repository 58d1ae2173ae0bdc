import {
  cardsServeOne,
  gangsWhole,
  newWorkOnUsable,
  nothingOverpromised,
  planFollowsBook,
  promisesPlanned,
  topologiesKept,
  workedCardsEmpty,
} from './invariants-cards.ts';
import {
  answeredOnce,
  coreHolds,
  deposedWritesNothing,
  failuresHarmNobody,
  keysAreKept,
  logReplays,
  rebuiltDecidesAlike,
  rebuiltEqual,
  refusedChangesNothing,
  undoExact,
} from './invariants-log.ts';
import { holdsAsAgreed, holdsResolved, limitsKept, moneyConserved, walletsCovered } from './invariants-money.ts';
import { boundInTime, endsOnTime, nothingWaits, overMeansOver } from './invariants-time.ts';
import type { Invariant, Sight } from './sight.ts';

/** What must hold after every step. */
export const INVARIANTS = {
  coreHolds,
  cardsServeOne,
  gangsWhole,
  promisesPlanned,
  topologiesKept,
  nothingOverpromised,
  workedCardsEmpty,
  newWorkOnUsable,
  planFollowsBook,
  nothingWaits,
  endsOnTime,
  overMeansOver,
  boundInTime,
  walletsCovered,
  moneyConserved,
  holdsAsAgreed,
  holdsResolved,
  limitsKept,
  answeredOnce,
  keysAreKept,
  refusedChangesNothing,
  failuresHarmNobody,
  undoExact,
  rebuiltEqual,
  rebuiltDecidesAlike,
  deposedWritesNothing,
} as const satisfies Record<string, Invariant>;

/** What must hold at the end of a run; it costs as much as the run itself. */
export const FINAL_INVARIANTS = { logReplays } as const satisfies Record<string, Invariant>;

/** `databaseProven`: a proof of `npm run verify` fails; it is run on PostgreSQL only. */
export type InvariantName = keyof typeof INVARIANTS | keyof typeof FINAL_INVARIANTS | 'databaseProven';

/** One thing that does not hold. */
export type Violation = { readonly invariant: InvariantName; readonly what: string };

function broken<Name extends InvariantName>(all: Readonly<Record<Name, Invariant>>, sight: Sight): Violation[] {
  const names = Object.keys(all) as Name[];
  return names.flatMap((invariant) => {
    const [what] = all[invariant](sight);
    return what === undefined ? [] : [{ invariant, what }];
  });
}

/** What does not hold after a step, one violation an invariant. */
export function violationsOf(sight: Sight): Violation[] {
  return broken(INVARIANTS, sight);
}

/** What does not hold at the end. */
export function finalViolationsOf(sight: Sight): Violation[] {
  return broken(FINAL_INVARIANTS, sight);
}

/** How many invariants there are. */
export const MUST_HOLD = Object.keys(INVARIANTS).length + Object.keys(FINAL_INVARIANTS).length;
