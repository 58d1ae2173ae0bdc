import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { findPayment } from './store.ts';
import {
  BANK_LINE_STATES,
  type BankLineDetail,
  type BankLineOutcome,
  type BankLineState,
  type ReceiptSummary,
} from './types.ts';

export async function writeReturn(
  tx: Tx,
  lineId: string,
  returned: { readonly reason: string; readonly by: string; readonly at: Instant },
): Promise<void> {
  await tx.bankLine.updateMany({
    where: { id: lineId, state: 'unmatched' },
    data: {
      state: 'returned',
      returnReason: returned.reason,
      returnedBy: returned.by,
      returnedAt: toDate(returned.at),
    },
  });
}

/** How many lines are in each state and what they come to; and the same of open transfers. */
export async function readReceiptSummary(tx: Tx): Promise<ReceiptSummary> {
  const groups = await tx.bankLine.groupBy({ by: ['state'], _count: true, _sum: { amountFen: true } });
  const of = (state: BankLineState) => {
    const group = groups.find((row) => row.state === state);
    return { count: group?._count ?? 0, sumFen: fen(group?._sum.amountFen ?? 0n) };
  };
  const announced = await tx.payment.aggregate({
    where: { state: 'open', method: 'bank-transfer' },
    _count: true,
    _sum: { amountFen: true },
  });
  return {
    lines: { unmatched: of('unmatched'), matched: of('matched'), returned: of('returned') },
    announced: { count: announced._count, sumFen: fen(announced._sum.amountFen ?? 0n) },
  };
}

/** The names behind actors' labels; what is not a person keeps its label. */
async function readNames(tx: Tx, labels: readonly string[]): Promise<(label: string | null) => string> {
  const ids = labels.filter((label) => label.startsWith('user:')).map((label) => label.slice('user:'.length));
  const people = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  const nameOf = new Map(people.map(({ id, name }) => [`user:${id}`, name]));
  return (label) => nameOf.get(label ?? '') ?? label ?? '';
}

/** A bank line, who recorded it and what became of it. */
export async function readBankLineDetail(
  tx: Tx,
  id: string,
): Promise<Omit<BankLineDetail, 'suggestions' | 'others'> | null> {
  const row = await tx.bankLine.findUnique({
    where: { id },
    select: {
      id: true,
      bankReference: true,
      receivedAt: true,
      amountFen: true,
      payerName: true,
      remark: true,
      state: true,
      paymentId: true,
      recordedBy: true,
      recordedAt: true,
      matchedBy: true,
      matchedAt: true,
      returnedBy: true,
      returnedAt: true,
      returnReason: true,
    },
  });
  if (!row) return null;
  const nameOf = await readNames(tx, [row.recordedBy, row.matchedBy ?? '', row.returnedBy ?? '']);
  let outcome: BankLineOutcome | null = null;
  const payment = row.paymentId === null ? null : await findPayment(tx, row.paymentId);
  if (payment && row.matchedAt) {
    const payer = await tx.organisation.findUnique({ where: { id: payment.organisationId }, select: { name: true } });
    const [byName, organisationName] = [nameOf(row.matchedBy), payer?.name ?? ''];
    outcome = { kind: 'matched', payment, organisationName, byName, at: fromDate(row.matchedAt) };
  } else if (row.returnedAt) {
    const [byName, reason] = [nameOf(row.returnedBy), row.returnReason ?? ''];
    outcome = { kind: 'returned', reason, byName, at: fromDate(row.returnedAt) };
  }
  const { bankReference, payerName, remark } = row;
  return {
    line: {
      id: idFrom('bankLine', row.id),
      bankReference,
      payerName,
      remark,
      receivedAt: fromDate(row.receivedAt),
      amountFen: fen(row.amountFen),
      state: BANK_LINE_STATES.find((state) => state === row.state) ?? 'unmatched',
      paymentId: row.paymentId === null ? null : idFrom('payment', row.paymentId),
    },
    recordedByName: nameOf(row.recordedBy),
    recordedAt: fromDate(row.recordedAt),
    outcome,
  };
}
