import 'server-only';
import { createHash } from 'node:crypto';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { newId } from '#lib/platform/random.ts';
import { submitCommand } from '#lib/reservations/command-log.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import { HAND } from './postgres-market.ts';

/** A command as it is handed in, for a pool; null is the operator's staff. */
export type Submission = {
  readonly organisationId: Id<'organisation'> | null;
  readonly key: string;
  readonly request: string;
  readonly payload: string;
  readonly poolId: Id<'pool'>;
};

const customer = (organisationId: Id<'organisation'>, now: Instant): Ctx => ({
  actor: { kind: 'customer', userId: 'usr_simulated' as Id<'user'>, organisationId, role: 'owner' },
  scope: { kind: 'organisation', organisationId },
  requestId: 'req_simulate',
  now,
});

/** The real door of the command log, as the organisation itself; null when it does not take the command. */
export async function handInAtDoor(
  { organisationId, key, request, payload, poolId }: Submission,
  now: Instant,
): Promise<string | null> {
  const value: unknown = JSON.parse(payload);
  const readable = commandPayload.safeParse(value);
  const ctx: Ctx = organisationId === null ? { ...HAND, now } : customer(organisationId, now);
  const digest = createHash('sha256').update(request).digest('hex');
  const submission = {
    poolId,
    organisationId,
    payload: readable.success ? readable.data : (value as Parameters<typeof submitCommand>[1]['payload']),
    request: { digest },
    idempotencyKey: key,
  };
  const taking = submitCommand(ctx, submission, newId('command', now));
  if (!readable.success) {
    const isTaken = await taking.then(
      () => true,
      () => false,
    );
    return isTaken ? 'rubbish' : null;
  }
  const result = await taking;
  return result.ok ? result.value.commandId : null;
}
