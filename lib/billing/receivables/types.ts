import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';

/** Days past the due date, from nothing to too long. */
export const AGE_BANDS = ['notDue', 'days1To30', 'days31To60', 'days61To90', 'over90'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

export type ByBand = Readonly<Record<AgeBand, Units>>;

/** Days within which an invoice on account is paid, unless finance says otherwise. */
export const DUE_DAYS_DEFAULT = 30;

/** What was used on account in a month, and the invoice that asks for it once there is one. */
export type Owed = {
  readonly month: Month;
  readonly amountUnits: Units;
  readonly invoice: { readonly id: Id<'invoice'>; readonly number: string } | null;
  /** The first instant of the last day to pay, in Beijing; null before the invoice. */
  readonly dueAt: Instant | null;
};

/** What is left of it after receipts, and how late it is. */
export type OpenItem = Owed & { readonly leftUnits: Units; readonly band: AgeBand; readonly daysLate: number };

export type DueTerms = {
  readonly days: number;
  readonly reason: string;
  readonly setByName: string;
  readonly setAt: Instant;
};

export type OrganisationAgeing = {
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly dueDays: number;
  readonly items: readonly OpenItem[];
  readonly byBand: ByBand;
  readonly openUnits: Units;
  /** What a dispute took beyond the wallet: owed at once, and not by an invoice. */
  readonly disputedUnits: Units;
};

export const dueTermsInput = z.object({
  organisationId: z.string().max(60),
  days: z.coerce.number().int().min(0).max(180),
  reason: z.string().trim().min(3).max(200),
});

export type ReceivableRefusal = { readonly code: 'receivableUnknown' };

/** What an invoice of a month asks for on account. */
export type AskedOnAccount = {
  readonly owedUnits: Units;
  /** What of the month's use on account was paid or credited already. */
  readonly settledUnits: Units;
  /** Within how many days of its issue it is paid. */
  readonly dueDays: number;
};
