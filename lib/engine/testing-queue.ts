import { expect } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { type Instant, MINUTE_MS, plusMs } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { CommandPayload, ReservationRefusal } from '#lib/reservations/command-types.ts';
import { decideRound } from './batch.ts';
import type { Mind } from './mind.ts';
import { decideQueue } from './queue-deciding.ts';
import { commandOf, ORG, PRICE, RICH, smallPool, T0 } from './testing.ts';

type JobWish = Extract<CommandPayload, { kind: 'queueJob' }>;
/** The one image of the pool. */
export const IMAGE = 'img_test' as Id<'image'>;
/** So many minutes after the beginning. */
export const minutes = (count: number): Instant => plusMs(T0, count * MINUTE_MS);

/** Servers of 16 cards, four to a supernode, one image, and a flex tier at six tenths of 10 yuan. */
export function queuePool(servers = 2): Mind {
  const mind = smallPool(servers);
  const { catalog } = mind.book;
  const sku = catalog.skus.get('sku_hour');
  const base = sku?.price;
  if (!sku || !base) throw new Error('no price');
  const flex = { ...base, id: 'prv_flex' as Id<'priceVersion'>, priceE10PerCardHour: priceE10((PRICE * 6n) / 10n) };
  const tiers = [{ tier: 'flex', factorBps: 6_000, price: flex }] as const;
  mind.book.catalog = {
    skus: new Map([...catalog.skus, ['sku_hour', { ...sku, tiers }]]),
    prices: new Map([...catalog.prices, [flex.id, flex]]),
    images: new Map([[IMAGE, { id: IMAGE, name: 'Test', version: '1', sdk: '1', archs: [sku.model.arch] }]]),
  };
  return mind;
}

/** A job of 16 cards for an hour. */
export const wishOf = (id: string, wish: Partial<JobWish> = {}): JobWish => ({
  kind: 'queueJob',
  jobId: `job_${id}`,
  projectId: null,
  skuId: 'sku_hour',
  name: id,
  tier: 'standard',
  cards: 16,
  topology: 'any',
  walltimeSeconds: 3_600,
  deadlineAt: null,
  priceCapE10: null,
  imageId: IMAGE,
  command: 'sleep 60',
  ...wish,
});

/** Why a command is refused now; null when it is not. */
export function jobRefusalOf(
  mind: Mind,
  payload: CommandPayload,
  now = T0,
  org = ORG,
): ReservationRefusal['code'] | null {
  const round = decideRound(mind, { reports: [], commands: [commandOf(payload, org)], wallets: RICH, now });
  const answer = round.entries.at(-1)?.answer;
  return answer?.ok === false ? answer.refusal.code : null;
}

/** Puts a job into the queue. */
export const submitJob = (mind: Mind, id: string, wish: Partial<JobWish> = {}, now = T0, org = ORG): void =>
  expect(jobRefusalOf(mind, wishOf(id, wish), now, org)).toBeNull();

/** One round of the queue. */
export const roundOf = (mind: Mind, now: Instant, wallets = RICH, over: Id<'job'>[] = []) =>
  decideQueue(mind, { over, wallets, now });
/** The names of the jobs that a round started. */
export const startedIn = (changes: readonly Change[]): string[] =>
  changes.flatMap((change) => (change.kind === 'jobStarted' ? [change.job.name] : []));
/** Why a job still waits. */
export const waitOf = (mind: Mind, id: string) => {
  const standing = mind.book.queue.waiting.get(`job_${id}` as Id<'job'>)?.standing;
  return standing?.state === 'queued' ? standing.waiting : null;
};
