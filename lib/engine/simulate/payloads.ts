import { priceFor } from '#lib/catalog/agreed.ts';
import type { Purchase } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { ceilToHour, DAY_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import type { QueueJobPayload } from '#lib/reservations/queue/types.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { CommandPayload, ReservePayload } from '#lib/reservations/command-types.ts';
import type { Mind } from '../mind.ts';
import type { QueueStep, ReserveStep, Step } from './steps.ts';

const E10_PER_YUAN = 10_000_000_000n;

/** What is on sale by a way to buy, and its price of this moment for somebody. */
function onSale(
  mind: Mind,
  purchase: Purchase,
  organisationId: string,
  now: Instant,
): { readonly skuId: string; readonly priceVersionId: string } {
  const skus = [...mind.book.catalog.skus.values()];
  const sku = present(
    skus.find((each) => each.poolId === mind.book.poolId && each.purchase === purchase),
    `a way to buy ${purchase}`,
  );
  return { skuId: sku.id, priceVersionId: present(priceFor(sku, organisationId, 'standard', now), 'price').id };
}

/** Who books, and the projects there are. */
type Booker = { readonly organisationId: string; readonly projects: readonly ProjectLimits[] };

/** The booking of a step as its quote would have made it, at an instant. */
export function reserveOf(
  mind: Mind,
  step: ReserveStep,
  reservationId: string,
  now: Instant,
  { organisationId, projects }: Booker,
): ReservePayload {
  const { cards, topology, gang, leadSeconds, by, quote, project, isOnAccount } = step;
  const projectId = project === undefined ? undefined : projects[project % Math.max(1, projects.length)]?.id;
  const isTerm = by === 'day';
  const offer = onSale(mind, isTerm ? 'by-card' : 'by-hour', organisationId, now);
  const seconds = by === 'open' ? null : step.seconds;
  return {
    kind: 'reserve',
    reservationId,
    quoteId: 'quo_simulated',
    ...(projectId === undefined ? {} : { projectId }),
    name: reservationId,
    skuId: offer.skuId,
    priceVersionId: quote === 'retired' ? 'prv_retired' : offer.priceVersionId,
    imageId: null,
    cards,
    topology,
    ...(gang ? { gang } : {}),
    startAt: leadSeconds === null ? null : ceilToHour(plusSeconds(now, leadSeconds)),
    durationSeconds: isTerm ? null : seconds,
    term: isTerm ? 'day' : null,
    quotedUnits: quote === 'tooLow' ? '1' : '999999999999999999',
    quoteExpiresAt: quote === 'expired' ? now - 1 : now + 600_000,
    ...(isOnAccount ? { payBy: 'account' as const } : {}),
  };
}

/** The job of a step, as its form would have asked for it. */
export function jobOf(
  mind: Mind,
  step: QueueStep,
  jobId: string,
  now: Instant,
  projects: readonly ProjectLimits[] = [],
): QueueJobPayload {
  const { cards, topology, tier, seconds, deadlineSeconds, capYuan, project } = step;
  const { skuId } = onSale(mind, 'by-hour', '', now);
  const { arch } = present(mind.book.catalog.skus.get(skuId as Id<'sku'>), 'SKU').model;
  const image = [...mind.book.catalog.images.values()].find(({ archs }) => archs.includes(arch));
  return {
    kind: 'queueJob',
    jobId,
    projectId: project === undefined ? null : (projects[project % Math.max(1, projects.length)]?.id ?? null),
    skuId,
    name: jobId,
    tier,
    cards,
    topology,
    walltimeSeconds: seconds,
    deadlineAt: deadlineSeconds === null ? null : plusSeconds(now, deadlineSeconds),
    priceCapE10: capYuan === null ? null : `${BigInt(capYuan) * E10_PER_YUAN}`,
    imageId: present(image, 'an image').id,
    command: `sleep ${Math.ceil(seconds / 2)}`,
  };
}

/** Who takes which job back; null when there is none. */
export function cancelOf(
  mind: Mind,
  organisations: readonly Id<'organisation'>[],
  { pick, isOwn }: Extract<Step, { do: 'cancelJob' }>,
): { readonly organisationId: Id<'organisation'>; readonly payload: CommandPayload } | null {
  const { waiting, running } = mind.book.queue;
  const jobs = [...waiting.values(), ...running.values()].sort((a, b) => a.sequence - b.sequence);
  const job = jobs[pick % Math.max(1, jobs.length)];
  if (!job) return null;
  const other = organisations.find((id) => id !== job.organisationId) ?? job.organisationId;
  const payload = { kind: 'cancelQueuedJob', jobId: job.id } as const;
  return { organisationId: isOwn ? job.organisationId : other, payload };
}

/** Payloads that nobody's screen would send, as JSON values: each must be refused or answered, and change nothing. */
const RUBBISH: readonly ((booking: ReservePayload, live: Booked | undefined, now: Instant) => unknown)[] = [
  (booking) => ({ ...booking, cards: 0 }),
  (booking) => ({ ...booking, cards: -3 }),
  (booking) => ({ ...booking, cards: 1e12 }),
  (booking) => ({ ...booking, cards: 1.5 }),
  (booking) => ({ ...booking, cards: '4' }),
  (booking) => ({ ...booking, durationSeconds: 0 }),
  (booking) => ({ ...booking, durationSeconds: -7_200 }),
  (booking) => ({ ...booking, durationSeconds: 1e12 }),
  (booking) => ({ ...booking, startAt: 5 }),
  (booking, _, now) => ({ ...booking, startAt: now + 7_200_500 }),
  (booking, _, now) => ({ ...booking, startAt: now + 4_000 * DAY_MS }),
  (booking) => ({ ...booking, topology: 'whole-servers', cards: 5 }),
  (booking) => ({ ...booking, topology: 'same-pod' }),
  (booking) => ({ ...booking, skuId: 'sku_none' }),
  (booking) => ({ ...booking, imageId: 'img_none' }),
  (booking) => ({ ...booking, projectId: 'prj_none' }),
  (booking) => ({ ...booking, projectId: null }),
  (booking) => ({ ...booking, term: 'week' }),
  (booking) => ({ ...booking, quotedUnits: '9'.repeat(30) }),
  (booking) => ({ ...booking, quotedUnits: '-5' }),
  (booking, live) => ({ ...booking, reservationId: live?.id ?? 'rsv_none' }),
  (booking) => ({ kind: 'cancel', reservationId: `${booking.reservationId}' OR true` }),
  () => ({ kind: 'release', reservationId: '' }),
  (_, live) => ({ kind: 'extend', reservationId: live?.id ?? 'rsv_none', seconds: -60, quotedUnits: '0' }),
  (_, live) => ({ kind: 'extend', reservationId: live?.id ?? 'rsv_none', seconds: 1e12, quotedUnits: '0' }),
  (_, live) => ({ kind: 'extend', reservationId: live?.id ?? 'rsv_none', seconds: 60, quotedUnits: '1' }),
  () => ({ kind: 'health', changes: [] }),
  () => ({ kind: 'tick' }),
  () => ({ kind: 'cardAct', act: 'cordon', cardIds: ['crd_none'], reason: '' }),
  () => ({ kind: 'sell', everything: true }),
  () => null,
];

/** How many forms of rubbish there are. */
export const RUBBISH_FORMS = RUBBISH.length;

/** The rubbish of a number. */
export function rubbishOf(form: number, booking: ReservePayload, live: Booked | undefined, now: Instant): unknown {
  return present(RUBBISH[form % RUBBISH.length], 'rubbish')(booking, live, now);
}

/** A plain booking, for what only needs one of the right shape. */
export function plainBooking(mind: Mind, reservationId: string, now: Instant): ReservePayload {
  const step: ReserveStep = {
    do: 'reserve',
    organisation: 0,
    cards: 1,
    topology: 'any',
    leadSeconds: null,
    by: 'hours',
    seconds: 3_600,
    quote: 'good',
    waits: false,
  };
  return reserveOf(mind, step, reservationId, instant(now), { organisationId: '', projects: [] });
}
