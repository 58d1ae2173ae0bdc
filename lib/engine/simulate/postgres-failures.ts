import { errorText } from '#lib/platform/log.ts';
import type { Engine } from '../engine.ts';
import type { UsedKey } from './memory-world.ts';
import type { Violation } from './invariants.ts';

/** What the triggers of a simulated market's database say when they refuse (`postgres-faults.ts`). */
const WAS_ASKED_FOR = /by the simulation/;

/**
 * What failed in a simulated market and was not asked to: a wall that refuses what is right is a defect, also where the
 * engine found its way around it.
 */
export class Failures {
  #reasons: string[] = [];

  /** Hears of the rounds that an engine could not write, and of what its turn threw. What rubbish leads to is expected. */
  collect(engine: Engine, keys: readonly UsedKey[], thrown: readonly unknown[] = []): void {
    const bad = new Set<string | null>(keys.filter(({ isBad }) => isBad).map(({ commandId }) => commandId));
    const rounds = engine.pools.flatMap((pool) => pool.failedRounds);
    for (const pool of engine.pools) pool.failedRounds = [];
    const unasked = rounds.filter(({ commandIds }) => !commandIds.some((id) => bad.has(id)));
    const reasons = [...unasked.map(({ reason }) => reason), ...thrown.map(errorText)];
    this.#reasons.push(...reasons.filter((reason) => !WAS_ASKED_FOR.test(reason)));
  }

  /** What was heard since it was asked last, as violations. */
  take(): Violation[] {
    const what = this.#reasons[0];
    this.#reasons = [];
    return what === undefined ? [] : [{ invariant: 'coreHolds', what: `failed unasked: ${what}` }];
  }
}
