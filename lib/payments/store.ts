import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Fen, fen } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import {
  BANK_LINE_STATES,
  type BankLine,
  type BankLineState,
  type OpenTransfer,
  type Payment,
  type PaymentMethod,
  type PaymentState,
} from './types.ts';

const PAYMENT = {
  id: true,
  organisationId: true,
  method: true,
  amountFen: true,
  state: true,
  remittanceCode: true,
  createdAt: true,
  settledAt: true,
  settledFen: true,
} as const;

type PaymentRow = {
  id: string;
  organisationId: string;
  method: string;
  amountFen: bigint;
  state: string;
  remittanceCode: string | null;
  createdAt: Date;
  settledAt: Date | null;
  settledFen: bigint | null;
};

function fromPaymentRow(row: PaymentRow): Payment {
  return {
    id: idFrom('payment', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    method: row.method as PaymentMethod,
    amountFen: fen(row.amountFen),
    state: row.state as PaymentState,
    remittanceCode: row.remittanceCode,
    createdAt: fromDate(row.createdAt),
    settledAt: row.settledAt === null ? null : fromDate(row.settledAt),
    settledFen: row.settledFen === null ? null : fen(row.settledFen),
  };
}

/** Writes a payment; false when there is one of that id already. */
export async function insertPayment(tx: Tx, payment: Payment, createdBy: string): Promise<boolean> {
  const { createdAt, settledAt, ...rest } = payment;
  const data = {
    ...rest,
    createdBy,
    createdAt: toDate(createdAt),
    settledAt: settledAt === null ? null : toDate(settledAt),
  };
  const { count } = await tx.payment.createMany({ data: [data], skipDuplicates: true });
  return count === 1;
}

/** A settled payment by the names of its columns, for whoever writes it together with its journal. */
export function paymentRow(payment: Payment, createdBy: string, journalKey: string) {
  return {
    id: payment.id,
    organisation_id: payment.organisationId,
    method: payment.method,
    amount_fen: `${payment.amountFen}`,
    state: payment.state,
    remittance_code: payment.remittanceCode,
    created_by: createdBy,
    created_at: toDate(payment.createdAt).toISOString(),
    settled_at: payment.settledAt === null ? null : toDate(payment.settledAt).toISOString(),
    settled_fen: payment.settledFen === null ? null : `${payment.settledFen}`,
    journal_key: journalKey,
  };
}

/** A page of payments, newest first; without an organisation, everybody's. */
export async function readPayments(
  tx: Tx,
  { organisationId, state }: { readonly organisationId: Id<'organisation'> | null; readonly state?: PaymentState },
  skip: number,
  take: number,
): Promise<{ rows: Payment[]; total: number }> {
  const where = { ...(organisationId === null ? {} : { organisationId }), ...(state === undefined ? {} : { state }) };
  const total = await tx.payment.count({ where });
  const rows = await tx.payment.findMany({
    where,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    skip,
    take,
    select: PAYMENT,
  });
  return { rows: rows.map(fromPaymentRow), total };
}

/** One payment; null when the organisation (with null: anybody) has none of that id. */
export async function readPayment(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: string,
): Promise<Payment | null> {
  const where = { id, ...(organisationId === null ? {} : { organisationId }) };
  const row = await tx.payment.findFirst({ where, select: PAYMENT });
  return row ? fromPaymentRow(row) : null;
}

/** One payment, locked for the rest of the transaction; null when there is none of that id in sight. */
export async function lockPayment(tx: Tx, id: string): Promise<Payment | null> {
  await tx.$queryRaw`SELECT id FROM payment WHERE id = ${id} FOR UPDATE`;
  return findPayment(tx, id);
}

/** One payment; null when there is none of that id in sight. */
export async function findPayment(tx: Tx, id: string): Promise<Payment | null> {
  const row = await tx.payment.findUnique({ where: { id }, select: PAYMENT });
  return row ? fromPaymentRow(row) : null;
}

/** Settles an open payment with its journal, or cancels it. */
export async function closePayment(
  tx: Tx,
  id: string,
  close: { readonly settledFen: Fen; readonly journalKey: string; readonly at: Instant } | 'cancelled',
): Promise<void> {
  const data =
    close === 'cancelled'
      ? { state: 'cancelled' }
      : { state: 'settled', settledFen: close.settledFen, journalKey: close.journalKey, settledAt: toDate(close.at) };
  await tx.payment.updateMany({ where: { id, state: 'open' }, data });
}

/** Open bank transfers with the names of who announced them. */
export async function readOpenTransfers(tx: Tx): Promise<OpenTransfer[]> {
  const rows = await tx.payment.findMany({
    where: { state: 'open', method: 'bank-transfer' },
    orderBy: { createdAt: 'asc' },
    select: PAYMENT,
  });
  const names = await tx.organisation.findMany({
    where: { id: { in: rows.map(({ organisationId }) => organisationId) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({ payment: fromPaymentRow(row), organisationName: nameOf.get(row.organisationId) ?? '' }));
}

const BANK_LINE = {
  id: true,
  bankReference: true,
  receivedAt: true,
  amountFen: true,
  payerName: true,
  remark: true,
  state: true,
  paymentId: true,
} as const;

type BankLineRow = {
  id: string;
  bankReference: string;
  receivedAt: Date;
  amountFen: bigint;
  payerName: string;
  remark: string;
  state: string;
  paymentId: string | null;
};

function fromBankLineRow(row: BankLineRow): BankLine {
  return {
    ...row,
    id: idFrom('bankLine', row.id),
    receivedAt: fromDate(row.receivedAt),
    amountFen: fen(row.amountFen),
    state: BANK_LINE_STATES.find((state) => state === row.state) ?? 'unmatched',
    paymentId: row.paymentId === null ? null : idFrom('payment', row.paymentId),
  };
}

/** A bank line by the names of its columns, for whoever writes it together with its journal. */
export function bankLineRow(line: BankLine, recordedBy: string, recordedAt: Instant) {
  return {
    id: line.id,
    bank_reference: line.bankReference,
    received_at: toDate(line.receivedAt).toISOString(),
    amount_fen: `${line.amountFen}`,
    payer_name: line.payerName,
    remark: line.remark,
    state: line.state,
    recorded_by: recordedBy,
    recorded_at: toDate(recordedAt).toISOString(),
  };
}

/** The bank lines of some references. */
export async function readBankLinesNamed(tx: Tx, references: readonly string[]): Promise<BankLine[]> {
  const rows = await tx.bankLine.findMany({ where: { bankReference: { in: [...references] } }, select: BANK_LINE });
  return rows.map(fromBankLineRow);
}

/** Bank lines, newest first. */
export async function readBankLines(
  tx: Tx,
  state: BankLineState | null,
  skip: number,
  take: number,
): Promise<{ rows: BankLine[]; total: number }> {
  const where = state === null ? {} : { state };
  const total = await tx.bankLine.count({ where });
  const rows = await tx.bankLine.findMany({
    where,
    orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
    skip,
    take,
    select: BANK_LINE,
  });
  return { rows: rows.map(fromBankLineRow), total };
}

/** One bank line, locked for the rest of the transaction. */
export async function lockBankLine(tx: Tx, id: string): Promise<BankLine | null> {
  await tx.$queryRaw`SELECT id FROM bank_line WHERE id = ${id} FOR UPDATE`;
  const row = await tx.bankLine.findUnique({ where: { id }, select: BANK_LINE });
  return row ? fromBankLineRow(row) : null;
}

export async function writeMatch(
  tx: Tx,
  lineId: string,
  paymentId: string,
  matchedBy: string,
  at: Instant,
): Promise<void> {
  await tx.bankLine.updateMany({
    where: { id: lineId, state: 'unmatched' },
    data: { state: 'matched', paymentId, matchedBy, matchedAt: toDate(at) },
  });
}
