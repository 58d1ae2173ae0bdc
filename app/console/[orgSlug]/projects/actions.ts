'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { fenToUnits, parseFen } from '#lib/core/money.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { changeProject, createProject, PROJECT_QUOTA_MAX, projectName } from '#lib/reservations/projects.ts';

type Saved = { readonly projectId: string };

/** Empty means none. */
const fields = z.object({
  name: projectName,
  quota: z
    .string()
    .max(8)
    .transform((text, ctx) => {
      if (text.trim() === '') return null;
      const cards = /^\d{1,5}$/.test(text.trim()) ? Number.parseInt(text, 10) : -1;
      if (cards < 0 || cards > PROJECT_QUOTA_MAX) ctx.addIssue({ code: 'custom', message: 'not a number of cards' });
      return cards;
    }),
  limit: z
    .string()
    .max(20)
    .transform((text, ctx) => {
      if (text.trim() === '') return null;
      const amount = parseFen(text.trim());
      // The database holds 19 digits of 1e-8 yuan.
      if (amount === null || amount > 9_000_000_000_000n) {
        ctx.addIssue({ code: 'custom', message: 'not an amount' });
        return null;
      }
      return fenToUnits(amount);
    }),
});

const toInput = ({ name, quota, limit }: z.output<typeof fields>) => ({
  name,
  cardQuota: quota,
  monthlySpendingLimitUnits: limit,
});

/** Adds a project. */
export async function createProjectAction(
  orgSlug: string,
  _: FormState<Saved>,
  form: FormData,
): Promise<FormState<Saved>> {
  return submit(form, fields, async (input) => createProject(await customerCtx(orgSlug), toInput(input)));
}

const change = fields.extend({ projectId: z.string().max(64), state: z.enum(['open', 'closed']) });

/** Changes a project. */
export async function changeProjectAction(
  orgSlug: string,
  _: FormState<Saved>,
  form: FormData,
): Promise<FormState<Saved>> {
  return submit(form, change, async (input) =>
    changeProject(await customerCtx(orgSlug), {
      ...toInput(input),
      projectId: input.projectId,
      isClosed: input.state === 'closed',
    }),
  );
}
