'use server';

import { z } from 'zod';
import type { FormState } from '#components/form/form-state.ts';
import { accept, type Refusal, type Result } from '#lib/core/result.ts';
import { type DeviceTarget, RECOVERIES } from '#lib/devices/request-types.ts';
import { askRecovery, injectFault } from '#lib/devices/requests.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { submit } from '../_edge/submit.ts';

const withoutValue = <T, R extends Refusal>(result: Result<T, R>): Result<null, R> =>
  result.ok ? accept(null) : result;

/** Asks a host to bring a card or a server back. */
export async function recoverAction(target: DeviceTarget, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ action: z.enum(RECOVERIES) }), async ({ action }, idempotencyKey) =>
    withoutValue(await askRecovery(await staffCtx(), { target, action, idempotencyKey })),
  );
}

/** Breaks a simulated card or server. */
export async function injectAction(target: DeviceTarget, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ kind: z.string().max(40) }), async ({ kind }, idempotencyKey) =>
    withoutValue(await injectFault(await staffCtx(), { target, kind, idempotencyKey })),
  );
}
