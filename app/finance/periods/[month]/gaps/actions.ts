'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { chargeGapHour, chargeGapHours } from '#lib/billing/gaps/service.ts';
import { type GapKey, waiverInput } from '#lib/billing/gaps/types.ts';
import { proposeWaiver } from '#lib/billing/gaps/waivers.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';

const nothing = z.object({});

/** Charges one hour that was left out. */
export async function chargeGapAction(key: GapKey, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, nothing, async () => {
    const charged = await chargeGapHour(await staffCtx(), key);
    return charged.ok ? accept(null) : charged;
  });
}

/** Charges the hours that were left out of a month. */
export async function chargeGapsAction(month: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, nothing, async () => {
    const charged = await chargeGapHours(await staffCtx(), month);
    return charged.ok ? accept(null) : charged;
  });
}

/** Proposes that an hour is not charged. */
export async function proposeWaiverAction(key: GapKey, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, waiverInput, async ({ reason }) => {
    const proposed = await proposeWaiver(await staffCtx(), { ...key, reason });
    return proposed.ok ? accept(null) : proposed;
  });
}
