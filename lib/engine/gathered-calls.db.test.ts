import { beforeAll, expect, test } from 'vitest';
import { getKeptQuote } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { type Submission, submitCommand } from '#lib/reservations/command-log.ts';
import { bookerOf, type BookingMarket, seedBookingMarket, seedQuotes, STANDS_AT } from './testing-bookings.ts';

await createTestDatabase();
let market: BookingMarket;
let own: Id<'organisation'>;
let other: Id<'organisation'>;
beforeAll(async () => {
  market = await seedBookingMarket(64, 2);
  own = present(market.organisations[0], 'an organisation');
  other = present(market.organisations[1], 'another organisation');
});

const handIn = (key: string, change: Partial<Submission> = {}, scope = own) =>
  submitCommand(
    bookerOf(scope),
    {
      poolId: market.poolId,
      organisationId: own,
      payload: { kind: 'cancel', reservationId: 'rsv_1' },
      request: { kind: 'cancel' },
      idempotencyKey: key,
      ...change,
    },
    newId('command', STANDS_AT),
  );

test('quotes that are asked for at once are seen by their own organisation only', async () => {
  const wish = { cards: 1, topology: 'any', startHour: null, hours: 1 } as const;
  const quotes = await seedQuotes(
    market,
    Array.from({ length: 60 }, (_, n) => ({ ...wish, organisationId: n % 2 === 0 ? own : other })),
  );
  const asked = await Promise.all(
    quotes.flatMap(({ quoteId }) => [own, other].map((reader) => getKeptQuote(bookerOf(reader), quoteId))),
  );
  const seen = quotes.flatMap(({ organisationId, quoteId }) =>
    [own, other].map((reader) => (reader === organisationId ? quoteId : null)),
  );
  expect(asked.map((quote) => quote?.id ?? null)).toEqual(seen);
});

test('commands that are handed in at once are each recorded under who asked; one that cannot be fails alone', async () => {
  const settled = await Promise.allSettled([
    handIn('a'),
    handIn('b', { organisationId: other }, other),
    handIn('to no pool', { poolId: 'pol_no' as Id<'pool'> }),
    handIn('for somebody else', { organisationId: other }),
    handIn('c'),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled']);
  const recorded = await withTx(SYSTEM, (tx) =>
    tx.command.findMany({ orderBy: { idempotencyKey: 'asc' }, select: { idempotencyKey: true, organisationId: true } }),
  );
  expect(recorded).toEqual([
    { idempotencyKey: 'a', organisationId: own },
    { idempotencyKey: 'b', organisationId: other },
    { idempotencyKey: 'c', organisationId: own },
  ]);
  const audited = await withTx(SYSTEM, (tx) =>
    tx.auditEvent.groupBy({ by: ['organisationId'], where: { action: 'command.cancel' }, _count: true }),
  );
  expect(new Map(audited.map(({ organisationId, _count }) => [organisationId, _count]))).toEqual(
    new Map([
      [own, 2],
      [other, 1],
    ]),
  );
});

test('one key that comes many times at once is one command, and another request under it is refused', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 40 }, () => handIn('again')),
    handIn('again', { request: { kind: 'cancel', more: true } }),
  ]);
  const ids = answers.map((answer) => (answer.ok ? answer.value.commandId : answer.refusal.code));
  expect(new Set(ids.slice(0, 40)).size).toBe(1);
  expect(ids[40]).toBe('idempotencyKeyReused');
});
