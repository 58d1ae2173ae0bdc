import 'server-only';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { listSkus } from '#lib/catalog/service.ts';
import { QUEUE_TIERS } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { ID_PREFIXES, type Id, idFrom, toBase32 } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { ask } from '../asking.ts';
import type { ChangeRefusal } from '../service.ts';
import { type JobFilter, readJob, readJobs, readPoolQueues } from './store.ts';
import { JOB_CAN, type JobView, type PoolQueue } from './view-types.ts';

/** What a customer asks the queue for. */
export const jobWish = z.object({
  skuId: z.string().max(64),
  projectId: z.string().max(64).nullable(),
  name: z.string().trim().min(1).max(80),
  tier: z.enum(QUEUE_TIERS),
  cards: z.number(),
  topology: z.enum(TOPOLOGIES),
  walltimeSeconds: z.number(),
  deadlineAt: z.number().int().nullable(),
  priceCapE10: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  imageId: z.string().max(64),
  command: z.string().trim().min(1).max(4_000),
});
export type JobWish = z.infer<typeof jobWish>;

export type JobResult = Result<{ readonly jobId: Id<'job'> }, ChangeRefusal>;

/** The id follows from who submits under which key, so that the same submission is the same job, however often it comes. */
export function jobIdOf(organisationId: Id<'organisation'>, idempotencyKey: string): Id<'job'> {
  const digest = createHash('sha256').update(`${organisationId} ${idempotencyKey}`).digest();
  return idFrom('job', `${ID_PREFIXES.job}_${toBase32(digest.subarray(0, 16))}`);
}

/**
 * Puts a job into its pool's queue. It starts by itself as soon as its turn comes and there is room, money and a good
 * price; then it is a reservation with a workload. Refused in the order of `JobRefusal`; the same key is the same job.
 */
export async function queueJob(ctx: Ctx, input: JobWish & { readonly idempotencyKey: string }): Promise<JobResult> {
  const organisationId = authorizeTenant(ctx, 'job:submit');
  const { idempotencyKey, ...wish } = input;
  const sku = (await listSkus(ctx)).find(({ id }) => id === wish.skuId);
  if (!sku) return refuse({ code: 'tierNotSold' });
  const jobId = jobIdOf(organisationId, idempotencyKey);
  const answer = await ask(ctx, {
    poolId: sku.poolId,
    organisationId,
    payload: { kind: 'queueJob', jobId, ...wish },
    request: { kind: 'queueJob', ...wish },
    idempotencyKey,
  });
  return answer.ok ? accept({ jobId }) : answer;
}

/** Takes a waiting job back, which costs nothing, or ends a running one; what it did not use returns. */
export async function cancelJob(
  ctx: Ctx,
  { jobId, idempotencyKey }: { readonly jobId: string; readonly idempotencyKey: string },
): Promise<JobResult> {
  const organisationId = authorizeTenant(ctx, 'job:cancel');
  const find = () => withTx(ctx, (tx) => readJob(tx, { organisationId }, jobId));
  const found = await find();
  if (!found) return refuse({ code: 'jobUnknown' });
  const payload = { kind: 'cancelQueuedJob', jobId } as const;
  const answer = await ask(ctx, { poolId: found.poolId, organisationId, payload, request: payload, idempotencyKey });
  if (answer.ok) return accept({ jobId: found.id });
  // The engine remembers jobs that wait or run only: one that exists and that it does not know is over.
  const isOver = answer.refusal.code === 'jobUnknown' || answer.refusal.code === 'reservationUnknown';
  return isOver ? refuse({ code: 'jobNotInState', state: (await find())?.state ?? found.state }) : answer;
}

const scopeOf = (ctx: Ctx): Pick<JobFilter, 'organisationId'> => ({
  organisationId: ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null,
});

/** A page of jobs, newest first: the organisation's own, or everybody's for staff. */
export async function listJobs(
  ctx: Ctx,
  filter: Omit<JobFilter, 'organisationId'>,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: JobView[]; total: number }> {
  authorize(ctx, 'job:read');
  return withTx(ctx, (tx) => readJobs(tx, { ...filter, ...scopeOf(ctx) }, page));
}

/** A job; null when the actor has none of that id. */
export async function findJob(ctx: Ctx, jobId: string): Promise<JobView | null> {
  authorize(ctx, 'job:read');
  return withTx(ctx, (tx) => readJob(tx, scopeOf(ctx), jobId));
}

/** Every pool's queue at a glance. Staff only. */
export async function listPoolQueues(ctx: Ctx): Promise<PoolQueue[]> {
  authorize(ctx, 'queue:watch');
  return withTx(ctx, readPoolQueues);
}

/** True when a job in this state can be taken back or ended. */
export function canCancel({ state }: Pick<JobView, 'state'>): boolean {
  const states: readonly string[] = JOB_CAN.cancel;
  return states.includes(state);
}
