import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import { parseFen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { post } from '#lib/ledger/posting.ts';
import { bankReceived, transferMatched } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { suggestMatches } from './match.ts';
import {
  closePayment,
  insertBankLine,
  lockBankLine,
  lockPayment,
  readBankLines,
  readOpenTransfers,
  writeMatch,
} from './store.ts';
import {
  type BankLine,
  type BankLineInput,
  type MatchSuggestion,
  type PaymentRefusal,
  TOP_UP_FEN_MAX,
} from './types.ts';

/** Books a line of the bank statement: the money is in suspense until it is matched. The same reference books once. */
export async function recordBankLine(ctx: Ctx, input: BankLineInput): Promise<Result<BankLine, PaymentRefusal>> {
  authorize(ctx, 'bankLine:record');
  const amountFen = parseFen(input.amountYuan);
  if (amountFen === null || amountFen < 1n || amountFen > TOP_UP_FEN_MAX)
    return refuse({ code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` });
  if (input.receivedAt > ctx.now) return refuse({ code: 'receivedInFuture' });
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
  return withTx(ctx, async (tx) => {
    if (!(await insertBankLine(tx, line, actorLabel(ctx.actor), ctx.now))) return refuse({ code: 'bankReferenceUsed' });
    await post(ctx, tx, [bankReceived(id, amountFen, ctx.now)]);
    await record(ctx, tx, 'bankLine.record', id, { bankReference, amountFen });
    return accept(line);
  });
}

/** A page of bank lines, each unmatched one with the transfers that it may be. */
export async function listBankLines(
  ctx: Ctx,
  state: BankLine['state'] | null,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: { line: BankLine; suggestions: MatchSuggestion[] }[]; total: number }> {
  authorize(ctx, 'bankLine:read');
  return withTx(ctx, async (tx) => {
    const { rows, total } = await readBankLines(tx, state, page.skip, page.take);
    const open = await readOpenTransfers(tx);
    return {
      rows: rows.map((line) => ({ line, suggestions: line.state === 'matched' ? [] : suggestMatches(line, open) })),
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
    if (line.state === 'matched') return refuse({ code: 'bankLineMatched' });
    const payment = await lockPayment(tx, input.paymentId);
    if (!payment) return refuse({ code: 'paymentUnknown' });
    if (payment.state !== 'open' || payment.method !== 'bank-transfer')
      return refuse({ code: 'paymentNotOpen', state: payment.state });
    const journal = transferMatched(line.id, payment.id, payment.organisationId, line.amountFen, ctx.now);
    await post(ctx, tx, [journal]);
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
