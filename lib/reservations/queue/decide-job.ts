import { tierPriceOf } from '#lib/catalog/tiers.ts';
import { checkTopology } from '#lib/catalog/wish.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { floorToSecond, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { PoolMind } from '../book.ts';
import { decideRelease } from '../changes.ts';
import { projectRefusal } from '../limits.ts';
import type { Command, ReservationRefusal } from '../command-types.ts';
import type { Decision } from '../decision-types.ts';
import { priceOfJob, startTermsOf } from './obstacles.ts';
import {
  type Job,
  JOB_SECONDS_MAX,
  JOB_SECONDS_MIN,
  JOBS_WAITING_MAX,
  type QueueJobPayload,
  reservationOfJob,
} from './types.ts';

const no = (refusal: ReservationRefusal): Decision => ({ answer: refuse(refusal), changes: [] });

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

/**
 * What is asked of the catalog: sold in this tier, an image that runs, cards that the pool has at all and that can lie as
 * they are wished, a time in bounds.
 */
function checkWish(mind: PoolMind, payload: QueueJobPayload): ReservationRefusal | null {
  const { catalog } = mind.book;
  const sku = catalog.skus.get(payload.skuId);
  if (sku?.purchase !== 'by-hour' || sku.poolId !== mind.book.poolId) return { code: 'tierNotSold' };
  if (!tierPriceOf(sku, payload.tier)) return { code: 'tierNotSold' };
  if (!catalog.images.get(payload.imageId)?.archs.includes(sku.model.arch)) return { code: 'imageIncompatible' };
  const cardsMax = sku.shape.totalCards;
  if (!isWithin(payload.cards, 1, cardsMax)) return { code: 'cardsOutOfRange', cardsMax };
  const topology = checkTopology(payload, sku.shape);
  if (topology) return topology;
  return isWithin(payload.walltimeSeconds, JOB_SECONDS_MIN, JOB_SECONDS_MAX) ? null : { code: 'walltimeOutOfRange' };
}

/** What could never be met, however long it waits: cap, deadline, project, quotas, limits. */
function checkLimits(
  mind: PoolMind,
  organisationId: Id<'organisation'>,
  payload: QueueJobPayload,
  now: Instant,
): ReservationRefusal | null {
  const { book } = mind;
  if (payload.priceCapE10 !== null && BigInt(payload.priceCapE10) <= 0n) return { code: 'priceCapNotPositive' };
  const earliestEndAt = plusSeconds(floorToSecond(now), payload.walltimeSeconds);
  if (payload.deadlineAt !== null && payload.deadlineAt < earliestEndAt)
    return { code: 'deadlineTooSoon', earliestEndAt };
  const refusal = projectRefusal(book, organisationId, payload.projectId);
  if (refusal) return refusal;
  const project = payload.projectId === null ? undefined : book.projects.get(payload.projectId);
  const limits = present(book.limits.get(organisationId), `limits of ${organisationId}`);
  const quota = Math.min(limits.cardQuota, project?.cardQuota ?? limits.cardQuota);
  if (payload.cards > quota) return { code: 'jobAboveQuota', quota };
  const sold = { organisationId, skuId: payload.skuId as Id<'sku'>, tier: payload.tier };
  const price = present(priceOfJob(book.catalog, sold, now), 'price');
  const needed = startTermsOf(price, payload, now).placement.amountUnits;
  for (const limit of [limits.monthlySpendingLimitUnits, project?.monthlySpendingLimitUnits ?? null])
    if (limit !== null && needed > limit)
      return { code: 'jobAboveLimit', limitUnits: `${limit}`, neededUnits: `${needed}` };
  return book.queue.waitingOf(organisationId) < JOBS_WAITING_MAX
    ? null
    : { code: 'queueFull', waitingMax: JOBS_WAITING_MAX };
}

/**
 * Decides whether a job may join the queue: only what no waiting can mend refuses it, in the order of `JobRefusal`.
 * Whether there are cards, money and a good price now is asked when its turn comes.
 */
export function decideQueueJob(mind: PoolMind, command: Command, payload: QueueJobPayload, now: Instant): Decision {
  const organisationId = present(command.organisationId, 'organisation of a job');
  const refusal = checkWish(mind, payload) ?? checkLimits(mind, organisationId, payload, now);
  if (refusal) return no(refusal);
  const { deadlineAt, priceCapE10 } = payload;
  const job: Job = {
    id: payload.jobId as Id<'job'>,
    organisationId,
    projectId: payload.projectId as Id<'project'> | null,
    skuId: payload.skuId as Id<'sku'>,
    sequence: mind.book.queue.lastSequence + 1,
    name: payload.name,
    tier: payload.tier,
    cards: payload.cards,
    topology: payload.topology,
    walltimeSeconds: payload.walltimeSeconds,
    deadlineAt: deadlineAt === null ? null : instant(deadlineAt),
    priceCapE10: priceCapE10 === null ? null : priceE10(BigInt(priceCapE10)),
    imageId: payload.imageId as Id<'image'>,
    command: payload.command,
    submittedBy: command.actor,
    submittedAt: now,
    standing: { state: 'queued', waiting: null },
  };
  return { answer: accept({ reservationId: null }), changes: [{ kind: 'jobQueued', job }] };
}

/** The organisation's own job that waits or runs. Others' do not exist. */
function ownJob(mind: PoolMind, command: Command, jobId: string): Result<Job, ReservationRefusal> {
  const { queue } = mind.book;
  const job = queue.waiting.get(jobId as Id<'job'>) ?? queue.running.get(jobId as Id<'job'>);
  return job && job.organisationId === command.organisationId ? accept(job) : refuse({ code: 'jobUnknown' });
}

/** Takes a job back: one that waits costs nothing, one that runs ends now and what it did not use returns. */
export function decideCancelJob(mind: PoolMind, command: Command, jobId: string, now: Instant): Decision {
  const found = ownJob(mind, command, jobId);
  if (!found.ok) return no(found.refusal);
  const { id, standing } = found.value;
  if (standing.state === 'started') return decideRelease(mind, command, reservationOfJob(id), now);
  return { answer: accept({ reservationId: null }), changes: [{ kind: 'jobCancelled', jobId: id, at: now }] };
}
