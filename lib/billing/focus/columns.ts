/** The versions of FOCUS in which costs are exported, and the datasets that each has of us. */
export const FOCUS_VERSIONS = ['1.2', '1.4'] as const;
export type FocusVersion = (typeof FOCUS_VERSIONS)[number];

/** Columns of Cost and Usage that both versions have, in the order of the specification. */
const SHARED = [
  'AvailabilityZone',
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'CapacityReservationId',
  'CapacityReservationStatus',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'CommitmentDiscountCategory',
  'CommitmentDiscountId',
  'CommitmentDiscountName',
  'CommitmentDiscountQuantity',
  'CommitmentDiscountStatus',
  'CommitmentDiscountType',
  'CommitmentDiscountUnit',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'RegionId',
  'RegionName',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'SkuPriceDetails',
  'SkuPriceId',
  'SubAccountId',
  'SubAccountName',
] as const;

/** Who sells and who makes, as version 1.2 and as version 1.4 call them. */
const NAMES_1_2 = ['ProviderName', 'PublisherName'] as const;
const NAMES_1_4 = ['HostProviderName', 'InvoiceDetailId', 'ServiceProviderName'] as const;

/**
 * Our own columns, after all of FOCUS. `x_ChargeId` is the row's lasting id. `x_AccruedCost` is what the ledger accrued
 * for the row, tax included; its sum is the month's accrued revenue.
 */
export const OWN_COLUMNS = [
  'x_ChargeId',
  'x_AccruedCost',
  'x_CardSeconds',
  'x_JournalKey',
  'x_ListUnitPriceWithTax',
  'x_ReservationId',
  'x_ReservationName',
  'x_TaxRate',
] as const;

export const INVOICE_DETAIL_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingCurrency',
  'ChargeCategory',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'InvoiceDetailCreated',
  'InvoiceDetailDescription',
  'InvoiceDetailGrain',
  'InvoiceDetailId',
  'InvoiceDetailLastUpdated',
  'InvoiceId',
  'InvoiceIssueDate',
  'InvoiceIssueStatus',
  'InvoiceIssuerName',
  'PaymentCurrency',
  'PaymentDueDate',
  'PaymentTerms',
  'ReferenceInvoiceId',
  'x_CardSecondsUnused',
  'x_CardSecondsUsed',
  'x_TaxRate',
  'x_UnitPriceWithTax',
] as const;

export const BILLING_PERIOD_COLUMNS = [
  'BillingPeriodCreated',
  'BillingPeriodEnd',
  'BillingPeriodLastUpdated',
  'BillingPeriodStart',
  'BillingPeriodStatus',
  'InvoiceIssuerName',
] as const;

export type CostColumn =
  | (typeof SHARED)[number]
  | (typeof NAMES_1_2)[number]
  | (typeof NAMES_1_4)[number]
  | (typeof OWN_COLUMNS)[number];

/** The columns of Cost and Usage: those of FOCUS by name, then our own. */
export const COST_COLUMNS = {
  '1.2': [...[...SHARED, ...NAMES_1_2].sort(), ...OWN_COLUMNS],
  '1.4': [...[...SHARED, ...NAMES_1_4].sort(), ...OWN_COLUMNS],
} as const satisfies Record<FocusVersion, readonly CostColumn[]>;

/** A row by column; what is not there is null, which a file writes as nothing at all. */
export type FocusRow<Column extends string> = { readonly [C in Column]?: string };
export type CostRow = FocusRow<CostColumn>;
export type InvoiceDetailRow = FocusRow<(typeof INVOICE_DETAIL_COLUMNS)[number]>;
export type BillingPeriodRow = FocusRow<(typeof BILLING_PERIOD_COLUMNS)[number]>;
