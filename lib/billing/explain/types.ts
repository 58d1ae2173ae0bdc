import type { AgreedTerms, PriceBand, Purchase, Term } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen, PriceE10, Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { AccountKind, Asset, JournalKind } from '#lib/ledger/types.ts';
import type { FoundCredit } from '#lib/sla/types.ts';
import type { InvoiceLine, InvoiceView, UsageTotals } from '../types.ts';
import type { Equation } from './equation.ts';

/** The price version behind a charge, and since when it has been published. */
export type PublishedPrice = {
  readonly id: Id<'priceVersion'>;
  readonly validFrom: Instant;
  readonly priceE10PerCardHour: PriceE10;
  readonly bands: readonly PriceBand[];
  /** How it follows from the list, where it was agreed with the customer. */
  readonly agreed?: AgreedTerms;
};

/** What is sold, as a charge or a line names it. */
export type Item = {
  readonly model: string;
  readonly siteName: { readonly zh: string; readonly en: string };
  readonly purchase: Purchase;
};

/** An invoice line from its charges to its fen. */
export type LineExplanation = {
  readonly invoice: InvoiceView;
  readonly line: InvoiceLine;
  readonly item: Item;
  readonly price: PublishedPrice;
  /** What it is made of, by day. */
  readonly days: readonly ChargeGroup[];
  readonly totals: UsageTotals;
  readonly charges: number;
  /** Charges whose amount to date does not follow from seconds, band and price; 0 of every honest line. */
  readonly broken: number;
  readonly equations: readonly Equation[];
  /** True when the printed document still has the hash that was chained at issue. */
  readonly isIntact: boolean;
};

/** How far a line is taken apart: the line by day, a day by reservation, its hours, an hour by card. */
export type LinePart =
  | { readonly by: 'day' }
  | { readonly by: 'reservation'; readonly day: string }
  | { readonly by: 'hour'; readonly day: string; readonly reservationId: Id<'reservation'> }
  | { readonly by: 'card'; readonly reservationId: Id<'reservation'>; readonly hourAt: Instant };

/** Charges that are shown together: a day, a reservation in it, an hour of that, or one card of the hour. */
export type ChargeGroup = UsageTotals & {
  /** The day `2026-11-02`, the reservation's id, the hour as ISO text, or the allocation's id. */
  readonly key: string;
  /** The reservation's name, or where the card is; else null. */
  readonly name: string | null;
  readonly revision: number;
  readonly charges: number;
  readonly broken: number;
};

/** A page of a line's parts, with the totals of all of them. */
export type LineRows = {
  readonly part: LinePart;
  readonly rows: readonly ChargeGroup[];
  readonly total: number;
  readonly totals: UsageTotals;
  /** The reservation that is looked into; null above that. */
  readonly reservationName: string | null;
};

/** A page of the charges that one journal carries, with the totals of all of them. */
export type JournalCharges = {
  readonly reservationId: Id<'reservation'>;
  readonly hourAt: Instant;
  readonly rows: readonly ChargeGroup[];
  readonly total: number;
  readonly totals: UsageTotals;
};

/** An interval of proof as it was written down, and how many of its seconds lie in the charge. */
export type EvidenceRow = {
  readonly id: string;
  readonly startAt: Instant;
  /** Null: it went on when this was read. */
  readonly endAt: Instant | null;
  readonly countedSeconds: number;
};

/** Why seconds of a charge were not charged as used. */
export const GAP_REASONS = ['notHandedOver', 'cardLost', 'noProof', 'leftEarly'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

/** Seconds of an hour without proof, and why. `leftEarly` ones belong to a paid term that the customer left. */
export type Gap = { readonly startAt: Instant; readonly endAt: Instant; readonly reason: GapReason };

/** One charge as it is stored. */
export type ChargeRecord = {
  readonly organisationId: Id<'organisation'>;
  readonly allocationId: Id<'allocation'>;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly cardId: Id<'card'>;
  readonly place: string;
  readonly slot: number;
  readonly hourAt: Instant;
  readonly revision: number;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly allocatedFrom: Instant;
  readonly allocatedUntil: Instant | null;
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly downSeconds: number;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly bandBps: number;
  readonly weightedSecondsToDate: bigint;
  readonly chargedToDateUnits: Units;
  readonly amountUnits: Units;
  readonly chargedAt: Instant;
  readonly term: { readonly name: Term; readonly seconds: number; readonly priceUnits: Units } | null;
  /** The t and R(t) of the charge before it of the same allocation; zeros for the first. */
  readonly before: { readonly weightedSeconds: bigint; readonly chargedUnits: Units };
  readonly journalKey: string;
};

/** A card of the reservation failed; `at` is its last proof. */
export type LossEvent = { readonly cardId: string; readonly at: Instant };

export type ChargeExplanation = {
  readonly charge: ChargeRecord;
  readonly item: Item;
  readonly price: PublishedPrice;
  readonly evidence: readonly EvidenceRow[];
  readonly gaps: readonly Gap[];
  readonly equations: readonly Equation[];
  /** The journal that carries it with the other cards of its reservation and hour; null when it is not there. */
  readonly journalId: string | null;
  /** The line that it is on, once its month is invoiced; not shown to those who may not read invoices. */
  readonly line: LineRef | 'notInvoiced' | 'notShown';
};

export type LineRef = { readonly invoiceId: Id<'invoice'>; readonly number: string; readonly line: number };

/** A leg that the viewer may see. */
export type SeenLeg = {
  readonly leg: number;
  readonly path: string;
  readonly accountKind: AccountKind;
  readonly asset: Asset;
  readonly debitUnits: bigint;
  readonly creditUnits: bigint;
};

export type JournalRef = {
  readonly id: string;
  readonly key: string;
  readonly kind: JournalKind;
  readonly effectiveAt: Instant;
};

/** What a journal was posted for, read from the rows that its source names; null for what it does not name. */
export type JournalCause = {
  readonly reservation: {
    readonly id: Id<'reservation'>;
    readonly name: string;
    readonly cards: number;
    readonly purchase: Purchase;
  } | null;
  readonly hour: (UsageTotals & { readonly hourAt: Instant; readonly charges: number }) | null;
  readonly invoice: {
    readonly id: Id<'invoice'>;
    readonly number: string;
    readonly month: Month;
    readonly residueUnits: Units;
  } | null;
  readonly line: { readonly line: number; readonly netFen: Fen; readonly taxFen: Fen } | null;
  readonly payment: { readonly id: Id<'payment'>; readonly method: string; readonly receivedFen: Fen | null } | null;
  readonly bankLine: {
    readonly id: Id<'bankLine'>;
    readonly reference: string;
    readonly amountFen: Fen;
    readonly payerName: string;
  } | null;
  /** The credit for broken availability that it gave. */
  readonly sla: FoundCredit | null;
  /** A line of a credit note, with what earlier notes took of the same line of the invoice. */
  readonly creditLine: {
    readonly id: Id<'creditNote'>;
    readonly number: string;
    readonly line: number;
    readonly grossFen: Fen;
    readonly netFen: Fen;
    readonly taxFen: Fen;
    readonly before: { readonly grossFen: Fen; readonly netFen: Fen };
    readonly taxRateBps: number;
  } | null;
  /** A refund as it was asked for, and what its journals moved so far. */
  readonly refund: {
    readonly id: Id<'refund'>;
    readonly route: string;
    readonly state: 'asked' | 'approved' | 'paid' | 'failed' | 'declined' | 'withdrawn';
    readonly amountFen: Fen;
    readonly askedUnits: Units;
    readonly paidUnits: Units;
    readonly returnedUnits: Units;
  } | null;
  /** A dispute by its journals. What the provider keeps is null for customers. */
  readonly dispute: {
    readonly id: Id<'dispute'>;
    readonly keptUnits: Units | null;
    readonly takenUnits: Units;
    readonly givenBackUnits: Units;
    readonly lostUnits: Units;
    readonly leftUnits: Units;
  } | null;
  /** What was set aside for the reservation, as it stands now. */
  readonly hold: {
    readonly placedUnits: Units;
    readonly capturedUnits: Units;
    readonly releasedUnits: Units;
    readonly balanceUnits: Units;
  } | null;
};

/** Where a journal stands in the hash chain. `holds`: the block, worked out anew over all its journals, has its hash. */
export type ChainPlace = {
  readonly block: string;
  readonly journals: number;
  readonly position: number;
  readonly sealedAt: Instant;
  readonly previousHash: string;
  readonly hash: string;
  readonly holds: boolean;
};

export type JournalExplanation = {
  readonly journal: JournalRef & {
    readonly organisationId: Id<'organisation'> | null;
    readonly postedAt: Instant;
    readonly actor: string;
    readonly actorName: string | null;
    readonly contentHash: string;
    readonly source: Readonly<Record<string, string | number>>;
  };
  readonly legs: readonly SeenLeg[];
  /** False for a customer of a journal that moves other people's accounts too: those legs are not shown. */
  readonly isWhole: boolean;
  readonly cause: JournalCause;
  readonly reverses: JournalRef | null;
  readonly reversedBy: JournalRef | null;
  /** The other journals of what caused it: the steps before and after. */
  readonly related: readonly JournalRef[];
  readonly equations: readonly Equation[];
  /** True when the content still has its hash; null where not all of it is in sight. */
  readonly isContentIntact: boolean | null;
  /** Null while no block holds it, and for customers. */
  readonly chain: ChainPlace | null;
};
