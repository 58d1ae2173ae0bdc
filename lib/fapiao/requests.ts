import 'server-only';
import { record } from '#lib/audit/record.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { monthOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { lockAccount, readAccount, readOpenInvoices, readOpenLines } from './account-store.ts';
import { decideAmount, readWish } from './amount.ts';
import { fapiaoIdOf } from './fapiao-id.ts';
import { goodsOf } from './goods.ts';
import { sumOf, takeFrom } from './portion.ts';
import { findFapiaoRow, insertFapiao, lockFapiao, nextSalesNumber, readFapiaoLines, writeStep } from './store.ts';
import { findTitle } from './title-store.ts';
import { canBecome } from './transitions.ts';
import type { FapiaoAccount, FapiaoRefusal, FapiaoRequest, FapiaoView, OpenInvoice } from './types.ts';

/** What the actor's organisation may have fapiao for. */
export async function getFapiaoAccount(ctx: Ctx): Promise<FapiaoAccount> {
  const organisationId = authorizeTenant(ctx, 'fapiao:read');
  return withTx(ctx, (tx) => readAccount(tx, organisationId));
}

/** The own invoices that a fapiao may still be asked for, oldest first. */
export async function listOpenInvoices(ctx: Ctx): Promise<OpenInvoice[]> {
  const organisationId = authorizeTenant(ctx, 'fapiao:read');
  return withTx(ctx, (tx) => readOpenInvoices(tx, organisationId));
}

/** The fapiao that a repeated submission asked for; another wish under the same key is refused. */
async function findRepeated(tx: Tx, kept: FapiaoView, wish: FapiaoRequest): Promise<Result<FapiaoView, FapiaoRefusal>> {
  const lines = (await readFapiaoLines(tx, [kept.id])).get(kept.id) ?? [];
  const asked = readWish(wish.amountYuan);
  const isSame =
    kept.titleId === wish.titleId &&
    kept.remark === wish.remark &&
    asked.ok &&
    (asked.value === null || asked.value === kept.grossFen) &&
    lines.every(({ invoiceId }) => wish.invoiceIds.includes(invoiceId));
  return isSame ? accept(kept) : refuse({ code: 'idempotencyKeyReused' });
}

async function makeRequest(
  ctx: Ctx,
  tx: Tx,
  id: Id<'fapiao'>,
  organisationId: Id<'organisation'>,
  wish: FapiaoRequest,
): Promise<Result<FapiaoView, FapiaoRefusal>> {
  const title = await findTitle(tx, organisationId, wish.titleId);
  if (!title) return refuse({ code: 'fapiaoTitleUnknown' });
  if (wish.invoiceIds.length === 0) return refuse({ code: 'fapiaoInvoicesMissing' });
  const open = await readOpenLines(tx, organisationId, wish.invoiceIds);
  const found = new Set<string>(open.map(({ invoiceId }) => invoiceId));
  if (wish.invoiceIds.some((invoiceId) => !found.has(invoiceId))) return refuse({ code: 'fapiaoInvoiceUnknown' });
  const asked = readWish(wish.amountYuan);
  if (!asked.ok) return asked;
  const { availableFen } = await readAccount(tx, organisationId);
  const amount = decideAmount(asked.value, { invoicesFen: sumOf(open).grossFen, availableFen });
  if (!amount.ok) return amount;
  const lines = takeFrom(open, amount.value).map((line, i) => ({ ...line, line: i + 1, ...goodsOf(line.taxRateBps) }));
  const { kind, fapiaoType, name, taxId, addressPhone, bankAccount } = title;
  const fapiao = {
    ...{ id, organisationId, kind: 'blue' as const, blueId: null, titleId: title.id },
    ...sumOf(lines),
    salesNumber: await nextSalesNumber(tx, monthOf(ctx.now)),
    buyer: { kind, fapiaoType, name, taxId, addressPhone, bankAccount },
    ...{ remark: wish.remark, requestedAt: ctx.now, changedAt: ctx.now, changedNote: '' },
  };
  await insertFapiao(tx, fapiao, lines, actorLabel(ctx.actor));
  const { salesNumber, grossFen } = fapiao;
  await record(ctx, tx, 'fapiao.request', id, { salesNumber, grossFen });
  return accept(present(await findFapiaoRow(tx, organisationId, id), `fapiao ${id}`));
}

/**
 * Asks for a fapiao over issued invoices, or a part of them: the amount is taken from their lines, oldest first. The
 * title is copied, so that changing it later changes nothing here. Under one key it is asked for once. Refuses, in this
 * order: title unknown, no invoice chosen, an invoice that is not the organisation's, an amount that cannot be read,
 * nothing left, more than the invoices leave, more than the account leaves.
 */
export async function requestFapiao(
  ctx: Ctx,
  wish: FapiaoRequest,
  idempotencyKey = '',
): Promise<Result<FapiaoView, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  const id = idempotencyKey === '' ? newId('fapiao', ctx.now) : fapiaoIdOf(organisationId, idempotencyKey);
  return withTx(ctx, async (tx) => {
    await lockAccount(tx, organisationId);
    const kept = await findFapiaoRow(tx, organisationId, id);
    return kept ? findRepeated(tx, kept, wish) : makeRequest(ctx, tx, id, organisationId, wish);
  });
}

/** Takes back what was asked for and is not handed over yet, blue or red. */
export async function withdrawFapiao(ctx: Ctx, fapiaoId: string): Promise<Result<null, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  return withTx(ctx, async (tx) => {
    const fapiao = await lockFapiao(tx, organisationId, fapiaoId);
    if (!fapiao) return refuse({ code: 'fapiaoUnknown' });
    if (!canBecome(fapiao, 'withdrawn')) return refuse({ code: 'fapiaoNotInState', state: fapiao.state });
    await writeStep(tx, fapiao.id, { to: 'withdrawn', by: actorLabel(ctx.actor), at: ctx.now, note: '' });
    await record(ctx, tx, 'fapiao.withdraw', fapiao.id, { salesNumber: fapiao.salesNumber });
    return accept(null);
  });
}
