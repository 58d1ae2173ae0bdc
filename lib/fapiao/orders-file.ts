import { stringify } from 'csv-stringify/sync';
import { guardedText } from '#lib/billing/documents/csv-text.ts';
import { type Fen, toDecimal } from '#lib/core/money.ts';
import { COLUMN_NAMES, COLUMNS, type ColumnName } from './columns.ts';
import type { IssueOrder, OrdersFile } from './provider.ts';
import type { FapiaoLine } from './types.ts';

/** A spreadsheet makes a number of a long row of digits and loses its end; with a tab behind it, it stays text. */
const digits = (text: string): string => (/^\d{12,}$/.test(text) ? `${text}\t` : text);

function cellsOf(order: IssueOrder, line: FapiaoLine, issuerName: string): Partial<Record<ColumnName, string>> {
  const { buyer, takesBack } = order;
  const yuan = (amount: Fen): string => toDecimal(order.kind === 'red' ? -amount : amount, 2, 2);
  return {
    xsdh: order.salesNumber,
    fplx: buyer.fapiaoType,
    gfmc: guardedText(buyer.name),
    gfnsrsbh: digits(buyer.taxId ?? ''),
    gfdzdh: guardedText(buyer.addressPhone),
    gfyhjzh: digits(guardedText(buyer.bankAccount)),
    xh: `${line.line}`,
    xmmc: line.itemName,
    spbm: digits(line.taxCode),
    ggxh: guardedText(line.specification),
    je: yuan(line.netFen),
    slv: toDecimal(BigInt(line.taxRateBps), 4, 4),
    se: yuan(line.taxFen),
    jshj: yuan(order.grossFen),
    bz: guardedText(order.remark),
    kpr: guardedText(issuerName),
    yfphm: digits(takesBack?.number ?? ''),
    hzqrdh: digits(takesBack?.confirmation ?? ''),
  };
}

/**
 * A batch as the file that people work from, one row a line, with empty columns for what comes of it: filled in, it is
 * the file of results. 价税合计 is the whole document's on each of its rows. Quantity and unit price stay empty, as the
 * tax bureau permits: with bands and ten decimals no price times a quantity gives the amount.
 */
export function writeOrders(batchId: string, issuerName: string, orders: readonly IssueOrder[]): OrdersFile {
  const rows = orders.flatMap((order) =>
    order.lines.map((line) => {
      const cells = cellsOf(order, line, issuerName);
      return COLUMN_NAMES.map((name) => cells[name] ?? '');
    }),
  );
  const heading = COLUMN_NAMES.map((name) => COLUMNS[name][0]);
  return {
    fileName: `kashi-fapiao-${batchId}.csv`,
    text: `\ufeff${stringify([heading, ...rows], { record_delimiter: 'windows' })}`,
  };
}
