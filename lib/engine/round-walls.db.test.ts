import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import { bookerOf, type BookingWish, seedBookingMarket, seedQuotes } from './testing-bookings.ts';
import { LEADER, openLeader } from './testing-contest.ts';

const ownerUrl = await createTestDatabase();

// One gang of four that has begun, and one that found no room.
beforeAll(async () => {
  const market = await seedBookingMarket(64, 2);
  const leader = await openLeader(market, 'walls');
  const [organisationId] = market.organisations;
  if (organisationId === undefined) throw new Error('the market has organisations');
  const wish: BookingWish = { organisationId, cards: 4, topology: 'same-server', startHour: null, hours: 2 };
  const quotes = await seedQuotes(market, [wish, { ...wish, cards: 64, topology: 'any' }]);
  let isOver = false;
  const answers = Promise.all(
    quotes.map(({ quoteId }) => reserve(bookerOf(organisationId), { quoteId, name: 'walls', idempotencyKey: quoteId })),
  ).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    leader.mayHaveCommands = true;
    await decideOnce(LEADER, leader);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await answers).map(({ ok }) => ok)).toEqual([true, false]);
});

/** What the database says to its owner, for whom no row-level security holds, under the leader's epoch. */
async function refusalOf(sql: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(`SELECT set_config('kashi.epoch', (SELECT epoch::text FROM pool_lease), false)`);
  await client.query('BEGIN');
  const said = await client.query(sql).then(
    () => undefined,
    (error: unknown) => databaseErrorOf(error)?.sqlState,
  );
  await client.query('ROLLBACK');
  await client.end();
  return said;
}

/** Inserts a row like the first of a table, with some columns changed. */
const another = (table: string, changes: string) =>
  `INSERT INTO ${table} SELECT n.* FROM (SELECT * FROM ${table} LIMIT 1) t, jsonb_populate_record(NULL::${table}, to_jsonb(t) || ${changes}) AS n`;
const anotherAllocation = (changes: string) => `
  INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
  SELECT n.id, n.reservation_id, n.organisation_id, n.pool_id, n.card_id, n.start_at, n.end_at
  FROM (SELECT * FROM allocation LIMIT 1) t, jsonb_populate_record(NULL::allocation, to_jsonb(t) || ${changes}) AS n`;
const OTHERS = `(SELECT id FROM organisation WHERE id <> (SELECT organisation_id FROM reservation LIMIT 1))`;
const FREE_CARD = `(SELECT id FROM card WHERE id NOT IN (SELECT card_id FROM allocation) LIMIT 1)`;
const evidence = (card: string, organisation: string) => `
  INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at)
  SELECT id, ${organisation}, ${card}, start_at FROM allocation LIMIT 1`;
const charge = (allocation: string, card: string) => `
  INSERT INTO usage_charge SELECT ${allocation}, date_trunc('hour', a.start_at), 0, a.organisation_id, r.id, ${card}, a.pool_id, r.sku_id,
    r.price_version_id, r.purchase, a.start_at, a.start_at, 0, 0, 0, 10000, 0, 0, 0, 'x', a.start_at
  FROM allocation a JOIN reservation r ON r.id = a.reservation_id LIMIT 1`;

const POINTED_TO = [
  'organisation',
  'pool',
  'sku',
  'card',
  'account_kind',
  'command',
  'hold',
  'reservation',
  'allocation',
];

describe('a row that others point to', () => {
  test.each(POINTED_TO)('of %s is neither deleted nor truncated away', async (table) => {
    expect(await refusalOf(`DELETE FROM ${table}`)).toBe('KS001');
    expect(await refusalOf(`TRUNCATE ${table} CASCADE`)).toBe('KS001');
  });

  test.each([
    ...['organisation', 'pool', 'sku', 'card', 'reservation', 'allocation'].map((table) => [table, 'id']),
    ['account_kind', 'kind'],
    ['hold', 'subject'],
    ['reservation', 'organisation_id'],
    ['reservation', 'price_version_id'],
    ['allocation', 'card_id'],
    ['allocation', 'organisation_id'],
    ['allocation', 'reservation_id'],
  ])('of %s keeps its %s', async (table, column) => {
    expect(await refusalOf(`UPDATE ${table} SET ${column} = ${column} || 'x'`)).toBe('KS001');
    expect(await refusalOf(`UPDATE ${table} SET ${column} = ${column}`)).not.toBe('KS001');
  });
});

test('a command that waits keeps its id and its organisation, and may be answered', async () => {
  const waiting = another(
    'command',
    `'{"id":"cmd_x","number":0,"idempotency_key":"x","state":"pending","answer":null,"decided_at":null,"decision_number":null}'`,
  );
  const waits = `${waiting}; UPDATE command SET`;
  expect(await refusalOf(`${waits} id = 'cmd_y' WHERE id = 'cmd_x'`)).toBe('KS001');
  expect(await refusalOf(`${waits} organisation_id = ${OTHERS} WHERE id = 'cmd_x'`)).toBe('KS001');
  expect(await refusalOf(`${waits} payload = '{}' WHERE id = 'cmd_x'`)).toBe('KS001');
  const answer = `state = 'answered', answer = '{}', decided_at = now(), decision_number = -1`;
  expect(await refusalOf(`${waits} ${answer} WHERE id = 'cmd_x'`)).toBeUndefined();
});

describe('a new row points to what is there:', () => {
  test.each([
    ['a reservation to its organisation', another('reservation', `'{"id":"rsv_x","organisation_id":"org_no"}'`)],
    ['a reservation to its pool', another('reservation', `'{"id":"rsv_x","pool_id":"pol_no"}'`)],
    ['a reservation to its SKU', another('reservation', `'{"id":"rsv_x","sku_id":"sku_no"}'`)],
    ['a reservation to its price', another('reservation', `'{"id":"rsv_x","price_version_id":"prv_no"}'`)],
    ['an event to its reservation', another('reservation_event', `'{"id":0,"reservation_id":"rsv_no"}'`)],
    [
      'an event to its own organisation',
      another('reservation_event', `jsonb_build_object('id', 0, 'organisation_id', ${OTHERS})`),
    ],
    ['an allocation to its card', anotherAllocation(`'{"id":"alc_x","card_id":"crd_no"}'`)],
    [
      'an allocation to its reservation',
      anotherAllocation(`jsonb_build_object('id', 'alc_x', 'reservation_id', 'rsv_no', 'card_id', ${FREE_CARD})`),
    ],
    [
      'an allocation to its own organisation',
      anotherAllocation(`jsonb_build_object('id', 'alc_x', 'organisation_id', ${OTHERS}, 'card_id', ${FREE_CARD})`),
    ],
    ['an account to its kind', another('account', `'{"id":0,"path":"x","kind":"no"}'`)],
    ['an account to its organisation', another('account', `'{"id":0,"path":"x","organisation_id":"org_no"}'`)],
    ['a hold to its account', another('hold', `'{"account_id":0,"subject":"x"}'`)],
    [
      'a hold to an account of its organisation',
      another(
        'hold',
        `jsonb_build_object('account_id', (SELECT min(id) FROM account WHERE kind = 'wallet'), 'subject', 'x')`,
      ),
    ],
    [
      'a command to its pool',
      another('command', `'{"id":"cmd_x","number":0,"idempotency_key":"x","decision_number":-1,"pool_id":"pol_no"}'`),
    ],
    [
      'a command to its organisation',
      another(
        'command',
        `'{"id":"cmd_x","number":0,"idempotency_key":"x","decision_number":-1,"organisation_id":"org_no"}'`,
      ),
    ],
    ['an explanation to its command', another('explanation', `'{"command_id":"cmd_no"}'`)],
    [
      'an explanation to whoever asked',
      another(
        'explanation',
        `jsonb_build_object('command_id', (SELECT id FROM command WHERE id NOT IN (SELECT command_id FROM explanation) LIMIT 1), 'organisation_id', ${OTHERS})`,
      ),
    ],
    ['evidence to the card of its allocation', evidence(FREE_CARD, 'organisation_id')],
    ['evidence to the organisation of its allocation', evidence('card_id', OTHERS)],
    ['a charge to its allocation', charge(`'alc_no'`, 'a.card_id')],
    ['a charge to the card of its allocation', charge('a.id', FREE_CARD)],
  ])('%s', async (_, sql) => {
    expect(await refusalOf(sql)).toBe('23503');
  });

  test('and one that does is taken', async () => {
    expect(await refusalOf(another('reservation', `'{"id":"rsv_x"}'`))).toBeUndefined();
    expect(await refusalOf(another('reservation_event', `'{"id":0}'`))).toBeUndefined();
    expect(
      await refusalOf(another('command', `'{"id":"cmd_x","number":0,"idempotency_key":"x","decision_number":-1}'`)),
    ).toBeUndefined();
    expect(await refusalOf(evidence('card_id', 'organisation_id'))).toBeUndefined();
    expect(await refusalOf(charge('a.id', 'a.card_id'))).toBeUndefined();
  });
});

test('a card has one holder at a time: the next may begin in the second in which the last one ends', async () => {
  const during = (start: string, end: string) =>
    anotherAllocation(`jsonb_build_object('id', 'alc_x', 'start_at', ${start}, 'end_at', ${end})`);
  expect(await refusalOf(during(`t.end_at - interval '1 second'`, `t.end_at + interval '1 hour'`))).toBe('23P01');
  expect(await refusalOf(during('t.start_at', 'NULL'))).toBe('23P01');
  expect(await refusalOf(during('t.end_at', `t.end_at + interval '1 hour'`))).toBeUndefined();
  expect(
    await refusalOf(`INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at)
    SELECT id, organisation_id, card_id, start_at FROM allocation LIMIT 1;
    INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
    SELECT id, organisation_id, card_id, start_at, end_at FROM allocation LIMIT 1`),
  ).toBe('23P01');
});

test('what is answered, balanced or resolved is not moved by hand', async () => {
  expect(await refusalOf(`UPDATE command SET answer = '{}'`)).toBe('KS001');
  expect(await refusalOf('UPDATE account SET balance_units = balance_units + 1 WHERE balance_units > 0')).toBe('KS001');
  const resolved = 'UPDATE hold SET released_units = placed_units, resolved_at = opened_at';
  expect(await refusalOf(resolved)).toBeUndefined();
  expect(await refusalOf(`${resolved}; UPDATE hold SET resolved_at = NULL`)).toBe('KL423');
});
