import { DAY_MS, type Instant } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import type { PlannedPromise } from './types.ts';

/** A promise of more days than this is looked at whatever the day. */
const DAYS_MAX = 8;

const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/** Which promises may hold cards on which day, so that whoever asks for an hour need not look at all of them. */
export class PromiseDays {
  readonly #long = new Set<string>();
  readonly #days = new Map<number, Set<string>>();

  add({ id, interval }: PlannedPromise): void {
    const [first, last] = [dayOf(interval.startAt), dayOf(endOf(interval) - 1)];
    if (last - first >= DAYS_MAX) this.#long.add(id);
    else for (let day = first; day <= last; day += 1) this.#onDay(day).add(id);
  }

  delete({ id, interval }: PlannedPromise): void {
    const [first, last] = [dayOf(interval.startAt), dayOf(endOf(interval) - 1)];
    if (last - first >= DAYS_MAX) this.#long.delete(id);
    else
      for (let day = first; day <= last; day += 1) {
        const ids = this.#days.get(day);
        ids?.delete(id);
        if (ids?.size === 0) this.#days.delete(day);
      }
  }

  /** The promises of the day of an instant, and those of many days. */
  *around(at: Instant): Generator<string> {
    yield* this.#long;
    yield* this.#days.get(dayOf(at)) ?? [];
  }

  #onDay(day: number): Set<string> {
    const known = this.#days.get(day);
    if (known) return known;
    const ids = new Set<string>();
    this.#days.set(day, ids);
    return ids;
  }
}
