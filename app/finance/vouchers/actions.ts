'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { parseLocalField } from '#components/form/local-time.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { typedFen } from '#lib/payments/typed-amount.ts';
import {
  closeVoucherProgramme,
  createCodes,
  createProgramme,
  grantVoucher,
  withdrawVoucher,
} from '#lib/vouchers/service.ts';
import { ISSUER_KINDS } from '#lib/vouchers/types.ts';

/** The largest amount that a form takes, 9 trillion fen: what the database holds in 1e-8 yuan. */
const FEN_MAX = 9_000_000_000_000n;

const amount = z.string().transform((text, context) => {
  const typed = typedFen(text.trim());
  if (typed !== null && typed > 0n && typed <= FEN_MAX) return fenToUnits(typed);
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const whole = z.string().transform((text, context) => {
  if (/^\d{1,6}$/.test(text.trim())) return Number.parseInt(text, 10);
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const moment = z.string().transform((text, context) => {
  const at = parseLocalField(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

const CHOICE = { site: 'site:', model: 'model:', way: 'way:' } as const;

/** What was ticked of a kind: the form names a box by its kind and what it stands for. */
function ticked(form: FormData, prefix: string): string[] {
  return [...form.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length, 64));
}

const programmeFields = z.object({
  name: z.string().trim().min(1).max(80),
  issuerKind: z.enum(ISSUER_KINDS),
  issuerName: z.string().trim().min(1).max(80),
  terms: z.string().trim().min(1).max(2_000),
  faceYuan: amount,
  budgetYuan: amount,
  priority: whole,
  validFrom: moment,
  validUntil: moment,
});

/** Makes a programme and goes to it. */
export async function createProgrammeAction(_: FormState<string>, form: FormData): Promise<FormState<string>> {
  const ways = ticked(form, CHOICE.way);
  const scope = {
    siteIds: ticked(form, CHOICE.site),
    modelIds: ticked(form, CHOICE.model),
    purchases: PURCHASES.filter((purchase) => ways.includes(purchase)),
  };
  const state = await submit(form, programmeFields, async ({ faceYuan, budgetYuan, ...fields }) => {
    const terms = { ...fields, ...scope, faceUnits: faceYuan, budgetUnits: budgetYuan };
    const made = await createProgramme(await staffCtx(), terms);
    return made.ok ? accept<string>(made.value.programmeId) : made;
  });
  if (state.status === 'done') redirect(`/finance/vouchers/${state.value}`);
  return state;
}

/** Grants a voucher to an organisation. */
export async function grantAction(programmeId: string, _: FormState, form: FormData): Promise<FormState> {
  const fields = z.object({ slug: z.string().trim().min(1).max(64), amountYuan: amount });
  return submit(form, fields, async ({ slug, amountYuan }) => {
    const made = await grantVoucher(await staffCtx(), { programmeId, slug, amountUnits: amountYuan });
    return made.ok ? accept(null) : made;
  });
}

export type NewCodes = { readonly codes: readonly string[] };

/** Makes codes, which are shown this once. */
export async function codesAction(
  programmeId: string,
  _: FormState<NewCodes>,
  form: FormData,
): Promise<FormState<NewCodes>> {
  return submit(form, z.object({ count: whole }), async ({ count }) =>
    createCodes(await staffCtx(), { programmeId, count }),
  );
}

/** Stops granting. */
export async function closeAction(programmeId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => closeVoucherProgramme(await staffCtx(), programmeId));
}

/** Takes a voucher back. */
export async function withdrawAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ grantId: z.string().max(64) }), async ({ grantId }) =>
    withdrawVoucher(await staffCtx(), grantId),
  );
}
