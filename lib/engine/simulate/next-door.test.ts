import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { limitsKept, linesKept, projectsKept, walletsCovered } from './invariants-money.ts';
import { MemoryWorld } from './memory-world.ts';
import { PARTS } from './parts.ts';
import type { Rows } from './rows.ts';
import { type Sight, sightOf } from './sight.ts';
import type { Market, ReserveStep } from './steps.ts';

// Two pools in which one organisation has something: what each has is within its bounds, what both have is not.

const ORGANISATION = { yuan: 5_000, cardQuota: 4, spendingLimitYuan: 50, lineYuan: 100 };
const PROJECT = { organisation: 0, cardQuota: 4, limitYuan: 50, isClosed: false };
const MARKET: Market = { servers: 2, cardsPerServer: 4, organisations: [ORGANISATION], projects: [PROJECT] };

/** What a pool's invariants look at after three cards were booked there for an hour, at 10 yuan each. */
function bookedThere(more: Partial<ReserveStep> = {}): Sight {
  const world = new MemoryWorld(MARKET, PARTS);
  world.do({
    do: 'reserve',
    organisation: 0,
    project: 0,
    cards: 3,
    topology: 'any',
    leadSeconds: null,
    by: 'hours',
    seconds: 3_600,
    quote: 'good',
    waits: false,
    ...more,
  });
  return sightOf(world);
}

const beside = (sight: Sight, other: Sight): Sight => ({ ...sight, elsewhere: [other.rows] });

test.each([
  ['a quota and a limit of an organisation', limitsKept],
  ['those of a project', projectsKept],
])('%s are those of both pools together', (_, invariant) => {
  const [here, there] = [bookedThere(), bookedThere()];
  expect([invariant(here), invariant(there)]).toEqual([[], []]);
  expect(invariant(beside(here, there))).toEqual([
    expect.stringContaining('has 6 cards at once, its quota is 4'),
    expect.stringContaining('set aside 6000000000, its limit is 5000000000'),
  ]);
});

test('what is set aside on account is what the reservations of both pools hold', () => {
  const here = bookedThere({ isOnAccount: true });
  expect(linesKept(here)).toEqual([]);
  expect(linesKept(beside(here, here))).toEqual([expect.stringContaining('set aside for 6000000000')]);
});

test('who was lent hours of grace in one pool may owe them in the sight of both', () => {
  const here = bookedThere();
  const [id] = present([...here.rows.wallets][0], 'a wallet');
  const owing: Sight = { ...here, rows: { ...here.rows, wallets: new Map([[id, -1_000n]]) } };
  const lent: Rows['placements'] = new Map(
    [...here.rows.placements].map(([key, placement]) => [key, { ...placement, isOwed: true }]),
  );
  expect(walletsCovered(owing)).toHaveLength(1);
  expect(walletsCovered({ ...owing, elsewhere: [{ ...here.rows, placements: lent }] })).toEqual([]);
});
