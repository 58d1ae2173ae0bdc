import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { payArrears } from '#lib/ledger/arrears.ts';
import { post } from '#lib/ledger/posting.ts';
import { postAlone } from '#lib/ledger/posting-alone.ts';
import { bankReceived, transferMatched, transferReturned } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { suggestMatches } from './match.ts';
import { checkBankLine } from './statement.ts';
import { readBankLineDetail, readReceiptSummary, writeReturn } from './receipt-store.ts';
import { countReversedMatches } from './reversed-store.ts';
import {
  bankLineRow,
  closePayment,
  lockBankLine,
  lockPayment,
  readBankLines,
  readOpenTransfers,
  writeMatch,
} from './store.ts';
import type {
  BankLine,
  BankLineDetail,
  BankLineInput,
  BankLineState,
  MatchSuggestion,
  PaymentRefusal,
  ReceiptSummary,
} from './types.ts';

/** Why a line that does not wait any more is left alone. */
const TAKEN = { matched: 'bankLineMatched', returned: 'bankLineReturned' } as const;

/** Books a line of the bank statement: the money is in suspense until it is matched. The same reference books once. */
export async function recordBankLine(ctx: Ctx, input: BankLineInput): Promise<Result<BankLine, PaymentRefusal>> {
  authorize(ctx, 'bankLine:record');
  const checked = checkBankLine(input, ctx.now);
  if (!checked.ok) return checked;
  const amountFen = checked.value;
  const { bankReference, payerName, remark } = input;
  const id = newId('bankLine', ctx.now);
  const line: BankLine = {
    id,
    bankReference,
    receivedAt: instant(input.receivedAt),
    amountFen,
    payerName,
    remark,
    state: 'unmatched',
    paymentId: null,
  };
  const act = { action: 'bankLine.record', target: id, data: { bankReference, amountFen } } as const;
  const row = bankLineRow(line, actorLabel(ctx.actor), ctx.now);
  const posted = await postAlone(ctx, [bankReceived(id, amountFen, ctx.now)], { of: 'bankLine', row, act });
  return posted ? accept(line) : refuse({ code: 'bankReferenceUsed' });
}

/** A page of bank lines, each unmatched one with the transfers that it may be. */
export async function listBankLines(
  ctx: Ctx,
  state: BankLineState | null,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: { line: BankLine; suggestions: MatchSuggestion[] }[]; total: number }> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, async (tx) => {
    const { rows, total } = await readBankLines(tx, state, page.skip, page.take);
    const open = await readOpenTransfers(tx);
    return {
      rows: rows.map((line) => ({ line, suggestions: line.state === 'unmatched' ? suggestMatches(line, open) : [] })),
      total,
    };
  });
}

/** Says whose transfer a bank line is: what arrived is credited to that wallet, whatever was announced. Once. */
export async function matchBankLine(
  ctx: Ctx,
  input: { readonly bankLineId: string; readonly paymentId: string },
): Promise<Result<null, PaymentRefusal>> {
  authorize(ctx, 'bankLine:match');
  return withTx(ctx, async (tx) => {
    const line = await lockBankLine(tx, input.bankLineId);
    if (!line) return refuse({ code: 'bankLineUnknown' });
    if (line.state !== 'unmatched') return refuse({ code: TAKEN[line.state] });
    const payment = await lockPayment(tx, input.paymentId);
    if (!payment) return refuse({ code: 'paymentUnknown' });
    if (payment.state !== 'open' || payment.method !== 'bank-transfer')
      return refuse({ code: 'paymentNotOpen', state: payment.state });
    const first = transferMatched(line.id, payment.id, payment.organisationId, line.amountFen, ctx.now);
    const earlier = await countReversedMatches(tx, line.id);
    const journal = earlier === 0 ? first : { ...first, key: `${first.key}:${earlier}` };
    await post(ctx, tx, [journal]);
    await payArrears(ctx, tx, payment.organisationId);
    await closePayment(tx, payment.id, { settledFen: line.amountFen, journalKey: journal.key, at: ctx.now });
    await writeMatch(tx, line.id, payment.id, actorLabel(ctx.actor), ctx.now);
    await record(
      ctx,
      tx,
      'bankLine.match',
      line.id,
      { payment: payment.id, amountFen: line.amountFen },
      payment.organisationId,
    );
    return accept(null);
  });
}

/** Sends back what nobody here expects: out of suspense to the bank, with a reason. Once, and only while it waits. */
export async function returnBankLine(
  ctx: Ctx,
  input: { readonly bankLineId: string; readonly reason: string },
): Promise<Result<null, PaymentRefusal>> {
  authorize(ctx, 'bankLine:match');
  return withTx(ctx, async (tx) => {
    const line = await lockBankLine(tx, input.bankLineId);
    if (!line) return refuse({ code: 'bankLineUnknown' });
    if (line.state !== 'unmatched') return refuse({ code: TAKEN[line.state] });
    await post(ctx, tx, [transferReturned(line.id, line.amountFen, ctx.now)]);
    await writeReturn(tx, line.id, { reason: input.reason, by: actorLabel(ctx.actor), at: ctx.now });
    await record(ctx, tx, 'bankLine.return', line.id, { amountFen: line.amountFen, reason: input.reason });
    return accept(null);
  });
}

/** One bank line with what became of it, or with the transfers that it may be; null when there is none of that id. */
export async function findBankLine(ctx: Ctx, bankLineId: string): Promise<BankLineDetail | null> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, async (tx) => {
    const found = await readBankLineDetail(tx, bankLineId);
    if (!found) return null;
    const open = found.line.state === 'unmatched' ? await readOpenTransfers(tx) : [];
    const suggestions = suggestMatches(found.line, open);
    const suggested = new Set(suggestions.map(({ payment }) => payment.id));
    return { ...found, suggestions, others: open.filter(({ payment }) => !suggested.has(payment.id)) };
  });
}

/** What waits at the bank: lines by state, and transfers that are announced and have not arrived. */
export async function getReceiptSummary(ctx: Ctx): Promise<ReceiptSummary> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, readReceiptSummary);
}
