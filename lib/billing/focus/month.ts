import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import type { InvoiceLine, InvoiceView, SkuFacts, UsageRecord } from '../types.ts';
import type { CostRow } from './columns.ts';

/** An issued invoice as far as cost rows need it. */
export type FocusInvoice = {
  readonly invoice: Pick<InvoiceView, 'number' | 'issuedAt' | 'voucherUnits' | 'residueUnits' | 'grossFen'>;
  readonly lines: readonly InvoiceLine[];
};

/** Who is billed. The name is that of the invoice once there is one, so that a later renaming changes no closed month. */
export type FocusAccount = {
  readonly id: Id<'organisation'>;
  readonly name: string;
  readonly issued: FocusInvoice | null;
};

/** What the rows of a month have in common. */
export type FocusMonth = {
  readonly month: Month;
  /** The legal entity that sells and bills. */
  readonly issuer: string;
  readonly accounts: ReadonlyMap<string, FocusAccount>;
  readonly skus: ReadonlyMap<string, SkuFacts>;
  /** The names of projects, which are the sub accounts; of a closed month as they were at its close. */
  readonly projects: ReadonlyMap<string, string>;
  /** What vouchers paid of the use, by reservation and voucher. */
  readonly deductions: readonly Deduction[];
};

export const CURRENCY = 'CNY';
export const CARD_HOURS = 'Card-Hours';
export const CARD_SECONDS = 'Card-Seconds';
export const RESOURCE_TYPE = 'Accelerator card';
export const COMMITMENT_TYPE = 'Prepaid term';

/** `2026-11-01T00:00:00Z`: FOCUS writes seconds and no fractions of them. */
export const focusTime = (at: Instant): string => `${toIso(at).slice(0, 19)}Z`;

/** A tax rate in basis points as a share of one: 600 → `0.06`. */
export const taxRateText = (bps: number): string =>
  `0.${`${bps}`.padStart(4, '0')}`.replace(/0+$/, '').replace(/\.$/, '');

export const accountOf = (focus: FocusMonth, organisationId: string): FocusAccount =>
  present(focus.accounts.get(organisationId), `the account ${organisationId}`);

export const skuOf = (focus: FocusMonth, skuId: string): SkuFacts => present(focus.skus.get(skuId), `the SKU ${skuId}`);

/** What decides on which line of an invoice a charge stands. */
export type LineKey = Pick<UsageRecord, 'organisationId' | 'skuId' | 'priceVersionId'>;

/** The line of the account's invoice that bills a charge; null before the invoice. */
export function lineOf(account: FocusAccount, key: LineKey): InvoiceLine | null {
  const isOf = (line: InvoiceLine) => line.skuId === key.skuId && line.priceVersionId === key.priceVersionId;
  return account.issued === null ? null : present(account.issued.lines.find(isOf), `a line for ${key.priceVersionId}`);
}

/** The id of a line of the invoice detail: an invoice line is billed in parts, what it is for and its tax. */
export const detailId = (number: string, line: number | null, part: string): string =>
  line === null ? `${number}/${part}` : `${number}/${line}/${part}`;

const ACCOUNT_COLUMNS = new WeakMap<FocusAccount, CostRow>();

/** The columns that say whose charge it is, in which month, and who sells and bills: made once for an account. */
export function accountColumns(focus: FocusMonth, account: FocusAccount): CostRow {
  const known = ACCOUNT_COLUMNS.get(account);
  if (known) return known;
  const { startAt, endAt } = monthInterval(focus.month);
  const columns: CostRow = {
    BillingAccountId: account.id,
    BillingAccountName: account.name,
    BillingCurrency: CURRENCY,
    BillingPeriodStart: focusTime(startAt),
    BillingPeriodEnd: focusTime(endAt),
    InvoiceIssuerName: focus.issuer,
    ProviderName: focus.issuer,
    PublisherName: focus.issuer,
    ServiceProviderName: focus.issuer,
    HostProviderName: focus.issuer,
    ServiceCategory: 'Compute',
    ServiceSubcategory: 'Virtual Machines',
    ServiceName: 'Kashi accelerator cards',
  };
  ACCOUNT_COLUMNS.set(account, columns);
  return columns;
}

/** The project that a reservation belongs to, as a sub account; nothing without one. */
export function projectColumns(focus: FocusMonth, projectId: string | null): CostRow {
  if (projectId === null) return {};
  return {
    SubAccountId: projectId,
    SubAccountName: present(focus.projects.get(projectId), `the project ${projectId}`),
  };
}

/** Where a SKU is sold. */
export function placeColumns(sku: SkuFacts): CostRow {
  return { RegionId: sku.regionId, RegionName: sku.regionName, AvailabilityZone: sku.siteId };
}
