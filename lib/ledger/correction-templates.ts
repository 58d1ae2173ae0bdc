import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Fen, fenToUnits, type Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move } from './templates.ts';
import type { AccountRef, Journal } from './types.ts';

type Organisation = Id<'organisation'>;

/** Where a customer is credited: money in the wallet, or less owed. */
export type CreditedTo = 'wallet' | 'receivable';

const credited = (org: Organisation, to: CreditedTo): AccountRef =>
  to === 'wallet' ? chart.wallet(org) : chart.receivable(org);

/**
 * A line of an issued invoice is taken back, net and tax: the invoice stands, the note names it. `at` is when the note
 * counts: in an open month.
 */
export function creditNoteIssued(
  note: {
    readonly id: Id<'creditNote'>;
    readonly invoiceId: Id<'invoice'>;
    readonly line: number;
    readonly organisationId: Organisation;
    readonly at: Instant;
  },
  skuId: string,
  amounts: { readonly net: Fen; readonly tax: Fen },
  to: CreditedTo,
): Journal {
  const account = credited(note.organisationId, to);
  return {
    key: `credit-note:${note.id}:${note.line}`,
    kind: 'creditNoteIssued',
    organisationId: note.organisationId,
    effectiveAt: note.at,
    source: { creditNote: note.id, invoice: note.invoiceId, line: note.line },
    legs: [
      ...move(chart.contraCreditNote(skuId), account, fenToUnits(amounts.net)),
      ...move(chart.vatPayable(), account, fenToUnits(amounts.tax)),
    ],
  };
}

type Compensation = {
  readonly id: Id<'compensation'>;
  readonly organisationId: Organisation;
  readonly reservationId: Id<'reservation'>;
  readonly at: Instant;
};

/** A promise of the service was broken: the customer is credited by the published table, and revenue is less. */
export function slaCompensated(c: Compensation, skuId: string, amount: Units, to: CreditedTo): Journal {
  return {
    key: `sla:${c.id}`,
    kind: 'slaCompensated',
    organisationId: c.organisationId,
    effectiveAt: c.at,
    source: { compensation: c.id, reservation: c.reservationId },
    legs: move(chart.contraSla(skuId), credited(c.organisationId, to), amount),
  };
}

/** Goodwill: what is credited beyond every table is an expense, not less revenue. */
export function goodwillGranted(c: Compensation, amount: Units, to: CreditedTo): Journal {
  return {
    key: `goodwill:${c.id}`,
    kind: 'goodwillGranted',
    organisationId: c.organisationId,
    effectiveAt: c.at,
    source: { compensation: c.id, reservation: c.reservationId },
    legs: move(chart.compensation(), credited(c.organisationId, to), amount),
  };
}
