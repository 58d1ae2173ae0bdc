import { beforeAll, describe, expect, test } from 'vitest';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import type { Pool } from './pool.ts';
import { type BookingMarket, type BookingWish, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { findWrongs, letAllLead, openLeader, runContest } from './testing-contest.ts';

const ATTEMPTS = 60;
const ownerUrl = await createTestDatabase();
let market: BookingMarket;
beforeAll(async () => {
  market = await seedBookingMarket(1_024, 24);
});

const asOwner = (sql: string) => withAdmin(ownerUrl, (client) => client.query(sql));

/** Small gangs, so that there is room for all: what is refused is refused because somebody else has the cards. */
async function contest(leaders: readonly Pool[], seed: number): Promise<void> {
  const wishes = Array.from({ length: ATTEMPTS }, (_, n): BookingWish[] => {
    const organisationId = market.organisations[n % market.organisations.length];
    return organisationId ? [{ organisationId, cards: 4, topology: 'same-server', startHour: null, hours: 12 }] : [];
  }).flat();
  await runContest({ clients: 64, attempts: ATTEMPTS, seed, leaders }, await seedQuotes(market, wishes));
}

/** Two that both believe they lead, in turns and then at once: the second thinks free what the first gave away. */
async function contend(firstNumber: bigint, seed: number): Promise<void> {
  const leaders = [await openLeader(market, `one of ${seed}`), await openLeader(market, `other of ${seed}`)];
  letAllLead(leaders, firstNumber);
  for (const [n, leader] of leaders.entries()) await contest([leader], seed + n);
  await contest(leaders, seed + leaders.length);
}

describe('two leaders that each decide for 64 clients', { timeout: 400_000 }, () => {
  test('give no card twice: the database by itself refuses it', async () => {
    await contend(1_000_000_000n, 10);
    const { overlaps, partialGangs, failedDecisions } = await findWrongs();
    expect({ overlaps, partialGangs }).toEqual({ overlaps: 0, partialGangs: 0 });
    expect(failedDecisions).toBeGreaterThan(0);
  });

  test('give cards twice when the leader check and the constraint are both gone', async () => {
    await asOwner('ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap');
    await contend(2_000_000_000n, 20);
    expect((await findWrongs()).overlaps).toBeGreaterThan(0);
  });
});
