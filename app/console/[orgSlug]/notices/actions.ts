'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { markNoticesRead } from '#lib/notices/service.ts';

/** Marks what there is as read. */
export async function markReadAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => markNoticesRead(await customerCtx(orgSlug)));
}
