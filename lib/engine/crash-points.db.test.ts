import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { openCuttingProxy } from '#lib/platform/testing/cutting-proxy.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import type { Pool } from './pool.ts';
import { bookerOf, type BookingMarket, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { findWrongs, LEADER, memoryOf, openLeader } from './testing-contest.ts';

const ownerUrl = await createTestDatabase();
const proxy = await openCuttingProxy(ownerUrl);
openDatabase(proxy.url, 20);
let market: BookingMarket;
beforeAll(async () => {
  market = await seedBookingMarket(256, 4);
});
afterAll(() => proxy.close());

const asOwner = (...statements: string[]) =>
  withAdmin(ownerUrl, async (client) => {
    for (const sql of statements) await client.query(sql);
  });

const pendingCommands = () => withTx(LEADER, (tx) => tx.command.count({ where: { state: 'pending' } }));

/** Three gangs that begin at once, handed in; the promise is of their answers. */
async function handIn(n: number) {
  const wishes = market.organisations.slice(0, 3).map((organisationId) => {
    return { organisationId, cards: 4, topology: 'same-server', startHour: null, hours: 1 + n } as const;
  });
  const quotes = await seedQuotes(market, wishes);
  return quotes.map(({ organisationId, quoteId }) =>
    reserve(bookerOf(organisationId), { quoteId, name: `crash ${n}`, idempotencyKey: quoteId }),
  );
}

/** Decides until there was something to decide, and it failed or not. */
async function decideSomething(pool: Pool): Promise<void> {
  for (let isDone = false; !isDone; ) {
    pool.mayHaveCommands = true;
    isDone = await decideOnce(LEADER, pool).catch(() => true);
  }
}

/** Decides until every answer is there, whatever fails on the way. */
async function decideUntil<T>(pool: Pool, answers: readonly Promise<T>[]): Promise<{ answers: T[]; failures: number }> {
  let isOver = false;
  let failures = 0;
  const all = Promise.all(answers).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    pool.mayHaveCommands = true;
    await decideOnce(LEADER, pool).catch(() => {
      failures += 1;
    });
    await turn();
  }
  return { answers: await all, failures };
}

async function expectWhole(pool: Pool): Promise<void> {
  expect(await findWrongs()).toEqual({
    overlaps: 0,
    partialGangs: 0,
    acceptedWithoutPromise: 0,
    promisesWithoutMoney: 0,
    failedDecisions: 0,
  });
  expect(memoryOf(await openLeader(market, 'to compare'))).toBe(memoryOf(pool));
}

/** Where a round's session is killed: the statement after which it dies. */
const POINTS = [
  ['reservations are written', 'AFTER INSERT ON reservation'],
  ['cards are bound', 'AFTER INSERT ON allocation'],
  ['events are written', 'AFTER INSERT ON reservation_event'],
  ['money is set aside', 'AFTER INSERT ON posting'],
  ['commands are answered', 'AFTER UPDATE ON command'],
  ['leadership is proven', 'AFTER UPDATE OF decisions ON pool_lease'],
] as const;

describe('a round whose session is killed', () => {
  beforeAll(() =>
    asOwner(`CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$`),
  );

  test.each(POINTS)('when %s leaves nothing, and is decided again', async (_, point) => {
    const pool = await openLeader(market, `leader at ${point}`);
    await asOwner(`CREATE TRIGGER crash ${point} FOR EACH STATEMENT EXECUTE FUNCTION crash()`);
    const answers = await handIn(1);
    await decideSomething(pool);
    await asOwner(`DROP TRIGGER crash ON ${point.split(' ON ')[1]}`);
    const decided = await decideUntil(pool, answers);
    expect(decided.answers.filter((answer) => !answer.ok)).toEqual([]);
    await expectWhole(pool);
  });

  test('at its commit leaves nothing, and is decided again', async () => {
    const pool = await openLeader(market, 'leader at commit');
    await asOwner(
      'CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON reservation_event INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()',
    );
    const answers = await handIn(2);
    await decideSomething(pool);
    await asOwner('DROP TRIGGER crash ON reservation_event');
    expect((await decideUntil(pool, answers)).answers.filter((answer) => !answer.ok)).toEqual([]);
    await expectWhole(pool);
  });
});

test('a round that is committed while its leader never hears so is whole, in the rows and in memory', async () => {
  const pool = await openLeader(market, 'leader that is cut off');
  const decisions = pool.lease.decisions;
  const answers = await handIn(3);
  // The submissions are committed before the line is cut.
  while ((await pendingCommands()) < answers.length) await turn();
  proxy.cutAtNextCommit();
  const decided = await decideUntil(pool, answers);
  expect(decided.answers.filter((answer) => !answer.ok)).toEqual([]);
  expect(pool.lease.decisions).toBe(decisions + 3n);
  expect(pool.doubt).toBeNull();
  await expectWhole(pool);
});
