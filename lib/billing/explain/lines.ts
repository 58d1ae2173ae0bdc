import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import { isOnHour, parseInstant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { units } from '#lib/core/money.ts';
import { monthInterval, parseShanghaiDate } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { findInvoiceRecord, type InvoiceRecord, readInvoiceLines } from '../invoice-store.ts';
import { hashSnapshot } from '../snapshot-hash.ts';
import { readReservationNames } from '../source-store.ts';
import type { InvoiceLine, UsageTotals } from '../types.ts';
import type { Slice } from '../usage-store.ts';
import { lineEquations } from './line.ts';
import { type LineCharges, readLineDays, readLineRows } from './line-store.ts';
import { readPublishedPrice } from './price-store.ts';
import type { ChargeGroup, LineExplanation, LinePart, LineRows, PublishedPrice } from './types.ts';

/** Whose rows a context sees: its organisation's own, or with null everybody's. */
export const tenantOf = ({ scope }: Ctx): Id<'organisation'> | null =>
  scope.kind === 'organisation' ? scope.organisationId : null;

/** Which line of which invoice. */
export type LineWish = { readonly invoiceId: string; readonly line: number };

export type FoundLine = {
  readonly record: InvoiceRecord;
  readonly lines: readonly InvoiceLine[];
  readonly line: InvoiceLine;
  readonly price: PublishedPrice;
  readonly charges: LineCharges;
};

/** A line with what it takes to find its charges; null when the organisation (with null: anybody) has no such line. */
export async function findLine(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  wish: LineWish,
): Promise<FoundLine | null> {
  const invoiceId = parseId('invoice', wish.invoiceId);
  const record = invoiceId && (await findInvoiceRecord(tx, organisationId, invoiceId));
  if (record === null) return null;
  const { invoice } = record;
  const lines = (await readInvoiceLines(tx, [invoice.id])).get(invoice.id) ?? [];
  const line = lines.find((each) => each.line === wish.line);
  if (line === undefined) return null;
  const price = await readPublishedPrice(tx, line.priceVersionId);
  const { skuId, priceVersionId, purchase } = line;
  const { priceE10PerCardHour } = price;
  const period = monthInterval(invoice.month);
  const { organisationId: owner } = invoice;
  const charges = { organisationId: owner, period, skuId, priceVersionId, priceE10PerCardHour, purchase };
  return { record, lines, line, price, charges };
}

/** Rows together. */
function totalOf(rows: readonly UsageTotals[]): UsageTotals {
  const sum = (pick: (row: UsageTotals) => bigint): bigint => rows.reduce((total, row) => total + pick(row), 0n);
  return {
    usedSeconds: sum((row) => row.usedSeconds),
    unusedSeconds: sum((row) => row.unusedSeconds),
    downSeconds: sum((row) => row.downSeconds),
    amountUnits: units(sum((row) => row.amountUnits)),
  };
}

export async function explainFound(tx: Tx, found: FoundLine): Promise<LineExplanation> {
  const { record, lines, line, price } = found;
  const { invoice, snapshot, previousHash } = record;
  const days = await readLineDays(tx, found.charges);
  const totals = totalOf(days);
  const sum = (pick: (day: ChargeGroup) => number): number => days.reduce((total, day) => total + pick(day), 0);
  const charges = sum((day) => day.charges);
  const printed = snapshot.lines.find((each) => each.line === line.line);
  const { model = '', siteZh: zh = '', siteEn: en = '' } = printed ?? {};
  return {
    invoice,
    line,
    item: { model, siteName: { zh, en }, purchase: line.purchase },
    price,
    days,
    totals,
    charges,
    broken: sum((day) => day.broken),
    equations: lineEquations({
      invoice,
      lines,
      line,
      charges,
      used: totals,
      printedFen: BigInt(printed?.grossFen ?? -1),
    }),
    isIntact: hashSnapshot(previousHash, snapshot) === invoice.snapshotHash,
  };
}

/**
 * How an invoice line came about: what its charges come to, by which steps that became fen, net and tax, and whether
 * each step still holds. The own organisation's, for staff anybody's. Null when there is no such line in sight.
 */
export async function explainInvoiceLine(ctx: Ctx, wish: LineWish): Promise<LineExplanation | null> {
  authorize(ctx, 'invoice:read');
  return withTx(ctx, async (tx) => {
    const found = await findLine(tx, tenantOf(ctx), wish);
    return found && explainFound(tx, found);
  });
}

/** Where in a line somebody looks: a day `2026-11-02`, a reservation in it, an hour of that as ISO text. */
export type PartWish = {
  readonly day?: string | null;
  readonly reservationId?: string | null;
  readonly hour?: string | null;
};

/** Nothing of a line is asked for in particular: all of it, by day, which its explanation has already. */
export const isWhole = ({ day = null, reservationId = null, hour = null }: PartWish): boolean =>
  day === null && reservationId === null && hour === null;

/** Reads how far a line is taken apart; null when a text is not what it should be, or one above it is missing. */
export function partOf({ day = null, reservationId = null, hour = null }: PartWish): LinePart | null {
  if (isWhole({ day, reservationId, hour })) return { by: 'day' };
  const reservation = reservationId === null ? null : parseId('reservation', reservationId);
  if (reservationId !== null && reservation === null) return null;
  if (hour !== null) {
    const hourAt = parseInstant(hour);
    if (hourAt === null || !isOnHour(hourAt) || reservation === null) return null;
    return { by: 'card', reservationId: reservation, hourAt };
  }
  if (day === null || parseShanghaiDate(day) === null) return null;
  return reservation === null ? { by: 'reservation', day } : { by: 'hour', day, reservationId: reservation };
}

/** A page of a line's days, of which a month has no more than 31. */
export function daysOf(days: readonly ChargeGroup[], { skip, take }: Slice): LineRows {
  const rows = days.slice(skip, skip + take);
  return { part: { by: 'day' }, rows, total: days.length, totals: totalOf(days), reservationName: null };
}

/** A day or an hour outside of the invoice's month has nothing of it, and may be no time that the database knows. */
function isWithin({ startAt, endAt }: ClosedInterval, part: Exclude<LinePart, { by: 'day' }>): boolean {
  const at = part.by === 'card' ? part.hourAt : parseShanghaiDate(part.day);
  return at !== null && startAt <= at && at < endAt;
}

/** The most rows of one page. */
export const PART_ROWS_MAX = 200;

/**
 * A page of a line's charges: by day, of a day by reservation, of that by hour, of an hour by card. Null when there is no
 * such line in sight, or the part has no charges of it.
 */
export async function listLinePart(ctx: Ctx, wish: LineWish & PartWish, page: Slice): Promise<LineRows | null> {
  authorize(ctx, 'invoice:read');
  const part = partOf(wish);
  if (part === null) return null;
  return withTx(ctx, async (tx) => {
    const found = await findLine(tx, tenantOf(ctx), wish);
    if (found === null) return null;
    if (part.by === 'day') return daysOf(await readLineDays(tx, found.charges), page);
    if (!isWithin(found.charges.period, part)) return null;
    const take = Math.min(page.take, PART_ROWS_MAX);
    const rows = await readLineRows(tx, found.charges, part, { skip: page.skip, take });
    if (rows.total === 0) return null;
    const ids = 'reservationId' in part ? [part.reservationId] : [];
    const names = await readReservationNames(tx, found.charges.organisationId, ids);
    return { part, ...rows, reservationName: names.get(ids[0] ?? '') ?? null };
  });
}
