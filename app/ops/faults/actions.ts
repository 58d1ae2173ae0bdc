'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { staffCtx } from '#lib/identity/context.ts';
import {
  giveBackIncident,
  handOverIncident,
  remarkOnIncident,
  resolveIncident,
  takeIncident,
} from '#lib/inventory/incidents.ts';

/** Somebody begins to work on a fault case. */
export async function takeAction(incidentId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => takeIncident(await staffCtx(), { incidentId }));
}

/** The owner stops working on it. */
export async function giveBackAction(incidentId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => giveBackIncident(await staffCtx(), { incidentId }));
}

/** Another person works on it from now on. */
export async function handOverAction(incidentId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ personId: z.string().max(60) }), async ({ personId }) =>
    handOverIncident(await staffCtx(), { incidentId, personId }),
  );
}

/** Notes something for whoever reads it later. */
export async function remarkAction(incidentId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ text: z.string().trim().min(1).max(500) }), async ({ text }) =>
    remarkOnIncident(await staffCtx(), { incidentId, text }),
  );
}

/** Ends it with a reason, although its device has not. */
export async function resolveAction(incidentId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ reason: z.string().trim().min(3).max(200) }), async ({ reason }) =>
    resolveIncident(await staffCtx(), { incidentId, reason }),
  );
}
