import { toDecimal } from '#lib/core/money.ts';
import { csvLines, UTF8_MARK } from '../documents/csv-lines.ts';
import { guardedText } from '../documents/csv-text.ts';
import type { RevenueReport } from './types.ts';

const COLUMNS = [
  'month',
  'section',
  'account_kind',
  'journal_kind',
  'sku_id',
  'model',
  'site',
  'purchase',
  'tax_rate',
  'amount_yuan',
] as const;

/** A report as CSV: its lines, then by kind what the ledger itself says, which is the same. Amounts are exact. */
export function reportCsv({ month, lines, controls }: RevenueReport): string {
  const yuan = (amount: bigint): string => toDecimal(amount, 8, 8);
  const rows = lines.map((line) => [
    month,
    line.section,
    line.kind,
    line.journalKind ?? '',
    line.skuId ?? '',
    guardedText(line.model ?? ''),
    guardedText(line.siteName?.zh ?? ''),
    line.purchase ?? '',
    line.taxRateBps === null ? '' : toDecimal(BigInt(line.taxRateBps), 4, 4),
    yuan(line.amountUnits),
  ]);
  const control = controls.map(({ kind, ledgerUnits }) => [
    month,
    'ledger',
    kind,
    '',
    '',
    '',
    '',
    '',
    '',
    yuan(ledgerUnits),
  ]);
  return UTF8_MARK + csvLines([[...COLUMNS], ...rows, ...control]);
}
