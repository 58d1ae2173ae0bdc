import { atPrice } from '#lib/catalog/agreed.ts';
import { present } from '#lib/core/assert.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import { type Month, monthInterval, shanghaiDateOf } from '#lib/core/period.ts';
import type { ListPrice } from './list-prices.ts';
import { makeInvoice } from './invoice.ts';
import { dueAtOf } from './receivables/ageing.ts';
import type { AskedOnAccount } from './receivables/types.ts';
import { vouchersOf } from './invoice-vouchers.ts';
import { SELLER } from './seller.ts';
import { hashSnapshot } from './snapshot-hash.ts';
import type { InvoiceLine, InvoiceSnapshot, InvoiceTotals, SkuFacts, UsageSum } from './types.ts';

/** Every SKU and price that there ever was: what is sold no more is still invoiced for the month in which it was used. */
export type IssueCatalog = {
  readonly skus: ReadonlyMap<string, SkuFacts>;
  readonly prices: ReadonlyMap<string, PriceE10>;
  /** The list behind agreed prices. */
  readonly lists?: ReadonlyMap<string, Pick<ListPrice, 'priceE10PerCardHour'>>;
};

/** Whom an invoice is for, as of the month's cutoff, and what was used. */
export type Billable = {
  readonly organisationId: Id<'organisation'>;
  readonly name: string;
  readonly sums: readonly UsageSum[];
  /** What vouchers paid of it. */
  readonly vouchers: readonly Deduction[];
  /** What of it was used on account and is owed, and within how many days of issue it is paid; absent without any. */
  readonly account?: AskedOnAccount;
};

/** True when the residue of an invoice lessens what is owed: there is enough owed for the month. */
export function residueIsOwed({ residueUnits }: InvoiceTotals, account: Billable['account']): boolean {
  return account !== undefined && account.owedUnits >= residueUnits;
}

/** What an invoice asks to be paid on account and until when, the last day in Beijing. */
function askedBy(
  { issuedAt }: Pick<IssuedInvoice, 'issuedAt'>,
  totals: InvoiceTotals,
  account: Billable['account'],
): Pick<InvoiceSnapshot, 'account'> {
  if (!account) return {};
  const residue = residueIsOwed(totals, account) ? totals.residueUnits : 0n;
  return {
    account: {
      owedUnits: `${account.owedUnits - residue}`,
      settledUnits: `${account.settledUnits}`,
      dueOn: shanghaiDateOf(dueAtOf(issuedAt, account.dueDays)),
    },
  };
}

/** Where a month's numbers go on: the first free one of the entity and year, and the hash of the invoice before it. */
export type NumberRange = { readonly year: number; readonly first: number; readonly previousHash: string };

/** An invoice that is ready to be kept: its number, lines, snapshot and place in the chain of hashes. */
export type IssuedInvoice = {
  readonly number: string;
  readonly organisationId: Id<'organisation'>;
  readonly month: Month;
  readonly issuedAt: Instant;
  readonly totals: InvoiceTotals;
  readonly lines: readonly InvoiceLine[];
  readonly snapshot: InvoiceSnapshot;
  readonly snapshotHash: string;
  readonly previousHash: string;
};

/** Named where vouchers paid, so that the snapshots of all others stay as they were. */
const paidByVouchers = ({ voucherUnits }: Pick<InvoiceTotals, 'voucherUnits'>) =>
  voucherUnits === 0n ? {} : { voucherUnits: `${voucherUnits}` };

/** Named where the price was agreed, so that the snapshots of all others stay as they were. */
function byTheList(line: InvoiceLine, { prices, lists }: IssueCatalog) {
  const list = lists?.get(line.priceVersionId)?.priceE10PerCardHour;
  const price = prices.get(line.priceVersionId);
  if (list === undefined || price === undefined) return {};
  return { listPriceE10PerCardHour: `${list}`, listUnits: `${atPrice(line.grossUnits, price, list)}` };
}

function snapshotOf(
  invoice: Pick<IssuedInvoice, 'number' | 'month' | 'issuedAt'>,
  buyer: InvoiceSnapshot['buyer'],
  { lines, totals }: { readonly lines: readonly InvoiceLine[]; readonly totals: InvoiceTotals },
  { vouchers, account }: Pick<Billable, 'vouchers' | 'account'>,
  catalog: IssueCatalog,
): InvoiceSnapshot {
  const { startAt, endAt } = monthInterval(invoice.month);
  const { nameZh, nameEn, taxId, address } = SELLER;
  return {
    version: 1,
    number: invoice.number,
    month: invoice.month,
    issuedAt: toIso(invoice.issuedAt),
    periodStartAt: toIso(startAt),
    periodEndAt: toIso(endAt),
    seller: { nameZh, nameEn, taxId, address },
    buyer,
    lines: lines.map((line) => {
      const sku = present(catalog.skus.get(line.skuId), `SKU ${line.skuId}`);
      return {
        line: line.line,
        model: sku.model,
        siteZh: sku.siteName.zh,
        siteEn: sku.siteName.en,
        purchase: line.purchase,
        priceE10PerCardHour: `${present(catalog.prices.get(line.priceVersionId), `price ${line.priceVersionId}`)}`,
        ...byTheList(line, catalog),
        usedSeconds: `${line.usedSeconds}`,
        unusedSeconds: `${line.unusedSeconds}`,
        taxRateBps: line.taxRateBps,
        grossUnits: `${line.grossUnits}`,
        ...paidByVouchers(line),
        grossFen: `${line.grossFen}`,
        netFen: `${line.netFen}`,
        taxFen: `${line.taxFen}`,
      };
    }),
    ...vouchersOf(vouchers),
    ...askedBy(invoice, totals, account),
    totals: {
      grossUnits: `${totals.grossUnits}`,
      ...paidByVouchers(totals),
      residueUnits: `${totals.residueUnits}`,
      grossFen: `${totals.grossFen}`,
      netFen: `${totals.netFen}`,
      taxFen: `${totals.taxFen}`,
    },
  };
}

/**
 * Makes the invoices of some organisations in the order given: numbers without a gap from the range's first, each hash
 * chained to the one before. Everything follows from what is passed in: the same month gives the same documents,
 * whoever closes it and however often the close was interrupted. `cutoffAt` is the time of issue.
 */
export function issueInvoices(
  month: Month,
  cutoffAt: Instant,
  billables: readonly Billable[],
  range: NumberRange,
  catalog: IssueCatalog,
): IssuedInvoice[] {
  let { first: serial, previousHash } = range;
  return billables.map(({ organisationId, name, sums, ...payment }) => {
    const made = present(makeInvoice(sums), `something to bill to ${organisationId}`);
    const number = `${SELLER.entity}-${range.year}-${`${serial}`.padStart(6, '0')}`;
    const head = { number, month, issuedAt: cutoffAt };
    const snapshot = snapshotOf(head, { organisationId, name }, made, payment, catalog);
    const invoice = { ...head, ...made, organisationId, snapshot, previousHash };
    const snapshotHash = hashSnapshot(previousHash, snapshot);
    serial += 1;
    previousHash = snapshotHash;
    return { ...invoice, snapshotHash };
  });
}
