import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Month } from '#lib/core/period.ts';
import type { Permission } from '#lib/identity/permissions.ts';

type ExportFacts = {
  readonly contentType: string;
  readonly extension: 'csv' | 'xlsx' | 'pdf';
  /** The middle of the file's name. */
  readonly name: string;
  /** Where its words stand in the catalogues, whose keys have no dots. */
  readonly words: string;
  readonly permission: Permission;
  /** A file of one organisation's; the others finance may have of everybody's at once. */
  readonly isOfOne: boolean;
  /** It is there once the month's invoice is issued. */
  readonly needsInvoice: boolean;
};

const CSV = { contentType: 'text/csv; charset=utf-8', extension: 'csv' } as const;
const XLSX = {
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
} as const;
const PDF = { contentType: 'application/pdf', extension: 'pdf' } as const;
const OF_ANYBODY = { isOfOne: false, needsInvoice: false, permission: 'invoice:read' } as const;
const OF_INVOICE = { isOfOne: true, needsInvoice: true, permission: 'invoice:read' } as const;

/** Every file that is made of a month, in the order in which they are offered. */
export const EXPORTS = {
  'usage-csv': { ...CSV, ...OF_ANYBODY, name: 'usage', words: 'usageCsv', permission: 'usage:read' },
  'usage-xlsx': { ...XLSX, ...OF_ANYBODY, name: 'usage', words: 'usageXlsx' },
  detail: { ...CSV, ...OF_ANYBODY, name: 'detail', words: 'detail' },
  'focus-1.2': { ...CSV, ...OF_ANYBODY, name: 'focus-1.2-cost-and-usage', words: 'focus12' },
  'focus-1.4': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-cost-and-usage', words: 'focus14' },
  'focus-1.4-invoice-detail': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-invoice-detail', words: 'focusInvoiceDetail' },
  'focus-1.4-billing-period': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-billing-period', words: 'focusBillingPeriod' },
  'invoice-pdf': { ...PDF, ...OF_INVOICE, name: 'invoice', words: 'invoicePdf' },
  'invoice-xlsx': { ...XLSX, ...OF_INVOICE, name: 'invoice', words: 'invoiceXlsx' },
  'statement-pdf': { ...PDF, ...OF_ANYBODY, name: 'statement', words: 'statementPdf', isOfOne: true },
} as const satisfies Record<string, ExportFacts>;

export type ExportKind = keyof typeof EXPORTS;
export const EXPORT_KINDS = Object.keys(EXPORTS) as readonly ExportKind[];

/** Reads the name of a file's kind; null when there is none of it. */
export function parseExportKind(text: string): ExportKind | null {
  return EXPORT_KINDS.find((kind) => kind === text) ?? null;
}

/** What is known of a file: how much it is, its hash, and its sums by name as exact decimals in yuan. */
export type FileSeal = {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly totals: Readonly<Record<string, string>>;
};

/** A file that a closed month gave, and when it was first made. */
export type KeptFile = FileSeal & { readonly kind: ExportKind; readonly madeAt: Instant };

/** Whose file of which month. */
export type FileOf = { readonly organisationId: Id<'organisation'> | null; readonly month: Month };
