import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { cancelJob, findJob, jobIdOf, type JobWish, listJobs, queueJob } from '#lib/reservations/queue/service.ts';
import { reservationOfJob, workloadOfJob } from '#lib/reservations/queue/types.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
  walletOf,
} from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;
type Organisation = Id<'organisation'>;

const setup = (yuan?: bigint) => newCustomer(market, yuan);

let keys = 0;
async function submit(org: Organisation, wish: Partial<JobWish> = {}, key?: string) {
  keys += 1;
  const input: JobWish = {
    skuId: 'sku_sg-zw810e-hour',
    projectId: null,
    name: 'job',
    tier: 'standard',
    cards: 64,
    topology: 'any',
    walltimeSeconds: 3_600,
    deadlineAt: null,
    priceCapE10: null,
    imageId: 'img_ppu-base-1-5',
    command: 'sleep 600',
    ...wish,
  };
  return during(market, queueJob(await customerOf(org), { ...input, idempotencyKey: key ?? `key-${keys}` }));
}

async function submitted(org: Organisation, wish: Partial<JobWish> = {}): Promise<Id<'job'>> {
  const answer = await submit(org, wish);
  if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
  await settleDown(market);
  return answer.value.jobId;
}

const jobOf = async (org: Organisation, id: string) => present(await findJob(await customerOf(org), id), 'job');

describe('a queued job', () => {
  test('waits with a reason, starts when there is room, ends with its command, and costs what it used', async () => {
    const { org, now } = await setup();
    await book(market, { cards: 64, durationSeconds: 1_800 }, (await setup()).org);
    const id = await submitted(org);
    expect(await jobOf(org, id)).toMatchObject({
      state: 'queued',
      waiting: { reason: 'firstInLine', cardsNeeded: 64, cardsFree: 0, startAt: plusSeconds(now, 1_800) },
    });
    expect(await walletOf(org)).toBe(10_000n * YUAN);
    await runTo(market, plusSeconds(now, 1_860));
    expect(await jobOf(org, id)).toMatchObject({ state: 'started', reservationState: 'active' });
    expect(await walletOf(org)).toBe((10_000n - 64n * PRICE_YUAN) * YUAN);
    await runTo(market, plusSeconds(now, 3 * 3_600));
    const done = await jobOf(org, id);
    expect(done).toMatchObject({ state: 'done', startAt: plusSeconds(now, 1_800), workloadState: 'succeeded' });
    expect(done.endedAt).toBe(plusSeconds(now, 2_400));
    expect(await walletOf(org)).toBe(10_000n * YUAN - (64n * 600n * PRICE_YUAN * YUAN) / 3_600n);
    const page = await detailOf(await customerOf(org), reservationOfJob(id));
    expect(page.events.map(({ kind }) => kind)).toEqual(['reserved', 'cardsBound', 'started', 'jobDone']);
    expect(page.reservation.settledAt).not.toBeNull();
  });

  test('runs over no longer than its walltime', async () => {
    const { org, now } = await setup();
    const id = await submitted(org, { walltimeSeconds: 1_200, command: 'sleep 100000' });
    await runTo(market, plusSeconds(now, 3_600));
    expect(await jobOf(org, id)).toMatchObject({ state: 'done', endedAt: plusSeconds(now, 1_200) });
    expect(await walletOf(org)).toBe(10_000n * YUAN - (64n * 1_200n * PRICE_YUAN * YUAN) / 3_600n);
  });

  test('of the flex tier costs less, is asked to leave for another, and pays for what it used', async () => {
    const { org, now } = await setup();
    const other = await setup();
    const flex = await submitted(org, { tier: 'flex', walltimeSeconds: 7_200, command: 'sleep 7200' });
    await runTo(market, plusSeconds(now, 600));
    const next = await submitted(other.org, { command: 'sleep 60' });
    expect(await jobOf(org, flex)).toMatchObject({ state: 'started', leaveAt: plusSeconds(now, 1_200) });
    await runTo(market, plusSeconds(now, 1_260));
    expect(await jobOf(org, flex)).toMatchObject({ state: 'done', endedAt: plusSeconds(now, 1_200) });
    expect(await jobOf(other.org, next)).toMatchObject({ startAt: plusSeconds(now, 1_200) });
    expect(await walletOf(org)).toBe(10_000n * YUAN - (64n * 1_200n * PRICE_YUAN * YUAN * 6n) / 36_000n);
    await runTo(market, plusSeconds(now, 7_200));
  });

  test('of the flex tier goes on by the hour, over a change of leaders, and makes room for who booked the hours ahead', async () => {
    const { org, now } = await setup();
    const other = await setup();
    const flex = await submitted(org, { tier: 'flex', walltimeSeconds: 8 * 3_600, command: 'sleep 100000' });
    const heldTo = async () =>
      (await detailOf(await customerOf(org), reservationOfJob(flex))).reservation.interval.endAt;
    const first = present(await heldTo(), 'end');
    expect([first % HOUR_MS, first - now < 2 * HOUR_MS]).toEqual([0, true]);
    await killEngine(market);
    await runTo(market, plusSeconds(first, 600));
    expect(await heldTo()).toBe(plusSeconds(first, 3_600));
    const wish = { cards: 4, durationSeconds: 3_600 };
    expect(await book(market, { ...wish, startAt: plusSeconds(first, 3_600) }, other.org)).toMatchObject({ ok: true });
    await runTo(market, plusSeconds(first, 1_800));
    const leaveAt = plusSeconds(first, 3_600);
    expect(await jobOf(org, flex)).toMatchObject({ state: 'started', leaveAt, endAt: leaveAt });
    await runTo(market, plusSeconds(first, 3_660));
    expect(await jobOf(org, flex)).toMatchObject({ state: 'done', endedAt: leaveAt });
    const ran = BigInt((leaveAt - now) / 1_000);
    await runTo(market, plusSeconds(first, 3 * 3_600));
    expect(await walletOf(org)).toBe(10_000n * YUAN - (64n * ran * PRICE_YUAN * YUAN * 6n) / 36_000n);
    expect(await walletOf(other.org)).toBe((10_000n - 4n * PRICE_YUAN) * YUAN);
  });

  test('that cannot make its deadline any more is refused and costs nothing', async () => {
    const { org, now } = await setup();
    await book(market, { cards: 64, durationSeconds: 7_200 }, (await setup()).org);
    const id = await submitted(org, { deadlineAt: plusSeconds(now, 5_400) });
    await runTo(market, plusSeconds(now, 1_801));
    expect(await jobOf(org, id)).toMatchObject({ state: 'refused', dismissal: { reason: 'deadlineMissed' } });
    expect(await walletOf(org)).toBe(10_000n * YUAN);
    await runTo(market, plusSeconds(now, 7_200));
  });

  test('waits below its price cap, and for funds, by these names', async () => {
    const { org, now } = await setup(1n);
    const dear = await submitted(org, { priceCapE10: '119999999999' });
    const poor = await submitted(org);
    expect((await jobOf(org, dear)).waiting).toMatchObject({ reason: 'priceAboveCap', priceE10: '120000000000' });
    expect((await jobOf(org, poor)).waiting).toMatchObject({ reason: 'funds', availableUnits: `${YUAN}` });
    for (const jobId of [dear, poor])
      expect(
        await during(market, cancelJob(await customerOf(org), { jobId, idempotencyKey: `c-${jobId}` })),
      ).toMatchObject({ ok: true });
    expect(await jobOf(org, poor)).toMatchObject({ state: 'cancelled' });
    await runTo(market, plusSeconds(now, 60));
  });

  test('submitted twice under one key is one job; another request under that key is refused', async () => {
    const { org } = await setup(1n);
    const [first, again] = [await submit(org, {}, 'same-key'), await submit(org, {}, 'same-key')];
    expect(again).toEqual(first);
    expect(await submit(org, { cards: 1 }, 'same-key')).toMatchObject({ refusal: { code: 'idempotencyKeyReused' } });
    const ctx = await customerOf(org);
    const listed = await listJobs(ctx, {}, { skip: 0, take: 10 });
    expect(listed.total).toBe(1);
    const jobId = present(listed.rows[0], 'job').id;
    await during(market, cancelJob(ctx, { jobId, idempotencyKey: 'c-same' }));
  });

  test('of another organisation is neither seen nor cancelled', async () => {
    const { org } = await setup(1n);
    const other = (await setup()).org;
    const jobId = await submitted(org);
    expect(await findJob(await customerOf(other), jobId)).toBeNull();
    expect((await listJobs(await customerOf(other), {}, { skip: 0, take: 10 })).total).toBe(0);
    expect(await cancelJob(await customerOf(other), { jobId, idempotencyKey: 'x' })).toMatchObject({
      refusal: { code: 'jobUnknown' },
    });
    await during(market, cancelJob(await customerOf(org), { jobId, idempotencyKey: 'y' }));
  });

  test('survives the engine: what waits waits, what runs ends, use is remembered', async () => {
    const { org, now } = await setup();
    const running = await submitted(org, { walltimeSeconds: 1_200, command: 'sleep 900' });
    const waiting = await submitted(org, { walltimeSeconds: 1_200, command: 'sleep 60' });
    await killEngine(market);
    await settleDown(market);
    expect(await jobOf(org, waiting)).toMatchObject({ state: 'queued' });
    await runTo(market, plusSeconds(now, 930));
    expect(await jobOf(org, running)).toMatchObject({ state: 'done', endedAt: plusSeconds(now, 900) });
    expect(await jobOf(org, waiting)).toMatchObject({ state: 'started', startAt: plusSeconds(now, 900) });
    await runTo(market, plusSeconds(now, 3_600));
    const usedBefore = [...present(market.engine.pools[0], 'pool').mind.book.queue.usedBy(org)];
    await killEngine(market);
    await settleDown(market);
    expect([...present(market.engine.pools[0], 'pool').mind.book.queue.usedBy(org)]).toEqual(usedBefore);
    expect(usedBefore.reduce((sum, [, used]) => sum + used, 0n)).toBe(64n * 960n);
  });
});

test('a start that cannot be written is left alone for a while, and the others go on', async () => {
  const { org, now } = await setup();
  const names = ['good', 'bad', 'fine'];
  const key = (name: string) => `poison-${name}`;
  // Somebody has the name that the bad job's reservation would bear.
  const first = await submit(org, { cards: 1, walltimeSeconds: 60, command: 'sleep 1' }, key('probe'));
  if (!first.ok) throw new Error('refused');
  await runTo(market, plusSeconds(now, 120));
  const bad = jobIdOf(org, key('bad'));
  await withTx(SYSTEM, async (tx) => {
    await tx.$executeRaw`INSERT INTO workload (id, organisation_id, reservation_id, name, image_id, command, cards, walltime_seconds,
      state, submitted_by, submitted_at) SELECT ${workloadOfJob(bad)}, organisation_id, id, 'taken', 'img', 'x', 1, 60, 'cancelled', 'x', now()
      FROM reservation WHERE id = ${reservationOfJob(first.value.jobId)}`;
  });
  for (const name of names) await submit(org, { name, cards: 4, command: 'sleep 60', walltimeSeconds: 600 }, key(name));
  await settleDown(market);
  const { rows } = await listJobs(await customerOf(org), {}, { skip: 0, take: 10 });
  const of = (name: string) => rows.find((job) => job.name === name);
  expect(of('good')?.state).toBe('started');
  expect(of('fine')?.state).toBe('started');
  expect(of('bad')).toMatchObject({ state: 'queued', waiting: { reason: 'ourFault' } });
  expect(await walletOf(org)).toBeLessThan(10_000n * YUAN);
  await during(market, cancelJob(await customerOf(org), { jobId: bad, idempotencyKey: 'c-bad' }));
  await runTo(market, plusSeconds(now, 3_600));
});

test('nobody but the leader of the pool writes its queue, and nobody takes a job out twice', async () => {
  const { org, now } = await setup();
  const id = await submitted(org, { walltimeSeconds: 60 });
  await runTo(market, instant(now + HOUR_MS));
  const change = (state: string) =>
    withTx(SYSTEM, (tx) => tx.queuedJob.updateMany({ where: { id }, data: { state, reservationId: null } }));
  await expect(change('cancelled')).rejects.toThrow();
  await expect(
    withTx(SYSTEM, (tx) => tx.queuedJob.updateMany({ where: { id }, data: { name: 'other' } })),
  ).rejects.toThrow(/leader/);
});
