import type { Instant } from '#lib/core/instant.ts';
import type { Mind } from '../mind.ts';
import type { Attempt } from './attempt.ts';
import type { MemoryWorld, UsedKey } from './memory-world.ts';
import type { Rows } from './rows.ts';

/** What invariants look at after a step. */
export type Sight = {
  readonly now: Instant;
  /** Nothing that was asked for waits to be decided. */
  readonly isAtRest: boolean;
  /** Some card took no new work at some time: promises may have come short. */
  readonly wasShort: boolean;
  readonly rows: Rows;
  /** What the same organisations have in other pools. */
  readonly elsewhere: readonly Pick<Rows, 'reservations' | 'placements'>[];
  readonly mind: Mind;
  readonly epoch: number;
  /** The rounds of the step, kept or not. */
  readonly attempts: readonly Attempt[];
  readonly keys: readonly UsedKey[];
  readonly brokenKeys: readonly string[];
  /** Commands that may be answered with a failure. */
  readonly excused: ReadonlySet<string>;
};

export function sightOf(world: MemoryWorld): Sight {
  const { now, isAtRest, wasShort, leader, attempts, keys, brokenKeys, excused } = world;
  const { mind, epoch } = leader;
  const { rows } = world.committed;
  return { now, isAtRest, wasShort, rows, elsewhere: [], mind, epoch, attempts, keys, brokenKeys, excused };
}

/** What must hold; answers what does not, in words. */
export type Invariant = (sight: Sight) => string[];

/** The texts of what is wrong with some of a list. */
export function each<T>(list: Iterable<T>, problem: (item: T) => string | null): string[] {
  return [...list].flatMap((item) => problem(item) ?? []);
}
