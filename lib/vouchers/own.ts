import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Sku } from '#lib/catalog/types.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { sumUnits, type Units, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { promoGranted } from '#lib/ledger/credit-templates.ts';
import { post } from '#lib/ledger/posting.ts';
import { withTx } from '#lib/platform/db.ts';
import { hashSecret, newId } from '#lib/platform/random.ts';
import { planBurn } from './burn.ts';
import { readDeductions } from './deductions.ts';
import { readGrants } from './grant-store.ts';
import { readCode } from './programme.ts';
import { readVouchers } from './spending.ts';
import { redeem } from './store.ts';
import type { Grant, Payment, VoucherRefusal } from './types.ts';

/** The vouchers of the actor's organisation, those that end first before the others. */
export async function listVouchers(ctx: Ctx): Promise<Grant[]> {
  const organisationId = authorizeTenant(ctx, 'voucher:read');
  return withTx(ctx, (tx) => readGrants(tx, { organisationId }, ctx.now));
}

/** What vouchers would pay of an amount for a SKU now, and what is left for the wallet. It changes nothing. */
export async function previewPayment(
  ctx: Ctx,
  sku: Pick<Sku, 'siteId' | 'purchase' | 'model'>,
  amountUnits: Units,
): Promise<Payment> {
  const organisationId = authorizeTenant(ctx, 'voucher:read');
  const vouchers = await withTx(ctx, (tx) => readVouchers(tx, [organisationId], ctx.now));
  const paid = { siteId: sku.siteId, modelId: sku.model.id, purchase: sku.purchase };
  return planBurn(vouchers.get(organisationId) ?? [], paid, amountUnits, ctx.now);
}

/** What vouchers paid of a month's use so far, in 1e-8 yuan. */
export async function getMonthDeducted(ctx: Ctx, month: Month): Promise<Units> {
  const organisationId = authorizeTenant(ctx, 'voucher:read');
  const deductions = await withTx(ctx, (tx) => readDeductions(tx, month, organisationId));
  return sumUnits(deductions.map(({ amountUnits }) => amountUnits));
}

/**
 * Redeems a code for the actor's organisation. The same code again answers with the same voucher. Refused in this
 * order: unknown code, used by somebody else, programme closed, over, budget used up.
 */
export async function redeemCode(
  ctx: Ctx,
  input: { readonly code: string },
): Promise<Result<{ readonly grantId: Id<'promoGrant'>; readonly amountUnits: Units }, VoucherRefusal>> {
  const organisationId = authorizeTenant(ctx, 'voucher:redeem');
  const hash = hashSecret(readCode(input.code));
  return withTx(ctx, async (tx) => {
    const id = newId('promoGrant', ctx.now);
    const { outcome, grantId, amountUnits } = await redeem(tx, hash, id, actorLabel(ctx.actor), ctx.now);
    switch (outcome) {
      case 'unknownCode':
      case 'unknown':
        return refuse({ code: 'voucherCodeUnknown' });
      case 'used':
        return refuse({ code: 'voucherCodeUsed' });
      case 'closed':
        return refuse({ code: 'voucherProgrammeClosed' });
      case 'over':
        return refuse({ code: 'voucherProgrammeOver' });
      case 'budget':
        return refuse({ code: 'voucherProgrammeSpent' });
      case 'own':
        return accept({ grantId: grantId ?? id, amountUnits: units(amountUnits) });
      case 'granted':
        await post(ctx, tx, [promoGranted(id, organisationId, units(amountUnits), ctx.now)]);
        await record(ctx, tx, 'voucher.redeem', id, { amountUnits });
        return accept({ grantId: id, amountUnits: units(amountUnits) });
    }
  });
}
