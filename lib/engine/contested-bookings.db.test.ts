import { beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { openLeader, findWrongs, memoryOf, runContest, seedGangs } from './testing-contest.ts';
import { type BookingMarket, seedBookingMarket } from './testing-bookings.ts';

const CARDS = 1_024;
const CLIENTS = 64;
const NOTHING = {
  overlaps: 0,
  partialGangs: 0,
  acceptedWithoutPromise: 0,
  promisesWithoutMoney: 0,
  failedDecisions: 0,
};

await createTestDatabase();
let market: BookingMarket;
beforeAll(async () => {
  market = await seedBookingMarket(CARDS, 24);
});

async function contest(leaders: Parameters<typeof runContest>[0]['leaders'], attempts: number, seed: number) {
  const quotes = await seedGangs(market, CARDS, attempts, seed);
  return runContest({ clients: CLIENTS, attempts, seed, leaders }, quotes);
}

// They share a market and go on from one another: what is taken away stays away.
describe('64 clients that want the same cards', { timeout: 400_000 }, () => {
  test('get whole gangs or named refusals, and no card twice', async () => {
    const leader = await openLeader(market, 'first');
    const { answers, releases, failedRounds } = await contest([leader], 1_500, 1);
    expect(await findWrongs()).toEqual(NOTHING);
    expect(failedRounds).toEqual({});
    expect(answers['accepted']).toBeGreaterThan(100);
    expect((answers['capacityExhausted'] ?? 0) + (answers['placementImpossible'] ?? 0)).toBeGreaterThan(100);
    expect(releases).toBeGreaterThan(50);
    expect(memoryOf(await openLeader(market, 'second'))).toBe(memoryOf(leader));
  });

  test('whose leader is deposed in the midst of it are answered by the next, and no card is given twice', async () => {
    const deposed = await openLeader(market, 'deposed');
    const leader = await openLeader(market, 'next');
    const { failedRounds } = await contest([deposed, leader], 300, 2);
    expect(failedRounds).toMatchObject({ deposed: 1 });
    expect(await findWrongs()).toEqual(NOTHING);
  });
});
