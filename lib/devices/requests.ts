import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { AuditAction } from '#lib/audit/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { type AimedAt, findTarget, insertRequest, readRequests, requestIdOf } from './request-store.ts';
import {
  type DeviceRequestRefusal,
  type DeviceTarget,
  FAULTS_OF,
  type Recovery,
  type RequestView,
} from './request-types.ts';

type Asked = { readonly target: DeviceTarget; readonly idempotencyKey: string };
type Answer = Result<Id<'deviceRequest'>, DeviceRequestRefusal>;

/** Writes a request for the pool's engine and wakes it. The same key asks once. */
async function ask(
  ctx: Ctx,
  asked: Asked & { readonly kind: string; readonly action: AuditAction },
  refusalOf: (aimed: AimedAt) => DeviceRequestRefusal | null,
): Promise<Answer> {
  const { target, kind, action, idempotencyKey } = asked;
  return withTx(ctx, async (tx): Promise<Answer> => {
    const aimed = await findTarget(tx, target);
    if (!aimed) return refuse({ code: 'deviceUnknown' });
    const refusal = refusalOf(aimed);
    if (refusal) return refuse(refusal);
    const id = requestIdOf(ctx, idempotencyKey);
    if (await insertRequest(ctx, tx, { id, kind, ...aimed })) {
      await record(ctx, tx, action, target.id, { kind, request: id });
      await notify(tx, 'kashi_command', ['devices']);
    }
    return accept(id);
  });
}

/**
 * Asks a host to bring a card or a server back. Everything but a reset of one card concerns the whole server. The
 * outcome stands in the list of requests once the engine has done it. Refused: `deviceUnknown`, `resetNeedsCard`.
 */
export async function askRecovery(ctx: Ctx, input: Asked & { readonly action: Recovery }): Promise<Answer> {
  authorize(ctx, 'device:recover');
  const isMisaimed = input.action === 'device_reset' && input.target.kind === 'server';
  return ask(ctx, { ...input, kind: input.action, action: 'device.recoveryAsked' }, () =>
    isMisaimed ? { code: 'resetNeedsCard' } : null,
  );
}

/** Breaks a simulated card or server. Refused: `deviceUnknown`, `fleetIsReal`, `faultNotForTarget`. */
export async function injectFault(ctx: Ctx, input: Asked & { readonly kind: string }): Promise<Answer> {
  authorize(ctx, 'fault:inject');
  const kinds: readonly string[] = FAULTS_OF[input.target.kind];
  return ask(ctx, { ...input, action: 'device.faultInjected' }, ({ driverKind }) => {
    if (driverKind !== 'simulated') return { code: 'fleetIsReal' };
    return kinds.includes(input.kind) ? null : { code: 'faultNotForTarget' };
  });
}

/** What was asked of devices and what became of it, of one server or of all, newest first. */
export async function listRequests(
  ctx: Ctx,
  filter: { readonly serverId: string | null },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: RequestView[]; total: number }> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readRequests(tx, filter.serverId, page));
}
