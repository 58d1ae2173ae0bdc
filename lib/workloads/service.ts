import 'server-only';
import { createHash } from 'node:crypto';
import { record } from '#lib/audit/record.ts';
import { readImages } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { ID_PREFIXES, type Id, idFrom, toBase32 } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import type { SubmissionRefusal } from '#lib/reservations/command-log.ts';
import { readStanding } from '#lib/reservations/standing.ts';
import { checkWorkload } from './admission.ts';
import {
  insertWorkload,
  readWorkload,
  readWorkloadDetail,
  readWorkloads,
  type WorkloadFilter,
  writeCancelAsked,
} from './store.ts';
import type { Workload, WorkloadDetail, WorkloadInput, WorkloadRefusal, WorkloadState, WorkloadView } from './types.ts';

export type WorkloadResult = Result<{ readonly workloadId: Id<'workload'> }, WorkloadRefusal | SubmissionRefusal>;

/** The id follows from who submits under which key, so that the same submission is the same row, however often it comes. */
function idOf(organisationId: Id<'organisation'>, idempotencyKey: string): Id<'workload'> {
  const digest = createHash('sha256').update(`${organisationId} ${idempotencyKey}`).digest();
  return idFrom('workload', `${ID_PREFIXES.workload}_${toBase32(digest.subarray(0, 16))}`);
}

const isSame = (kept: Workload, input: WorkloadInput): boolean =>
  kept.reservationId === input.reservationId &&
  kept.name === input.name &&
  kept.imageId === input.imageId &&
  kept.command === input.command &&
  kept.cards === input.cards &&
  kept.walltimeSeconds === input.walltimeSeconds;

/**
 * Hands a workload in for cards of a reservation of the actor's organisation. It starts by itself as soon as so many of
 * them are free. Refused in the order of {@link WorkloadRefusal}; the same key is the same workload.
 */
export async function submitWorkload(
  ctx: Ctx,
  { idempotencyKey, ...input }: WorkloadInput & { readonly idempotencyKey: string },
): Promise<WorkloadResult> {
  const organisationId = authorizeTenant(ctx, 'workload:submit');
  const id = idOf(organisationId, idempotencyKey);
  return withTx(ctx, async (tx): Promise<WorkloadResult> => {
    const before = await readWorkload(tx, { organisationId }, id);
    if (!before) {
      const reservation = await readStanding(tx, organisationId, input.reservationId);
      const image = (await readImages(tx)).find((each) => each.id === input.imageId) ?? null;
      const checked = checkWorkload(input, { reservation, image });
      if (!checked.ok) return checked;
      await insertWorkload(tx, id, organisationId, input, { actor: actorLabel(ctx.actor), at: ctx.now });
    }
    const kept = present(before ?? (await readWorkload(tx, { organisationId }, id)), `workload ${id}`);
    if (!isSame(kept, input)) return refuse({ code: 'idempotencyKeyReused' });
    if (!before) {
      const { reservationId, cards } = input;
      await record(ctx, tx, 'workload.submitted', id, { reservationId, cards });
      await notify(tx, 'kashi_command', ['workloads']);
      await notify(tx, 'kashi_change', [`reservation:${reservationId}`]);
    }
    return accept({ workloadId: id });
  });
}

/** Asks for a workload to be stopped, or not to be started. The engine does it at once; what is over stays as it is. */
export async function cancelWorkload(
  ctx: Ctx,
  { workloadId }: { readonly workloadId: string },
): Promise<Result<null, WorkloadRefusal>> {
  const organisationId = authorizeTenant(ctx, 'workload:cancel');
  return withTx(ctx, async (tx): Promise<Result<null, WorkloadRefusal>> => {
    const found = await readWorkload(tx, { organisationId }, workloadId);
    if (!found) return refuse({ code: 'workloadUnknown' });
    if (!(await writeCancelAsked(tx, organisationId, workloadId, ctx.now)))
      return refuse({ code: 'workloadNotInState', state: found.state });
    if (!found.isCancelAsked) await record(ctx, tx, 'workload.cancelAsked', workloadId, {});
    await notify(tx, 'kashi_command', ['workloads']);
    await notify(tx, 'kashi_change', [`reservation:${found.reservationId}`]);
    return accept(null);
  });
}

const scopeOf = (ctx: Ctx): Pick<WorkloadFilter, 'organisationId'> => ({
  organisationId: ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null,
});

/** A page of workloads, newest first: the organisation's own, or everybody's for staff. */
export async function listWorkloads(
  ctx: Ctx,
  filter: { readonly reservationId?: string; readonly states?: readonly WorkloadState[] },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: WorkloadView[]; total: number }> {
  authorize(ctx, 'workload:read');
  return withTx(ctx, (tx) => readWorkloads(tx, { ...filter, ...scopeOf(ctx) }, page));
}

/** A workload with its cards and its output; null when the actor has none of that id. */
export async function findWorkload(ctx: Ctx, workloadId: string): Promise<WorkloadDetail | null> {
  authorize(ctx, 'workload:read');
  return withTx(ctx, (tx) => readWorkloadDetail(tx, scopeOf(ctx), workloadId));
}
