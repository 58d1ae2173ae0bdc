import type { Instant } from '#lib/core/instant.ts';
import { toIso } from '#lib/core/instant.ts';
import { toDecimal } from '#lib/core/money.ts';
import type { UsageRecord } from '../types.ts';
import { csvLines, UTF8_MARK } from './csv-lines.ts';
import { guardedText } from './csv-text.ts';
import { beijingText } from './invoice-text.ts';

/** Exact decimal text with all digits that the ledger has. */
const yuan = (amount: bigint): string => toDecimal(amount, 8, 8);
const price = (priceE10: bigint): string => toDecimal(priceE10, 10, 10);
const utc = (at: Instant): string => toIso(at);

/** The columns in their order: the name is the contract with those who read the file; none changes its meaning. */
const COLUMNS: readonly (readonly [name: string, value: (row: UsageRecord) => string])[] = [
  ['month', (row) => row.month],
  ['organisation_id', (row) => row.organisationId],
  ['organisation_name', (row) => guardedText(row.organisationName)],
  ['reservation_id', (row) => row.reservationId],
  ['reservation_name', (row) => guardedText(row.reservationName)],
  ['sku_id', (row) => row.skuId],
  ['model', (row) => guardedText(row.model)],
  ['purchase', (row) => row.purchase],
  ['allocation_id', (row) => row.allocationId],
  ['card_id', (row) => row.cardId],
  ['hour_utc', (row) => utc(row.hourAt)],
  ['hour_beijing', (row) => beijingText(row.hourAt)],
  ['start_utc', (row) => utc(row.startAt)],
  ['start_beijing', (row) => beijingText(row.startAt)],
  ['end_utc', (row) => utc(row.endAt)],
  ['end_beijing', (row) => beijingText(row.endAt)],
  ['used_seconds', (row) => `${row.usedSeconds}`],
  ['unused_seconds', (row) => `${row.unusedSeconds}`],
  ['down_seconds', (row) => `${row.downSeconds}`],
  ['price_version_id', (row) => row.priceVersionId],
  ['price_yuan_per_card_hour', (row) => price(row.priceE10PerCardHour)],
  ['band_bps', (row) => `${row.bandBps}`],
  ['charged_to_date_yuan', (row) => yuan(row.chargedToDateUnits)],
  ['amount_yuan', (row) => yuan(row.amountUnits)],
  ['revision', (row) => `${row.revision}`],
  ['charged_at_utc', (row) => utc(row.chargedAt)],
  ['journal_key', (row) => row.journalKey],
  ['project_id', (row) => row.projectId ?? ''],
];

/** The file's first line, after the mark that tells spreadsheets that it is UTF-8. */
export function usageCsvHead(): string {
  return UTF8_MARK + csvLines([COLUMNS.map(([name]) => name)]);
}

/** Lines of the file, one a usage charge. `amount_yuan` includes tax; its sum is the invoice before its residue. */
export function usageCsvLines(rows: readonly UsageRecord[]): string {
  return csvLines(rows.map((row) => COLUMNS.map(([, value]) => value(row))));
}
