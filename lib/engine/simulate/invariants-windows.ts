import { FOREVER, overlaps } from '#lib/core/interval.ts';
import type { MaintenanceWindow } from '#lib/reservations/maintenance-types.ts';
import { blockedInterval } from '#lib/reservations/windows.ts';
import type { Mind } from '../mind.ts';
import { each, type Invariant } from './sight.ts';

/** The first moment of a window at which one of its cards is neither a holder's nor the window's own; null when there is none. */
function gapOf({ state }: Mind, { interval }: MaintenanceWindow, card: number): number | null {
  const kept = blockedInterval(interval);
  const spans = state
    .bindingsOf(card)
    .filter((bound) => overlaps(bound.interval, kept))
    .sort((a, b) => a.interval.startAt - b.interval.startAt);
  let from: number = kept.startAt;
  for (const { interval: span } of spans) {
    if (span.startAt > from) return from;
    from = Math.max(from, span.endAt ?? FOREVER);
  }
  return from < (kept.endAt ?? FOREVER) ? from : null;
}

/** While a window lasts, every moment of its cards is somebody's: a holder's, or the window's. */
export const windowsKept: Invariant = ({ mind }) =>
  [...mind.book.windows.values()].flatMap((window) =>
    each(window.cards, ([card, own]) => {
      const gap = own === 'skipped' ? null : gapOf(mind, window, card);
      return gap === null ? null : `from ${gap} on card ${card} is not kept for ${window.id}, in which it is ${own}`;
    }),
  );
