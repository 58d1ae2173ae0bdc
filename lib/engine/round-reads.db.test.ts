import { beforeAll, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import type { Pool } from './pool.ts';
import { bookerOf, type BookingMarket, seedBookingMarket, seedQuotes, type WaitingQuote } from './testing-bookings.ts';
import { LEADER, openLeader } from './testing-contest.ts';

// Every round writes down how many rows it read, just before it commits.
const ownerUrl = await createTestDatabase();
const CARDS = 1_024;
let market: BookingMarket;
let leader: Pool;
beforeAll(async () => {
  await withAdmin(ownerUrl, (owner) =>
    owner.query(`
      CREATE TABLE round_reads (n bigserial, rows_read bigint);
      CREATE FUNCTION round_reads_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        INSERT INTO round_reads (rows_read)
          SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE relname <> 'round_reads';
        PERFORM pg_stat_force_next_flush();
        RETURN NULL;
      END $$;
      CREATE TRIGGER round_reads AFTER UPDATE OF decisions ON pool_lease FOR EACH ROW EXECUTE FUNCTION round_reads_keep()`),
  );
  market = await seedBookingMarket(CARDS, 2);
  leader = await openLeader(market, 'reads');
});

/** Books all at once, and leads until all are answered. */
async function book(quotes: readonly WaitingQuote[]): Promise<void> {
  let isOver = false;
  const answers = Promise.all(
    quotes.map(({ quoteId, organisationId }) =>
      reserve(bookerOf(organisationId), { quoteId, name: 'reads', idempotencyKey: quoteId }),
    ),
  ).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    leader.mayHaveCommands = true;
    await decideOnce(LEADER, leader);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await answers).every(({ ok }) => ok)).toBe(true);
}

/** One card each, every tenth from now on, so that cards are bound too. */
function quotesFor(count: number): Promise<WaitingQuote[]> {
  const wishes = Array.from({ length: count }, (_, n) => ({
    organisationId: present(market.organisations[n % 2], 'an organisation'),
    cards: 1,
    topology: 'any' as const,
    startHour: n % 10 === 0 ? null : 1 + (n % 48),
    hours: 1,
  }));
  return seedQuotes(market, wishes);
}

/** The rows that the newest rounds read, one booking for now in each. */
async function readsOfSingles(count: number): Promise<number> {
  const quotes = await quotesFor(10 * count);
  for (let n = 0; n < count; n += 1) await book(quotes.slice(10 * n, 10 * n + 1));
  const { rows } = await withAdmin(ownerUrl, (owner) =>
    owner.query<{ most: number }>(
      'SELECT max(rows_read)::int AS most FROM (SELECT * FROM round_reads ORDER BY n DESC LIMIT $1) newest',
      [count],
    ),
  );
  return present(rows[0], 'rounds').most;
}

test('a round reads as much after hundreds of bookings as after none, in a session that knew the tables empty', async () => {
  // Plans are made for good by the first that come: here of a gang, for which reading all cards is no loss.
  const organisationId = present(market.organisations[0], 'an organisation');
  const gang = { organisationId, cards: CARDS / 2, topology: 'any', startHour: null, hours: 1 } as const;
  await book(await seedQuotes(market, [gang]));
  await readsOfSingles(6);
  const early = await readsOfSingles(4);
  const quotes = await quotesFor(600);
  for (let n = 0; n < quotes.length; n += 40) await book(quotes.slice(n, n + 40));
  const late = await readsOfSingles(4);
  expect(early).toBeGreaterThan(10);
  expect(early).toBeLessThan(CARDS / 2);
  expect(late).toBeLessThan(early + 100);
});
