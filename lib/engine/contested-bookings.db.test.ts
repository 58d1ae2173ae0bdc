import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { openLeader, findWrongs, letAllLead, memoryOf, runContest, seedGangs } from './testing-contest.ts';
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

const ownerUrl = await createTestDatabase();
let market: BookingMarket;
/** Each contest has a seed of its own. */
let contests = 10;
beforeAll(async () => {
  market = await seedBookingMarket(CARDS, 24);
});

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(sql);
  await client.end();
}

async function contest(leaders: Parameters<typeof runContest>[0]['leaders'], attempts: number, seed: number) {
  const quotes = await seedGangs(market, CARDS, attempts, seed);
  return runContest({ clients: CLIENTS, attempts, seed, leaders }, quotes);
}

// They share a market and go on from one another: what is taken away stays away.
describe('64 clients that want the same cards', () => {
  test('get whole gangs or named refusals, and no card twice', { timeout: 400_000 }, async () => {
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

  test('would be given cards twice by two leaders at once; the database by itself refuses it', async () => {
    const leaders = [await openLeader(market, 'one'), await openLeader(market, 'other')];
    letAllLead(leaders, 1_000_000_000n);
    // In turns and then at once: the second believes free what the first gave away.
    for (const some of [...leaders.map((leader) => [leader]), leaders]) {
      contests += 1;
      await contest(some, 200, contests);
    }
    const { overlaps, partialGangs, failedDecisions } = await findWrongs();
    expect({ overlaps, partialGangs }).toEqual({ overlaps: 0, partialGangs: 0 });
    expect(failedDecisions).toBeGreaterThan(0);
  });

  test('are given cards twice when the leader check and the constraint are both gone', async () => {
    await asOwner('ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap');
    const leaders = [await openLeader(market, 'this'), await openLeader(market, 'that')];
    letAllLead(leaders, 2_000_000_000n);
    for (const leader of leaders) {
      contests += 1;
      await contest([leader], 200, contests);
    }
    const { overlaps } = await findWrongs();
    expect(overlaps).toBeGreaterThan(0);
  });
});
