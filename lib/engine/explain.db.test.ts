import { expect, test } from 'vitest';
import { createQuote } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { type TxContext, withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { explain } from '#lib/reservations/explain.ts';
import { book, customerOf, during, openTestMarket, runTo, seedCustomer, settleDown } from './testing-market.ts';
import { cancel, extend, reserve } from '#lib/reservations/service.ts';

await createTestDatabase();
const market = await openTestMarket(64, 1_000_000n);

const staffAt = (now: Ctx['now']): Ctx => ({
  actor: { kind: 'staff', userId: 'usr_ops' as Id<'user'>, roles: ['ops'] },
  scope: { kind: 'staff' },
  requestId: 'req_ops',
  now,
});

/** A start so far ahead that no other test has anything there. */
let days = 1;
const freshStart = () => {
  days += 2;
  return instant(market.startAt + days * 24 * HOUR_MS);
};

async function refused(organisationId: Id<'organisation'>, wish: Parameters<typeof book>[1]): Promise<string> {
  const answer = await book(market, wish, organisationId);
  if (answer.ok) throw new Error('accepted');
  return present('commandId' in answer.refusal ? answer.refusal.commandId : undefined, 'command');
}

async function booked(organisationId: Id<'organisation'>, wish: Parameters<typeof book>[1]): Promise<string> {
  const answer = await book(market, wish, organisationId);
  if (!answer.ok || !('reservationId' in answer.value)) throw new Error('refused');
  return present(answer.value.reservationId, 'reservation');
}

test('a refusal is found by its command and by the reservation it asked for; others’ reservations are counts', async () => {
  const startAt = freshStart();
  const [rival, own] = [await seedCustomer(1_000_000n, market.startAt), market.organisationId];
  const theirs = await booked(rival, { cards: 40, startAt, durationSeconds: 5 * 3_600 });
  const mine = await booked(own, { cards: 20, startAt, durationSeconds: 2 * 3_600 });
  const commandId = await refused(own, { cards: 16, startAt, durationSeconds: 3_600 });
  const ctx = await customerOf(own);
  const found = present(await explain(ctx, commandId), 'explanation');
  expect(found).toMatchObject({
    status: 'refused',
    explanation: {
      token: 'capacityExhausted',
      needed: 16,
      free: { cards: 4 },
      blocked: { reservation: { count: 2, cards: 60 } },
      earliestStartAt: startAt + 2 * HOUR_MS,
      sooner: [{ change: 'fewerCards', value: 4, startAt }],
    },
    blockers: [{ kind: 'reservation', id: mine, organisationId: own, cards: 20, until: startAt + 2 * HOUR_MS }],
  });
  expect(JSON.stringify(found)).not.toContain(theirs);
  const asked = present(found.wish?.reservationId, 'the id that was asked for');
  expect((await explain(ctx, asked))?.explanation).toEqual(found.explanation);

  const staff = present(await explain(staffAt(ctx.now), commandId), 'explanation for staff');
  expect(staff.blockers.map(({ id }) => id)).toEqual([mine, theirs]);
  expect(staff.explanation).toEqual(found.explanation);

  const stranger = await customerOf(rival);
  expect(await explain(stranger, commandId)).toBeNull();
  expect(await explain(stranger, asked)).toBeNull();
  expect(await explain(stranger, mine)).toBeNull();
});

test('the database itself shows a tenant neither others’ explanations nor that its reservation blocks them', async () => {
  const startAt = freshStart();
  const rival = await seedCustomer(1_000_000n, market.startAt);
  await booked(rival, { cards: 64, startAt, durationSeconds: 3_600 });
  const commandId = await refused(market.organisationId, { cards: 1, startAt, durationSeconds: 3_600 });
  const rows = async (ctx: TxContext) =>
    withTx(ctx, async (tx) => {
      const blockers = await tx.explanationBlocker.count({ where: { commandId } });
      return [await tx.explanation.count({ where: { commandId } }), blockers];
    });
  expect(await rows(SYSTEM)).toEqual([1, 1]);
  expect(await rows(await customerOf(rival))).toEqual([0, 0]);
  expect(await rows(await customerOf(market.organisationId))).toEqual([1, 0]);
  const ctx = await customerOf(market.organisationId);
  await expect(withTx(ctx, (tx) => tx.explanation.deleteMany({ where: { commandId } }))).rejects.toThrow();
  const forged = { commandId, organisationId: rival, token: 'x', body: { token: 'x' } };
  await expect(withTx(ctx, (tx) => tx.explanation.create({ data: forged }))).rejects.toThrow();
});

test('a refusal repeated under its key has the same command and the same explanation', async () => {
  const startAt = freshStart();
  await booked(market.organisationId, { cards: 64, startAt, durationSeconds: 3_600 });
  const commandId = await refused(market.organisationId, { cards: 2, startAt, durationSeconds: 3_600 });
  const ctx = await customerOf(market.organisationId);
  const first = await explain(ctx, commandId);
  await settleDown(market);
  expect(await explain(ctx, commandId)).toEqual(first);
});

test('a promise waits for its start, says that it was planned anew, and then waits for nothing', async () => {
  const startAt = instant(market.startAt + 2 * HOUR_MS);
  const small = { cards: 8, startAt, durationSeconds: 4 * 3_600, topology: 'same-server' } as const;
  const id = await booked(market.organisationId, small);
  const ctx = await customerOf(market.organisationId);
  expect(await explain(ctx, id)).toMatchObject({
    status: 'waiting',
    explanation: {
      token: 'waitingForStart',
      numbers: { bindAt: plusSeconds(startAt, -1_800), isBound: 'no', replans: 0, replannedAt: null },
      earliestStartAt: startAt,
    },
  });
  const between = await booked(market.organisationId, { ...small, cards: 12 });
  const other = await booked(market.organisationId, { ...small, cards: 4 });
  await during(market, cancel(ctx, { reservationId: between, idempotencyKey: 'between' }));
  // Three idle servers are there only once the two share one.
  await booked(market.organisationId, { ...small, cards: 48, topology: 'whole-servers' });
  const both = [await explain(ctx, id), await explain(ctx, other)].map((found) => found?.explanation?.numbers);
  expect(both).toContainEqual(expect.objectContaining({ replans: 1, replannedAt: expect.any(Number) }));
  await runTo(market, startAt);
  expect(await explain(await customerOf(market.organisationId), id)).toMatchObject({
    status: 'fine',
    explanation: null,
  });
});

test('an extension that is blocked says by how much, and how much longer would do', async () => {
  const { now } = await customerOf(market.organisationId);
  const id = await booked(market.organisationId, { cards: 4, durationSeconds: 3_600 });
  const rival = await seedCustomer(1_000_000n, now);
  const next = instant(Math.ceil(now / HOUR_MS) * HOUR_MS + 6 * HOUR_MS);
  await booked(rival, { cards: 64, startAt: next, durationSeconds: 3_600 });
  const ctx = await customerOf(market.organisationId);
  const quotedUnits = `${4n * 8n * 12n * 100_000_000n}`;
  const input = { reservationId: id, seconds: 8 * 3_600, quotedUnits, idempotencyKey: 'longer' };
  const answer = await during(market, extend(ctx, input));
  if (answer.ok) throw new Error('accepted');
  const found = await explain(ctx, present(answer.refusal.commandId, 'command'));
  expect(found?.explanation).toMatchObject({
    token: 'tooLongForGap',
    blocked: { reservation: { count: 1, cards: 16 } },
    sooner: [{ change: 'shorter' }],
  });
  expect(found?.blockers).toEqual([]);
});

test('what is not decided yet says so, and rubbish is nothing', async () => {
  const ctx = await customerOf(market.organisationId);
  const idempotencyKey = 'undecided';
  const quote = await createQuote(ctx, {
    skuId: 'sku_sg-zw810e-hour',
    cards: 1,
    topology: 'any',
    startAt: freshStart(),
    durationSeconds: 3_600,
    term: null,
    imageId: null,
  });
  if (!quote.ok) throw new Error('no quote');
  const asked = reserve(ctx, { quoteId: quote.value.id, name: 'undecided', idempotencyKey });
  const find = () => withTx(ctx, (tx) => tx.command.findFirst({ where: { idempotencyKey }, select: { id: true } }));
  const command = present(await expect.poll(find).not.toBeNull().then(find), 'command');
  expect(await explain(ctx, command.id)).toMatchObject({
    status: 'pending',
    explanation: { token: 'awaitingDecision', needed: 1 },
  });
  expect((await during(market, asked)).ok).toBe(true);
  expect(await explain(ctx, command.id)).toMatchObject({ status: 'fine', explanation: null });
  for (const id of ['cmd_none', 'rsv_none', '', "' OR 1=1", '\0', 'x'.repeat(100)])
    expect(await explain(ctx, id)).toBeNull();
});
