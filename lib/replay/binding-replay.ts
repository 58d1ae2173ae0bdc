import { HourGrid, type HourRequest } from '#lib/scheduler/binding/hour-grid.ts';
import { HourPlan } from '#lib/scheduler/binding/hour-plan.ts';
import { placeHours } from '#lib/scheduler/binding/place-hours.ts';
import { BINDING_CARDS, BINDING_SHAPE, type BindingRequest, BOOKING_HOURS } from './binding-requests.ts';

/** What came of a series of requests. */
export type BindingOutcome = {
  readonly requests: number;
  readonly accepted: number;
  /** Accepted and then not placeable: promises broken. */
  readonly broken: number;
  /** Card-hours placed over the card-hours of the booking period. */
  readonly honoured: number;
  readonly replans: number;
  /** Requests accepted because of a re-plan. */
  readonly rescued: number;
  /** What each re-plan took. */
  readonly replanMs: readonly number[];
};

export type BindingPolicy =
  | { readonly kind: 'early' }
  /** Accepts up to `shareBps` ten-thousandths of the cards in every hour, and places at the end. */
  | { readonly kind: 'count'; readonly shareBps: number }
  /** Places tentatively and re-plans, each order up to `triesMax` times. */
  | { readonly kind: 'late'; readonly triesMax: number };

/** The policies by name; `late` with one try is the published one, `kashi` tries again with what was stuck in front. */
export const BINDING_POLICIES = {
  early: { kind: 'early' },
  count: { kind: 'count', shareBps: 10_000 },
  'count-90': { kind: 'count', shareBps: 9_000 },
  'count-80': { kind: 'count', shareBps: 8_000 },
  late: { kind: 'late', triesMax: 1 },
  kashi: { kind: 'late', triesMax: 16 },
} as const satisfies Readonly<Record<string, BindingPolicy>>;

/** Runs a policy over requests in the order of booking; `nowMs` only times the re-plans. */
export function replayBinding(
  requests: readonly BindingRequest[],
  policy: BindingPolicy,
  nowMs: () => number,
): BindingOutcome {
  return policy.kind === 'count' ? countOnly(requests, policy.shareBps) : planned(requests, policy, nowMs);
}

function cardHoursOf(requests: readonly HourRequest[]): number {
  return requests.reduce((sum, { cards, startHour, endHour }) => sum + cards * (endHour - startHour), 0);
}

function honouredShare(requests: readonly HourRequest[]): number {
  return cardHoursOf(requests) / (BINDING_CARDS * BOOKING_HOURS);
}

function planned(
  requests: readonly BindingRequest[],
  policy: Exclude<BindingPolicy, { kind: 'count' }>,
  nowMs: () => number,
): BindingOutcome {
  const plan = new HourPlan(BINDING_SHAPE);
  const replanMs: number[] = [];
  let rescued = 0;
  for (const request of requests) {
    if (plan.accept(request) || policy.kind === 'early' || !plan.couldFit(request)) continue;
    const beganMs = nowMs();
    if (plan.replan(request, request.bookHour, policy.triesMax)) rescued += 1;
    replanMs.push(nowMs() - beganMs);
  }
  const placed = plan.placed();
  // The plan is counted again from nothing, so that a promise broken by a mistake of the plan would show.
  const grid = new HourGrid(BINDING_SHAPE);
  let broken = 0;
  for (const { request, placement } of placed) {
    grid.take(request, placement);
    const isWhole = placement.servers.length * placement.cardsPerServer === request.cards;
    if (isWhole && grid.leastFreeOn(placement.servers, request) >= 0) continue;
    grid.giveBack(request, placement);
    broken += 1;
  }
  return {
    requests: requests.length,
    accepted: placed.length,
    broken,
    honoured: honouredShare(placed.map(({ request }) => request)),
    replans: replanMs.length,
    rescued,
    replanMs,
  };
}

function countOnly(requests: readonly BindingRequest[], shareBps: number): BindingOutcome {
  const limit = Math.floor((BINDING_CARDS * shareBps) / 10_000);
  const taken = new Int32Array(BINDING_SHAPE.hours);
  const accepted = requests.filter(({ cards, startHour, endHour }) => {
    if (taken.subarray(startHour, endHour).some((hour) => hour + cards > limit)) return false;
    for (let hour = startHour; hour < endHour; hour += 1) taken[hour] = (taken[hour] ?? 0) + cards;
    return true;
  });
  const grid = new HourGrid(BINDING_SHAPE);
  const placed = accepted
    .toSorted((a, b) => a.startHour - b.startHour || b.cards - a.cards || a.sequence - b.sequence)
    .filter((request) => {
      const placement = placeHours(grid, request);
      if (placement) grid.take(request, placement);
      return placement !== null;
    });
  return {
    requests: requests.length,
    accepted: accepted.length,
    broken: accepted.length - placed.length,
    honoured: honouredShare(placed),
    replans: 0,
    rescued: 0,
    replanMs: [],
  };
}
