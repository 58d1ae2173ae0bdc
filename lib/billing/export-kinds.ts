import type { Permission } from '#lib/identity/permissions.ts';

type ExportFacts = {
  readonly contentType: string;
  readonly extension: 'csv' | 'xlsx' | 'pdf';
  /** The middle of the file's name. */
  readonly name: string;
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
  'usage-csv': { ...CSV, ...OF_ANYBODY, name: 'usage', permission: 'usage:read' },
  'usage-xlsx': { ...XLSX, ...OF_ANYBODY, name: 'usage' },
  detail: { ...CSV, ...OF_ANYBODY, name: 'detail' },
  'focus-1.2': { ...CSV, ...OF_ANYBODY, name: 'focus-1.2-cost-and-usage' },
  'focus-1.4': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-cost-and-usage' },
  'focus-1.4-invoice-detail': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-invoice-detail' },
  'focus-1.4-billing-period': { ...CSV, ...OF_ANYBODY, name: 'focus-1.4-billing-period' },
  'invoice-pdf': { ...PDF, ...OF_INVOICE, name: 'invoice' },
  'invoice-xlsx': { ...XLSX, ...OF_INVOICE, name: 'invoice' },
  'statement-pdf': { ...PDF, ...OF_ANYBODY, name: 'statement', isOfOne: true },
} as const satisfies Record<string, ExportFacts>;

export type ExportKind = keyof typeof EXPORTS;
export const EXPORT_KINDS = Object.keys(EXPORTS) as readonly ExportKind[];

/** Reads the name of a file's kind; null when there is none of it. */
export function parseExportKind(text: string): ExportKind | null {
  return EXPORT_KINDS.find((kind) => kind === text) ?? null;
}
