import type { Interval } from '#lib/core/interval.ts';
import type { PlanBlocker, Tally } from '#lib/reservations/explanation.ts';
import { hourOf, slotOf, WINDOW_HOURS } from './hour-window.ts';

/** Who holds cards in a part of an hour: the first to be over by name, all of them counted. */
export type InTheWay = { readonly blockers: readonly PlanBlocker[]; readonly blocked: Tally };

type Known = { readonly part: Interval; readonly changes: number; readonly found: InTheWay };

/** Who is in the way in which hour, as long as nothing of the hour changes: many are refused for the same hour. */
export class KnownBlockers {
  readonly #bySlot = new Array<Known | null>(WINDOW_HOURS).fill(null);

  /** What was found for a part of an hour that has changed so often, else what `find` finds. */
  of(part: Interval, changes: number, find: () => InTheWay): InTheWay {
    const slot = slotOf(hourOf(part.startAt));
    const known = this.#bySlot[slot];
    const isSame = known?.part.startAt === part.startAt && known.part.endAt === part.endAt;
    if (isSame && known.changes === changes) return known.found;
    const found = find();
    this.#bySlot[slot] = { part, changes, found };
    return found;
  }
}
