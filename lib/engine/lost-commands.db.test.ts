import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { openDatabase, withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import { type MortalServer, openMortalServer } from './kills/testing-server.ts';
import { bookerOf, type BookingMarket, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { findWrongs, LEADER, openLeader } from './testing-contest.ts';

// A command is handed in without a flush. Whatever its server forgets before the round, nobody was told of.
let server: MortalServer;
let market: BookingMarket;
beforeAll(async () => {
  server = await openMortalServer();
  await server.make('lost');
  market = await seedBookingMarket(64, 2);
});
afterAll(() => server.close());

const owner = (sql: string) => withAdmin(server.urlOf('lost'), (client) => client.query(sql));
const commands = () => withTx(LEADER, (tx) => tx.command.count());
const LOOK_EVERY_MS = 5;

/** How many commands the server remembers, counted before whoever still waits for one can hand it in again. */
async function restart(): Promise<number> {
  await server.leave();
  await server.killAndRestart();
  const { rows } = await owner('SELECT count(*)::int AS remembered FROM command');
  openDatabase(server.urlOf('lost'), 20);
  return rows[0].remembered;
}

async function booking() {
  const organisationId = present(market.organisations[0], 'an organisation');
  const wish = { organisationId, cards: 2, topology: 'any', startHour: null, hours: 1 } as const;
  const { quoteId } = present((await seedQuotes(market, [wish]))[0], 'a quote');
  return () => reserve(bookerOf(organisationId), { quoteId, name: 'lost', idempotencyKey: quoteId });
}

/** Waits until `count` commands are in the log. */
async function untilHandedIn(count: number): Promise<void> {
  while ((await commands()) < count) await sleep(LOOK_EVERY_MS);
}

/** Leads until `answer` is there. */
async function leadUntil<T>(answer: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = answer.finally(() => {
    isOver = true;
  });
  const pool = await openLeader(market, 'after the loss');
  while (!isOver) {
    pool.mayHaveCommands = true;
    await decideOnce(LEADER, pool);
    await sleep(LOOK_EVERY_MS);
  }
  return settled;
}

const NOTHING_WRONG = {
  overlaps: 0,
  partialGangs: 0,
  acceptedWithoutPromise: 0,
  promisesWithoutMoney: 0,
  failedDecisions: 0,
};

test('a server that is killed forgets commands that nobody was answered; the same key books once', async () => {
  const book = await booking();
  await server.holdBackgroundWriters();
  const unheard = book().then(
    ({ ok }) => ok,
    () => 'the line was cut',
  );
  await untilHandedIn(1);
  expect(await restart()).toBe(0);
  expect((await leadUntil(book())).ok).toBe(true);
  expect(['the line was cut', true]).toContain(await unheard);
  expect(await commands()).toBe(1);
  expect(await findWrongs()).toEqual(NOTHING_WRONG);
});

test('who still waits for a command that was lost hands it in again', async () => {
  const before = await commands();
  const answer = (await booking())();
  await untilHandedIn(before + 1);
  await owner(`ALTER TABLE command DISABLE TRIGGER command_lasting; DELETE FROM command WHERE state = 'pending';
    ALTER TABLE command ENABLE TRIGGER command_lasting`);
  expect((await leadUntil(answer)).ok).toBe(true);
  expect(await commands()).toBe(before + 1);
  expect(await findWrongs()).toEqual(NOTHING_WRONG);
});

test('what is answered has outlived its server, and so has what was handed in before it', async () => {
  const before = await commands();
  const [first, second] = [await booking(), await booking()];
  const answer = await leadUntil(first());
  expect(answer.ok).toBe(true);
  expect(await restart()).toBe(before + 1);
  expect(await first()).toEqual(answer);
  expect((await leadUntil(second())).ok).toBe(true);
  expect(await findWrongs()).toEqual(NOTHING_WRONG);
});
