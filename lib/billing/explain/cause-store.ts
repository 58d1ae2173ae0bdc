import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { idFrom, parseId } from '#lib/core/id.ts';
import { type Instant, parseInstant, toDate } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { findCredit } from '#lib/sla/month-credits.ts';
import type { Slice } from '../usage-store.ts';
import { CARD_NAME, fromGroupRow, type GroupRow, NO_SUMS, SUMS, totalsOf } from './group-rows.ts';
import { findCreditLine, findDispute, findRefund } from './matter-store.ts';
import type { JournalCause, JournalCharges, JournalExplanation } from './types.ts';

// What a journal's source names, row by row. Row-level security keeps a customer to their own.

type Journal = Pick<JournalExplanation['journal'], 'key' | 'source'>;

async function findReservation(tx: Tx, id: string): Promise<JournalCause['reservation']> {
  const [row] = await tx.$queryRaw<{ id: string; name: string; cards: number; purchase: string }[]>`
    SELECT id, name, cards, purchase FROM reservation WHERE id = ${id}`;
  return row
    ? {
        id: idFrom('reservation', row.id),
        name: row.name,
        cards: row.cards,
        purchase: oneOf(PURCHASES, row.purchase),
      }
    : null;
}

async function findHold(tx: Tx, reservationId: string): Promise<JournalCause['hold']> {
  const [row] = await tx.$queryRaw<{ placed: bigint; captured: bigint; released: bigint; balance: bigint }[]>`
    SELECT h.placed_units AS placed, h.captured_units AS captured, h.released_units AS released, a.balance_units AS balance
    FROM hold h JOIN account a ON a.id = h.account_id WHERE h.subject = ${reservationId}`;
  return row
    ? {
        placedUnits: units(row.placed),
        capturedUnits: units(row.captured),
        releasedUnits: units(row.released),
        balanceUnits: units(row.balance),
      }
    : null;
}

/** The charges that a journal carries, together. They are found by reservation and hour and named by its key. */
async function readHour(tx: Tx, reservationId: string, hourAt: Instant, key: string): Promise<JournalCause['hour']> {
  const sums = await tx.usageCharge.aggregate({
    where: { reservationId, hourAt: toDate(hourAt), journalKey: key },
    _count: true,
    _sum: { usedSeconds: true, unusedSeconds: true, downSeconds: true, amountUnits: true },
  });
  const { usedSeconds, unusedSeconds, downSeconds, amountUnits } = sums._sum;
  return {
    hourAt,
    charges: sums._count,
    usedSeconds: BigInt(usedSeconds ?? 0),
    unusedSeconds: BigInt(unusedSeconds ?? 0),
    downSeconds: BigInt(downSeconds ?? 0),
    amountUnits: units(amountUnits ?? 0n),
  };
}

async function findInvoice(tx: Tx, id: string): Promise<JournalCause['invoice']> {
  const row = await tx.invoice.findFirst({
    where: { id },
    select: { id: true, number: true, month: true, residueUnits: true },
  });
  return row
    ? {
        id: idFrom('invoice', row.id),
        number: row.number,
        month: row.month as Month,
        residueUnits: units(row.residueUnits),
      }
    : null;
}

async function findLine(tx: Tx, invoiceId: string, line: number): Promise<JournalCause['line']> {
  const row = await tx.invoiceLine.findFirst({
    where: { invoiceId, line },
    select: { line: true, netFen: true, taxFen: true },
  });
  return row ? { line: row.line, netFen: fen(row.netFen), taxFen: fen(row.taxFen) } : null;
}

async function findPayment(tx: Tx, id: string): Promise<JournalCause['payment']> {
  const row = await tx.payment.findFirst({ where: { id }, select: { id: true, method: true, settledFen: true } });
  return row
    ? {
        id: idFrom('payment', row.id),
        method: row.method,
        receivedFen: row.settledFen === null ? null : fen(row.settledFen),
      }
    : null;
}

async function findBankLine(tx: Tx, id: string): Promise<JournalCause['bankLine']> {
  const row = await tx.bankLine.findFirst({
    where: { id },
    select: { id: true, bankReference: true, amountFen: true, payerName: true },
  });
  return row
    ? {
        id: idFrom('bankLine', row.id),
        reference: row.bankReference,
        amountFen: fen(row.amountFen),
        payerName: row.payerName,
      }
    : null;
}

const textOf = (value: string | number | undefined): string | null => (typeof value === 'string' ? value : null);

/** What a journal was posted for. `seesInvoices` is false for who may not read invoices: then none is named. */
export async function readCause(tx: Tx, { key, source }: Journal, seesInvoices: boolean): Promise<JournalCause> {
  const reservationId = textOf(source['reservation']);
  const hourAt = parseInstant(textOf(source['hour']) ?? '');
  const invoiceId = seesInvoices ? textOf(source['invoice']) : null;
  const paymentId = textOf(source['payment']);
  const bankLineId = textOf(source['bankLine']);
  const compensationId = textOf(source['compensation']);
  const noteId = seesInvoices ? textOf(source['creditNote']) : null;
  const [refundId, disputeId] = [textOf(source['refund']), textOf(source['dispute'])];
  const line = source['line'];
  return {
    reservation: reservationId === null ? null : await findReservation(tx, reservationId),
    hold: reservationId === null ? null : await findHold(tx, reservationId),
    hour: reservationId === null || hourAt === null ? null : await readHour(tx, reservationId, hourAt, key),
    invoice: invoiceId === null ? null : await findInvoice(tx, invoiceId),
    line: invoiceId === null || typeof line !== 'number' ? null : await findLine(tx, invoiceId, line),
    payment: paymentId === null ? null : await findPayment(tx, paymentId),
    bankLine: bankLineId === null ? null : await findBankLine(tx, bankLineId),
    sla: compensationId === null ? null : await findCredit(tx, compensationId),
    creditLine: noteId === null || typeof line !== 'number' ? null : await findCreditLine(tx, noteId, line),
    refund: refundId === null ? null : await findRefund(tx, refundId),
    dispute: disputeId === null ? null : await findDispute(tx, disputeId),
  };
}

/** A page of the charges that a journal carries; null when its source names no reservation and hour. */
export async function readJournalCharges(
  tx: Tx,
  { key, source }: Journal,
  { skip, take }: Slice,
): Promise<JournalCharges | null> {
  const reservationId = parseId('reservation', textOf(source['reservation']) ?? '');
  const hourAt = parseInstant(textOf(source['hour']) ?? '');
  if (reservationId === null || hourAt === null) return null;
  const where = Prisma.sql`u.reservation_id = ${reservationId} AND u.hour_at = ${toDate(hourAt)}::timestamptz AND u.journal_key = ${key}`;
  const rows = await tx.$queryRaw<GroupRow[]>`
    WITH g AS (
      SELECT u.allocation_id AS key, u.revision, ${SUMS}, 0 AS broken FROM usage_charge u WHERE ${where}
      GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${take} OFFSET ${skip})
    SELECT g.*, ${CARD_NAME} AS name FROM g JOIN allocation a ON a.id = g.key JOIN card c ON c.id = a.card_id
    JOIN place l ON l.id = c.server_id ORDER BY g.key, g.revision`;
  const [sums] = await tx.$queryRaw<GroupRow[]>`SELECT ${SUMS} FROM usage_charge u WHERE ${where}`;
  const total = sums?.charges ?? 0;
  return { reservationId, hourAt, rows: rows.map(fromGroupRow), total, totals: totalsOf(sums ?? NO_SUMS) };
}
