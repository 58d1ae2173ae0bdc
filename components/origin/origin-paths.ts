import { type Instant, toIso } from '#lib/core/instant.ts';

/** A place in a line: a day, a reservation in it, an hour of that, and which page of its rows. */
export type PartQuery = {
  readonly day?: string | null;
  readonly reservation?: string | null;
  readonly hour?: string | null;
  readonly page?: number;
};

type Charge = { readonly reservationId: string; readonly allocationId: string; readonly hourAt: Instant };

/** Where the explanations are, in a console. */
export type OriginPaths = {
  readonly invoice: (invoiceId: string) => string;
  readonly line: (invoiceId: string, line: number, part?: PartQuery) => string;
  readonly charge: (charge: Charge & { readonly revision: number }) => string;
  /** The cards of an hour, of which each has a charge. */
  readonly hour: ((reservationId: string, hourAt: Instant) => string) | null;
  readonly reservation: ((reservationId: string) => string) | null;
  readonly payment: ((paymentId: string) => string) | null;
  readonly bankLine: ((bankLineId: string) => string) | null;
  readonly journal: (journalId: string) => string;
  readonly account: ((path: string) => string) | null;
};

function withPart(path: string, { day, reservation, hour, page }: PartQuery): string {
  const values = { day, reservation, hour, page: page === undefined || page === 1 ? null : `${page}` };
  const entries = Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`;
}

const revised = (path: string, revision: number): string => (revision === 0 ? path : `${path}?revision=${revision}`);
/** An hour in an address: `2026-11-02T01`, in UTC. */
export const hourSegment = (hourAt: Instant): string => toIso(hourAt).slice(0, 13);

/** In an organisation's console, which lies at `base`. */
export const consolePaths = (base: string): OriginPaths => ({
  invoice: (id) => `${base}/invoices/${id}`,
  line: (id, line, part = {}) => withPart(`${base}/invoices/${id}/lines/${line}`, part),
  charge: ({ reservationId, allocationId, hourAt, revision }) =>
    revised(`${base}/usage/${reservationId}/${hourSegment(hourAt)}/${allocationId}`, revision),
  hour: (reservationId, hourAt) => `${base}/usage/${reservationId}/${hourSegment(hourAt)}`,
  reservation: (id) => `${base}/reservations/${id}`,
  payment: (id) => `${base}/wallet/payments/${id}`,
  bankLine: null,
  journal: (id) => `${base}/wallet/journals/${id}`,
  account: null,
});

const search = (text: string): string => `/finance/ledger/search?${new URLSearchParams({ q: text })}`;

/** In the finance console. */
export const FINANCE_PATHS: OriginPaths = {
  invoice: (id) => `/finance/invoices/${id}`,
  line: (id, line, part = {}) => withPart(`/finance/invoices/${id}/lines/${line}`, part),
  charge: ({ allocationId, hourAt, revision }) =>
    revised(`/finance/charges/${allocationId}/${hourSegment(hourAt)}`, revision),
  hour: null,
  reservation: search,
  payment: search,
  bankLine: (id) => `/finance/transfers/${id}`,
  journal: (id) => `/finance/ledger/journals/${id}/origin`,
  account: search,
};
