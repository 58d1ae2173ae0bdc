import { expect, test, vi } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { demandClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { findWorkload, submitWorkload } from '#lib/workloads/service.ts';
import { book, customerOf, newCustomer, openTestMarket, runTo, settleDown } from './testing-market.ts';

await createTestDatabase();

/** Until somebody waits for what this session of the database holds. */
async function untilOneWaitsFor(session: number): Promise<void> {
  await vi.waitFor(async () => {
    const [row] = await withTx(
      SYSTEM,
      (tx) => tx.$queryRaw<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND ${session} = ANY (pg_blocking_pids(pid))`,
    );
    expect(row?.waiting).toBe(1);
  }, 10_000);
}

test('a clock that is stopped while the engine is on its way leaves no device ahead of business time', async () => {
  const market = await openTestMarket(16, 0n);
  const { org, now } = await newCustomer(market);
  const booked = await book(market, { cards: 4, durationSeconds: 7_200 }, org);
  if (!booked.ok || booked.value.reservationId === null) throw new Error(JSON.stringify(booked));
  await settleDown(market);

  await withTx(SYSTEM, (tx) => demandClock(tx, plusSeconds(now, 22), 0));
  const [stopped, onItsWay] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
  const stop = withTx(SYSTEM, async (tx) => {
    await demandClock(tx, now, 0);
    const [session] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    stopped.resolve(session?.pid ?? 0);
    await onItsWay.promise;
  });
  const session = await stopped.promise;
  const turn = market.engine.turn().catch((error: unknown) => error);
  await untilOneWaitsFor(session);
  onItsWay.resolve();
  await stop;
  expect(`${await turn}`).toContain('the clock steps');
  await settleDown(market);

  const submitted = await submitWorkload(await customerOf(org), {
    reservationId: booked.value.reservationId,
    name: 'train',
    imageId: 'img_ppu-base-1-5',
    command: 'sleep 600',
    cards: 2,
    walltimeSeconds: 3_600,
    idempotencyKey: 'once',
  });
  if (!submitted.ok) throw new Error(submitted.refusal.code);
  await settleDown(market);
  await runTo(market, plusSeconds(now, 700));
  expect(await findWorkload(await customerOf(org), submitted.value.workloadId)).toMatchObject({
    state: 'succeeded',
    startedAt: now,
    endedAt: plusSeconds(now, 600),
  });
});
