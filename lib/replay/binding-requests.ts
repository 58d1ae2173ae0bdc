import { mulberry32 } from '#lib/core/mulberry32.ts';
import type { GridShape, HourRequest } from '#lib/scheduler/binding/hour-grid.ts';

/** The published set-up: 8 supernodes of 24 servers of 16 cards, bookings over 21 days, a grid of 32 days. */
export const BINDING_SHAPE = {
  supernodes: 8,
  serversPerSupernode: 24,
  cardsPerServer: 16,
  hours: 768,
} as const satisfies GridShape;
export const BINDING_CARDS =
  BINDING_SHAPE.supernodes * BINDING_SHAPE.serversPerSupernode * BINDING_SHAPE.cardsPerServer;
export const BOOKING_HOURS = 504;
const LEAD_HOURS_MAX = 168;
const LENGTH_HOURS_MAX = 72;

/** A request with the hour in which it is booked. */
export type BindingRequest = HourRequest & { readonly bookHour: number };

function drawCards(next: () => number): number {
  const kind = next();
  const pick = (choices: readonly number[]): number => choices[Math.floor(choices.length * next())] ?? 1;
  if (kind < 0.45) return pick([1, 2, 4, 8]);
  if (kind < 0.85) return 16 * pick([1, 2, 4, 8, 12]);
  return kind < 0.97 ? 384 : 768;
}

/**
 * Requests until they ask for `load` times the card-hours of the booking period, in the order of booking. What would
 * end beyond the grid is drawn again. The order of the draws is that of the published experiment.
 */
export function bindingRequests(seed: number, load: number): BindingRequest[] {
  const next = mulberry32(seed);
  const drawn: Omit<BindingRequest, 'sequence'>[] = [];
  for (let asked = 0; asked < load * BINDING_CARDS * BOOKING_HOURS; ) {
    const cards = drawCards(next);
    const hours = Math.max(1, Math.round(Math.exp(next() * Math.log(LENGTH_HOURS_MAX))));
    const bookHour = Math.floor(BOOKING_HOURS * next());
    const startHour = bookHour + (next() < 0.3 ? 0 : Math.floor(LEAD_HOURS_MAX * next()));
    if (startHour + hours >= BINDING_SHAPE.hours) continue;
    asked += cards * hours;
    drawn.push({ cards, bookHour, startHour, endHour: startHour + hours });
  }
  return drawn.toSorted((a, b) => a.bookHour - b.bookHour).map((request, sequence) => ({ ...request, sequence }));
}
