import type { Instant } from '#lib/core/instant.ts';
import { decideRound } from '../batch.ts';
import { decideQueue } from '../queue-deciding.ts';
import type { Mind } from '../mind.ts';
import { buildMind } from '../mind-building.ts';
import { Committed } from './committed.ts';
import { Leader } from './leader.ts';
import { partsOf, type Rows } from './rows.ts';

/** What a simulated market is put together from. The tests of the simulator break one part at a time. */
export type Parts = {
  readonly decideRound: typeof decideRound;
  readonly decideQueue: typeof decideQueue;
  /** A leader's memory, built from what is committed. */
  readonly openMind: (rows: Rows, now: Instant) => Mind;
  readonly Committed: typeof Committed;
  readonly Leader: typeof Leader;
};

export const PARTS: Parts = {
  decideRound,
  decideQueue,
  openMind: (rows, now) => buildMind(partsOf(rows, now)),
  Committed,
  Leader,
};
