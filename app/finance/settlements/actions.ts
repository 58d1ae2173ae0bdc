'use server';

import { redirect } from 'next/navigation';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { SETTLEMENT_ROWS_MAX } from '#lib/payments/settlements/parse.ts';
import { importSettlement } from '#lib/payments/settlements/service.ts';
import { settlementInput } from '#lib/payments/settlements/types.ts';

const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** Takes a provider's statement, then shows what it says. */
export async function importSettlementAction(_: FormState, form: FormData): Promise<FormState> {
  const file = form.get('file');
  form.delete('file');
  const isTooLong = file instanceof File && file.size > FILE_BYTES_MAX;
  if (file instanceof File) {
    form.set('name', file.name || '-');
    form.set('text', isTooLong || file.size === 0 ? '-' : await file.text());
  }
  let fileId = '';
  const state = await submit(form, settlementInput, async (input) => {
    if (isTooLong) return refuse({ code: 'settlementTooLong', rowsMax: SETTLEMENT_ROWS_MAX });
    const imported = await importSettlement(await staffCtx(), input);
    if (!imported.ok) return imported;
    fileId = imported.value;
    return accept(null);
  });
  if (state.status === 'done') redirect(`/finance/settlements/${fileId}`);
  return state;
}
