'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { parseLocalField } from '#components/form/local-time.ts';
import type { AgreedPricing } from '#lib/catalog/agreement-types.ts';
import { decideAgreement, endAgreement, proposeAgreement } from '#lib/catalog/agreements.ts';
import type { Id } from '#lib/core/id.ts';
import { parseFen, parsePrice } from '#lib/core/money.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** An instant as people type it; empty is none. */
const moment = z.string().transform((text, context) => {
  if (text.trim() === '') return null;
  const at = parseLocalField(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** `85` or `82.5` per cent as basis points, or yuan per card-hour. */
function pricingOf(kind: AgreedPricing['kind'], text: string): AgreedPricing | null {
  if (kind === 'fixed') {
    const price = parsePrice(text);
    return price === null ? null : { kind, priceE10PerCardHour: price };
  }
  const bps = parseFen(text);
  return bps === null || bps > 10_000n ? null : { kind, factorBps: Number.parseInt(`${bps}`, 10) };
}

const fields = z
  .object({
    slug: z.string().trim().min(1).max(64),
    skuId: z.string().max(64),
    kind: z.enum(['factor', 'fixed']),
    value: z.string().trim(),
    validFrom: moment,
    validTo: moment,
    contractNumber: z.string().trim().min(1).max(64),
    reason: z.string().trim().min(3).max(200),
  })
  .transform(({ kind, value, ...rest }, context) => {
    const pricing = pricingOf(kind, value);
    if (pricing !== null) return { ...rest, pricing };
    context.addIssue({ code: 'custom', path: ['value'] });
    return z.NEVER;
  });

/** Proposes a price and goes back to the list, where it waits. */
export async function proposeAgreementAction(_: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, fields, async ({ slug, skuId, ...terms }) => {
    const sku = skuId === '' ? null : (skuId as Id<'sku'>);
    const proposed = await proposeAgreement(await staffCtx(), { ...terms, organisationSlug: slug, skuId: sku });
    return proposed.ok ? accept(null) : proposed;
  });
  if (state.status === 'done') redirect('/finance/agreements');
  return state;
}

/** Approves or declines a proposal. */
export async function decideAgreementAction(
  agreementId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, z.object({}), async () => {
    const decided = await decideAgreement(await staffCtx(), { agreementId, isApproved });
    return decided.ok ? accept(null) : decided;
  });
}

/** Ends an agreement from now on. */
export async function endAgreementAction(_: FormState, form: FormData): Promise<FormState> {
  const input = z.object({ agreementId: z.string().max(64), reason: z.string().trim().min(3).max(200) });
  return submit(form, input, async (end) => {
    const ended = await endAgreement(await staffCtx(), end);
    return ended.ok ? accept(null) : ended;
  });
}
