import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { book, customerOf, newCustomer, openTestMarket, runTo, settleDown } from '#lib/engine/testing-market.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { cancelWorkload, findWorkload, listWorkloads, submitWorkload } from './service.ts';
import type { WorkloadInput } from './types.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const keys = Array.from({ length: 50 }, (_, n) => `key-${n}`);

/** A customer with a reservation of four cards for two hours that runs. */
async function setup() {
  const { org, now } = await newCustomer(market, 10_000n);
  const booked = await book(market, { cards: 4, durationSeconds: 7_200 }, org);
  if (!booked.ok || booked.value.reservationId === null) throw new Error(JSON.stringify(booked));
  await settleDown(market);
  return { org, reservationId: booked.value.reservationId, now };
}

const wish = (reservationId: string, more: Partial<WorkloadInput> = {}): WorkloadInput => ({
  reservationId,
  name: 'train',
  imageId: 'img_ppu-base-1-5',
  command: 'sleep 600',
  cards: 2,
  walltimeSeconds: 3_600,
  ...more,
});

async function submit(org: Id<'organisation'>, input: WorkloadInput, key = keys.pop() ?? '') {
  return submitWorkload(await customerOf(org), { ...input, idempotencyKey: key });
}

async function submitted(org: Id<'organisation'>, input: WorkloadInput): Promise<string> {
  const result = await submit(org, input);
  if (!result.ok) throw new Error(result.refusal.code);
  await settleDown(market);
  return result.value.workloadId;
}

const found = async (org: Id<'organisation'>, id: string) => findWorkload(await customerOf(org), id);
const count = () => withTx(SYSTEM, (tx) => tx.workload.count());

describe('a workload', () => {
  test('starts on granted cards, runs, and ends by itself with its code', async () => {
    const { org, reservationId, now } = await setup();
    const id = await submitted(org, wish(reservationId, { command: 'sleep 600; exit 3' }));
    expect(await found(org, id)).toMatchObject({ state: 'running', startedAt: now, reservationName: 'test' });
    expect((await found(org, id))?.cardList).toHaveLength(2);
    await runTo(market, plusSeconds(now, 900));
    expect(await found(org, id)).toMatchObject({
      state: 'failed',
      reason: 'exited',
      exitCode: 3,
      endedAt: plusSeconds(now, 600),
    });
  });

  test('waits until enough cards are free', async () => {
    const { org, reservationId, now } = await setup();
    await submitted(org, wish(reservationId, { cards: 3 }));
    const second = await submitted(org, wish(reservationId, { cards: 2, command: 'exit 0' }));
    expect(await found(org, second)).toMatchObject({ state: 'submitted', startedAt: null });
    await runTo(market, plusSeconds(now, 601));
    expect((await found(org, second))?.startedAt).not.toBeNull();
    const page = await listWorkloads(await customerOf(org), { reservationId }, { skip: 0, take: 10 });
    expect(page.total).toBe(2);
  });

  test('is cancelled, waiting or running, and not twice', async () => {
    const { org, reservationId } = await setup();
    const running = await submitted(org, wish(reservationId, { cards: 4 }));
    const waiting = await submitted(org, wish(reservationId, { cards: 4 }));
    for (const workloadId of [waiting, running]) {
      expect(await cancelWorkload(await customerOf(org), { workloadId })).toMatchObject({ ok: true });
      await settleDown(market);
      expect(await found(org, workloadId)).toMatchObject({ state: 'cancelled', reason: 'cancelledByUser' });
      expect(await cancelWorkload(await customerOf(org), { workloadId })).toMatchObject({
        refusal: { code: 'workloadNotInState', state: 'cancelled' },
      });
    }
    const page = await listWorkloads(await customerOf(org), { states: ['cancelled'] }, { skip: 0, take: 1 });
    expect(page).toMatchObject({ total: 2, rows: [{ state: 'cancelled' }] });
  });

  test('is stopped at its walltime', async () => {
    const { org, reservationId, now } = await setup();
    const id = await submitted(org, wish(reservationId, { command: 'sleep 9000', walltimeSeconds: 300 }));
    await runTo(market, plusSeconds(now, 400));
    expect(await found(org, id)).toMatchObject({
      state: 'failed',
      reason: 'walltime',
      exitCode: null,
      endedAt: plusSeconds(now, 300),
    });
  });

  test('ends with its reservation', async () => {
    const { org, reservationId, now } = await setup();
    const id = await submitted(org, wish(reservationId, { command: 'sleep 9000', walltimeSeconds: 9_000 }));
    await runTo(market, plusSeconds(now, 7_300));
    expect(await found(org, id)).toMatchObject({ state: 'cancelled', reason: 'reservationEnded' });
  });

  test('fails with its card', async () => {
    const { org, reservationId, now } = await setup();
    const id = await submitted(org, wish(reservationId));
    await runTo(market, plusSeconds(now, 60));
    const target = (await found(org, id))?.cardList[0]?.uuid ?? '';
    const request = { id: 'dvr_1', poolId: market.poolId, target, kind: 'lost', askedBy: 'test' };
    await withTx(SYSTEM, (tx) => tx.deviceRequest.create({ data: { ...request, askedAt: new Date(now) } }));
    await settleDown(market);
    await runTo(market, plusSeconds(now, 120));
    expect(await found(org, id)).toMatchObject({ state: 'failed', reason: 'cardLost', exitCode: null });
  });

  test('sent many times under one key is one; another one under the key is refused', async () => {
    const { org, reservationId } = await setup();
    const before = await count();
    const results = await Promise.all(Array.from({ length: 8 }, () => submit(org, wish(reservationId), 'same')));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(await count()).toBe(before + 1);
    expect(await submit(org, wish(reservationId, { cards: 1 }), 'same')).toMatchObject({
      refusal: { code: 'idempotencyKeyReused' },
    });
  });
});

describe('refused, with nothing changed', () => {
  test.each<[string, Partial<WorkloadInput>]>([
    ['reservationUnknown', { reservationId: 'rsv_none' }],
    ['imageUnknown', { imageId: 'img_none' }],
    ['cardsOutOfRange', { cards: 5 }],
    ['walltimeOutOfRange', { walltimeSeconds: 59 }],
  ])('%s', async (code, more) => {
    const { org, reservationId } = await setup();
    const before = await count();
    expect(await submit(org, wish(reservationId, more))).toMatchObject({ ok: false, refusal: { code } });
    expect(await count()).toBe(before);
  });

  test('what is over, and what belongs to others', async () => {
    const { org, reservationId, now } = await setup();
    const id = await submitted(org, wish(reservationId));
    const stranger = (await setup()).org;
    const before = await count();
    expect(await submit(stranger, wish(reservationId))).toMatchObject({ refusal: { code: 'reservationUnknown' } });
    expect(await cancelWorkload(await customerOf(stranger), { workloadId: id })).toMatchObject({
      refusal: { code: 'workloadUnknown' },
    });
    expect(await found(stranger, id)).toBeNull();
    expect(await found(org, id)).toMatchObject({ state: 'running', isCancelAsked: false });
    await runTo(market, plusSeconds(now, 7_300));
    expect(await submit(org, wish(reservationId))).toMatchObject({
      refusal: { code: 'reservationNotInState', state: 'ended' },
    });
    expect(await count()).toBe(before);
  });
});
