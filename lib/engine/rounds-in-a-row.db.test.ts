import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { openDatabase } from '#lib/platform/db.ts';
import { openCuttingProxy } from '#lib/platform/testing/cutting-proxy.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideRounds } from './deciding-rounds.ts';
import type { Pool } from './pool.ts';
import { bookerOf, type BookingMarket, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { findWrongs, LEADER, memoryOf, openLeader } from './testing-contest.ts';

// Two rounds in a row: the first is held up at its last statement until what the second is to decide is handed in.
const ownerUrl = await createTestDatabase();
const proxy = await openCuttingProxy(ownerUrl);
openDatabase(proxy.url, 20);
const owner = new pg.Client({ connectionString: ownerUrl });
let market: BookingMarket;
beforeAll(async () => {
  await owner.connect();
  market = await seedBookingMarket(256, 3);
});
afterAll(async () => {
  await owner.end();
  await proxy.close();
});

const NAMES = ['first', 'second', 'third'] as const;

/** A booking for each organisation, handed in when this returns. */
async function handIn(title: string, alreadyWaiting: number) {
  const wishes = market.organisations.map((organisationId) => {
    return { organisationId, cards: 2, topology: 'same-server', startHour: null, hours: 2 } as const;
  });
  const quotes = await seedQuotes(market, wishes);
  const answers = quotes.map(({ organisationId, quoteId }, n) =>
    reserve(bookerOf(organisationId), { quoteId, name: `${title} ${NAMES[n]}`, idempotencyKey: quoteId }),
  );
  await until(`SELECT count(*) = ${alreadyWaiting + answers.length} AS holds FROM command WHERE state = 'pending'`);
  return answers;
}

async function until(question: string): Promise<void> {
  for (;;) {
    const { rows } = await owner.query<{ holds: boolean }>(question);
    if (present(rows[0], 'an answer').holds) return;
    await turn();
  }
}

/** A leader that always believes that more commands wait, so that every round has one behind it. */
async function openEagerLeader(name: string): Promise<Pool> {
  const pool = await openLeader(market, name);
  return Object.defineProperty(pool, 'mayHaveCommands', { get: () => true, set: () => {} });
}

/** Both rounds with their answers, `beforeCommit` while the first is held up and the second is open. */
async function decideTwo(pool: Pool, beforeCommit: () => Promise<unknown> | unknown = () => {}) {
  const answers = await handIn('one', 0);
  const holder = new pg.Client({ connectionString: ownerUrl });
  await holder.connect();
  await holder.query('BEGIN; SELECT FROM pool_lease FOR UPDATE');
  const rounds = decideRounds(LEADER, pool, 2).catch((error: Error) => error.message);
  await until(
    `SELECT count(*) = 1 AS holds FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  answers.push(...(await handIn('two', answers.length)));
  await beforeCommit();
  await holder.query('COMMIT');
  await holder.end();
  return { rounds: await rounds, answers };
}

/** What is left is decided, and rows and memory are whole. */
async function expectAllAccepted(pool: Pool, answers: readonly ReturnType<typeof reserve>[]): Promise<void> {
  let isOver = false;
  const all = Promise.all(answers).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await decideRounds(LEADER, pool, 1);
    await turn();
  }
  expect((await all).filter(({ ok }) => !ok)).toEqual([]);
  await expectWhole(pool, 0);
}

async function expectWhole(pool: Pool, failedDecisions: number): Promise<void> {
  const none = { overlaps: 0, partialGangs: 0, acceptedWithoutPromise: 0, promisesWithoutMoney: 0 };
  expect(await findWrongs()).toEqual({ ...none, failedDecisions });
  expect(pool.doubt).toBeNull();
  expect(memoryOf(await openLeader(market, 'to compare'))).toBe(memoryOf(pool));
}

test('a round behind another decides what was handed in while the first was written', async () => {
  const pool = await openEagerLeader('two in a row');
  const decisions = pool.lease.decisions;
  const { rounds, answers } = await decideTwo(pool);
  expect(rounds).toBe(2);
  expect(pool.lease.decisions).toBe(decisions + 6n);
  await expectAllAccepted(pool, answers);
});

test('a round behind one that dies at its commit is withdrawn, and both are decided again', async () => {
  const pool = await openEagerLeader('first dies');
  const decisions = pool.lease.decisions;
  await owner.query(`
    CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON reservation_event INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()`);
  const { rounds, answers } = await decideTwo(pool);
  await owner.query('DROP TRIGGER crash ON reservation_event; DROP FUNCTION crash()');
  expect(rounds).toBeTypeOf('string');
  expect([pool.lease.decisions, pool.doubt]).toEqual([decisions, null]);
  await until(
    `SELECT count(*) = 0 AS holds FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()`,
  );
  await expectAllAccepted(pool, answers);
});

test('a round behind one whose commit was not heard is withdrawn, and the first is kept', async () => {
  const pool = await openEagerLeader('first unheard');
  const decisions = pool.lease.decisions;
  const { rounds, answers } = await decideTwo(pool, () => proxy.cutAtNextCommit());
  expect(rounds).toBe(1);
  expect(pool.lease.decisions).toBe(decisions + 3n);
  await expectAllAccepted(pool, answers);
});

test('a round that fails behind another harms neither the first nor what can be decided of its own', async () => {
  const pool = await openEagerLeader('second fails');
  await owner.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON reservation FOR EACH ROW WHEN (NEW.name = 'two second') EXECUTE FUNCTION refuse()`);
  const { rounds, answers } = await decideTwo(pool);
  expect(rounds).toBe(2);
  expect(pool.commandsPerRound).toBe(2);
  // Two of them fail, the first is written alone, the other two fail, the second is answered, and the third is written.
  for (let n = 0; n < 5; n += 1) await decideRounds(LEADER, pool, 1);
  await owner.query('DROP TRIGGER refuse ON reservation; DROP FUNCTION refuse()');
  const refused = (await Promise.all(answers)).map((answer) => (answer.ok ? 'ok' : answer.refusal.code));
  expect(refused).toEqual(['ok', 'ok', 'ok', 'ok', 'decisionFailed', 'ok']);
  await expectWhole(pool, 1);
});
