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
import {
  holdsAsAgreed,
  holdsResolved,
  limitsKept,
  linesKept,
  moneyConserved,
  projectsKept,
  refundsKept,
  walletsCovered,
} from './invariants-money.ts';
import { jobsAsAccepted, jobsAsAsked, jobsTold } from './invariants-queue.ts';
import { boundInTime, endsOnTime, nothingWaits, overMeansOver } from './invariants-time.ts';
import { windowsKept } from './invariants-windows.ts';
import type { Invariant, Sight } from './sight.ts';

/** What must hold after every step, of rows and memory as they are. */
const STATE_INVARIANTS = {
  cardsServeOne,
  gangsWhole,
  promisesPlanned,
  topologiesKept,
  nothingOverpromised,
  workedCardsEmpty,
  windowsKept,
  planFollowsBook,
  nothingWaits,
  endsOnTime,
  overMeansOver,
  boundInTime,
  walletsCovered,
  linesKept,
  moneyConserved,
  holdsAsAgreed,
  holdsResolved,
  limitsKept,
  projectsKept,
  refundsKept,
  jobsAsAccepted,
  jobsAsAsked,
  jobsTold,
  answeredOnce,
  keysAreKept,
  refusedChangesNothing,
  failuresHarmNobody,
} as const satisfies Record<string, Invariant>;

/** What must hold of every attempt at a round; only in memory does one look so closely. */
const ROUND_INVARIANTS = {
  coreHolds,
  newWorkOnUsable,
  undoExact,
  rebuiltEqual,
  rebuiltDecidesAlike,
  deposedWritesNothing,
} as const satisfies Record<string, Invariant>;

export const INVARIANTS = { ...STATE_INVARIANTS, ...ROUND_INVARIANTS };

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

/** What does not hold of rows and memory, without a look at single rounds. */
export function stateViolationsOf(sight: Sight): Violation[] {
  return broken(STATE_INVARIANTS, sight);
}

/** What does not hold at the end. */
export function finalViolationsOf(sight: Sight): Violation[] {
  return broken(FINAL_INVARIANTS, sight);
}

const count = (...all: readonly object[]): number => all.reduce((sum, each) => sum + Object.keys(each).length, 0);

/** How many invariants are checked where: on PostgreSQL those of the state, that memory can be rebuilt and that nothing throws. */
export const MUST_HOLD = {
  memory: count(INVARIANTS, FINAL_INVARIANTS),
  postgres: count(STATE_INVARIANTS, FINAL_INVARIANTS) + 2,
} as const;
