import type pg from 'pg';
import { expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { demandClock, stepClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import type { Pool } from './pool.ts';
import { bookerOf, type BookingWish, seedBookingMarket, seedQuotes, STANDS_AT } from './testing-bookings.ts';
import { LEADER, openLeader } from './testing-contest.ts';
import { ONE_END_AT_ONCE } from './testing-walls.ts';

const ownerUrl = await createTestDatabase();

const asOwner = <T extends pg.QueryResultRow>(sql: string): Promise<T[]> =>
  withAdmin(ownerUrl, async (client) => (await client.query<T>(sql)).rows);

/** Decides until what was asked for is answered. */
async function decideUntil<T>(leader: Pool, now: typeof STANDS_AT, asked: Promise<T>): Promise<T> {
  let isOver = false;
  const answered = asked.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    leader.mayHaveCommands = true;
    await decideOnce({ ...LEADER, now }, leader);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return answered;
}

test('what cannot be written together is written one by one, and the booking that waits beside it is not blamed', async () => {
  const market = await seedBookingMarket(64, 1);
  const leader = await openLeader(market, 'apart');
  const [organisationId] = market.organisations;
  if (organisationId === undefined) throw new Error('the market has an organisation');
  const wish: BookingWish = { organisationId, cards: 2, topology: 'any', startHour: null, hours: 1 };
  const quotes = await seedQuotes(market, [wish, wish, wish, { ...wish, startHour: 9 }]);
  const book = quotes.map(
    ({ quoteId }) =>
      () =>
        reserve(bookerOf(organisationId), { quoteId, name: 'apart', idempotencyKey: quoteId }),
  );
  const [first, second, third, late] = book;
  if (!first || !second || !third || !late) throw new Error('four quotes');
  await decideUntil(leader, STANDS_AT, Promise.all([first(), second(), third()]));
  await asOwner(ONE_END_AT_ONCE);
  const now = plusSeconds(STANDS_AT, 7_200);
  await withTx(LEADER, async (tx) => {
    await demandClock(tx, now, 0);
    await stepClock(tx, now);
  });
  const asked = late();
  while ((await asOwner('SELECT FROM command WHERE answer IS NULL')).length === 0);
  const answer = await decideUntil(leader, now, asked);
  expect(answer.ok).toBe(true);
  const states = await asOwner<{ state: string }>('SELECT state FROM reservation ORDER BY start_at, state');
  expect(states.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended', 'confirmed']);
});
