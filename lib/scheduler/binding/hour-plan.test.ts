import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HourGrid, type HourRequest } from './hour-grid.ts';
import { HourPlan } from './hour-plan.ts';
import { placeHours } from './place-hours.ts';

// Two supernodes of two servers of four cards, for ten hours.
const SHAPE = { supernodes: 2, serversPerSupernode: 2, cardsPerServer: 4, hours: 10 } as const;

let sequence = 0;
function request(cards: number, startHour: number, endHour: number): HourRequest {
  sequence += 1;
  return { sequence, cards, startHour, endHour };
}

const placeOf = (plan: HourPlan, { sequence }: HourRequest): readonly number[] | undefined =>
  plan.placed().find((placed) => placed.request.sequence === sequence)?.placement.servers;

test('a part of a server goes to the tightest one over its whole window', () => {
  const grid = new HourGrid(SHAPE);
  grid.take(request(2, 5, 6), { servers: [3], cardsPerServer: 2 });
  expect(placeHours(grid, request(1, 0, 10))?.servers).toEqual([3]);
  expect(placeHours(grid, request(1, 0, 5))?.servers).toEqual([0]);
  expect(placeHours(grid, request(3, 0, 6))?.servers).toEqual([0]);
});

test('whole servers come from the supernode with the fewest idle ones that suffice, more from whole supernodes', () => {
  const grid = new HourGrid(SHAPE);
  grid.take(request(1, 0, 1), { servers: [2], cardsPerServer: 1 });
  expect(placeHours(grid, request(4, 0, 2))?.servers).toEqual([3]);
  expect(placeHours(grid, request(8, 0, 2))?.servers).toEqual([0, 1]);
  expect(placeHours(grid, request(16, 0, 2))).toBeNull();
  expect(placeHours(grid, request(16, 1, 2))?.servers).toEqual([0, 1, 2, 3]);
});

test('what has not begun moves for a request that fits nowhere', () => {
  const plan = new HourPlan(SHAPE);
  const [long, short] = [request(8, 1, 9), request(8, 4, 5)];
  const [left, right] = [request(4, 2, 3), request(4, 2, 3)];
  expect([left, long, right].map((each) => plan.accept(each))).toEqual([true, true, true]);
  expect(placeOf(plan, left)).toEqual([0]);
  expect(plan.accept(short)).toBe(true);
  const wide = request(16, 9, 10);
  expect(plan.accept(wide)).toBe(true);
});

test('what has begun stays where it is, and then the request is refused and nothing has moved', () => {
  const plan = new HourPlan(SHAPE);
  const [first, second] = [request(4, 0, 9), request(4, 1, 9)];
  plan.accept(first);
  plan.accept(request(4, 0, 1));
  plan.accept(request(4, 0, 1));
  plan.accept(second);
  expect([placeOf(plan, first), placeOf(plan, second)]).toEqual([[0], [1]]);
  const filler = request(4, 1, 9);
  plan.accept(filler);
  expect(placeOf(plan, filler)).toEqual([2]);
  const before = plan.placed();
  expect(plan.couldFit(request(8, 2, 3))).toBe(false);
  expect(plan.replan(request(8, 2, 3), 1, 4)).toBe(false);
  expect(plan.placed()).toEqual(before);
});

test('a second try, with what was stuck in front, finds what no fixed order does', () => {
  const found = [1, 8].map((triesMax) => {
    let rescued = 0;
    for (let seed = 1; seed <= 40; seed += 1) rescued += series(seed, triesMax);
    return rescued;
  });
  expect(found[1]).toBeGreaterThan(found[0] ?? 0);
});

/** How many of a fixed series of requests a plan accepts. */
function series(seed: number, triesMax: number): number {
  const plan = new HourPlan(SHAPE);
  let state = seed;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  let accepted = 0;
  for (let i = 0; i < 20; i += 1) {
    const startHour = 1 + next(8);
    const each = request([1, 2, 4, 8][next(4)] ?? 1, startHour, startHour + 1 + next(9 - startHour));
    if (plan.accept(each) || (plan.couldFit(each) && plan.replan(each, 0, triesMax))) accepted += 1;
  }
  return accepted;
}

test('no card is promised twice, what was accepted stays accepted, and what has begun never moves', () => {
  const requests = fc.array(
    fc.record({ cards: fc.constantFrom(1, 2, 4, 8, 16), start: fc.nat(8), hours: fc.integer({ min: 1, max: 9 }) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 8 }), (drawn, triesMax) => {
      const plan = new HourPlan(SHAPE);
      const accepted: HourRequest[] = [];
      for (const [i, { cards, start, hours }] of drawn.entries()) {
        const nowHour = Math.floor(i / 8);
        const each = request(cards, Math.max(start, nowHour), Math.min(10, Math.max(start, nowHour) + hours));
        const pinned = plan.placed().filter((placed) => placed.request.startHour <= nowHour);
        if (plan.accept(each) || (plan.couldFit(each) && plan.replan(each, nowHour, triesMax))) accepted.push(each);
        expect(plan.placed()).toEqual(expect.arrayContaining(pinned));
      }
      expect(plan.placed().map(({ request }) => request)).toEqual(accepted);
      const grid = new HourGrid(SHAPE);
      for (const { request, placement } of plan.placed()) {
        expect(placement.servers.length * placement.cardsPerServer).toBe(request.cards);
        grid.take(request, placement);
        expect(grid.leastFreeOn(placement.servers, request)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 200 },
  );
});
