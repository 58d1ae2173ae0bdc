import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen } from '#lib/core/money.ts';
import type { UsccProblem } from './uscc.ts';

/** What the tax bureau calls it: 81 a special one, which a company deducts; 82 an ordinary one. */
export const FAPIAO_TYPES = ['81', '82'] as const;
export type FapiaoType = (typeof FAPIAO_TYPES)[number];

export const BUYER_KINDS = ['company', 'person'] as const;
export type BuyerKind = (typeof BUYER_KINDS)[number];

/** Blue bills; red takes back a blue one, in whole or in part. */
export type FapiaoKind = 'blue' | 'red';

/** Confirmed: the red letter (红字确认单) stands. Issuing: handed over to be issued. */
export const FAPIAO_STATES = ['requested', 'confirmed', 'issuing', 'issued', 'refused', 'withdrawn'] as const;
export type FapiaoState = (typeof FAPIAO_STATES)[number];

export const FILE_FORMATS = ['pdf', 'ofd', 'xml'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const TITLES_MAX = 50;
export const INVOICES_PER_REQUEST_MAX = 36;
export const FILE_BYTES_MAX = 512 * 1024;

/** To whom a fapiao is made out, as it is printed. */
export type Buyer = {
  readonly kind: BuyerKind;
  readonly fapiaoType: FapiaoType;
  readonly name: string;
  /** 统一社会信用代码; persons have none. */
  readonly taxId: string | null;
  readonly addressPhone: string;
  readonly bankAccount: string;
};

export type Title = Buyer & { readonly id: Id<'fapiaoTitle'>; readonly isDefault: boolean };

/** Tax-inclusive and its parts; net and tax sum to gross. */
export type Amounts = { readonly grossFen: Fen; readonly netFen: Fen; readonly taxFen: Fen };

/** A line of an issued invoice with what no fapiao covers yet. */
export type OpenLine = Amounts & {
  readonly invoiceId: Id<'invoice'>;
  readonly invoiceLine: number;
  readonly taxRateBps: number;
  /** Card model and way to buy, as the invoice's snapshot names them. */
  readonly specification: string;
};

export type FapiaoLine = OpenLine & { readonly line: number; readonly itemName: string; readonly taxCode: string };

/** An issued invoice that a fapiao may still be asked for. */
export type OpenInvoice = {
  readonly id: Id<'invoice'>;
  readonly number: string;
  readonly month: string;
  readonly grossFen: Fen;
  /** What no fapiao covers yet. */
  readonly leftFen: Fen;
};

/** What an organisation may have fapiao for. `availableFen` is never negative; `excessFen` is what has to go back red. */
export type FapiaoAccount = {
  readonly invoicedFen: Fen;
  readonly refundedFen: Fen;
  readonly openFen: Fen;
  readonly issuedFen: Fen;
  readonly availableFen: Fen;
  readonly excessFen: Fen;
};

/** By how much an organisation's fapiao exceed what it may have. */
export type Excess = {
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly excessFen: Fen;
};

export type FapiaoView = Amounts & {
  readonly id: Id<'fapiao'>;
  readonly salesNumber: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly kind: FapiaoKind;
  readonly blueId: Id<'fapiao'> | null;
  readonly titleId: Id<'fapiaoTitle'>;
  readonly buyer: Buyer;
  readonly remark: string;
  readonly state: FapiaoState;
  /** 20 digits, once it is issued. */
  readonly number: string | null;
  /** The date on it, `YYYY-MM-DD`. */
  readonly issuedOn: string | null;
  readonly documentUrl: string | null;
  readonly confirmation: string | null;
  readonly requestedAt: Instant;
  readonly changedAt: Instant;
  /** Why it is in its state, where somebody said so. */
  readonly changedNote: string;
};

export type FapiaoEvent = {
  readonly at: Instant;
  readonly byName: string;
  readonly state: FapiaoState;
  readonly note: string;
};

export type FapiaoDetail = {
  readonly fapiao: FapiaoView;
  readonly lines: readonly (FapiaoLine & { readonly invoiceNumber: string })[];
  readonly history: readonly FapiaoEvent[];
  /** The blue one of a red one. */
  readonly blue: FapiaoView | null;
  readonly reds: readonly FapiaoView[];
  /** Of a blue one: what no red one takes back or asks to. */
  readonly leftFen: Fen;
  readonly files: readonly { readonly format: FileFormat; readonly sha256: string; readonly savedAt: Instant }[];
};

/** What finance took out of the queue at once. */
export type Batch = {
  readonly id: Id<'fapiaoBatch'>;
  readonly madeAt: Instant;
  readonly issuerName: string;
  readonly count: number;
  /** Those of it that are not issued, nor refused. */
  readonly waiting: number;
};

/** A spreadsheet would run text that begins with one of these. No name, address or bank does. */
const plainText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^(?![=+\-@|])[^\p{Cc}]*$/u);

export const titleInput = z.object({
  kind: z.enum(BUYER_KINDS),
  fapiaoType: z.enum(FAPIAO_TYPES),
  name: plainText(100).min(1),
  taxId: z.string().max(60),
  addressPhone: plainText(100),
  bankAccount: plainText(100),
});
export type TitleInput = z.infer<typeof titleInput>;

export const fapiaoRequest = z.object({
  titleId: z.string().max(60),
  invoiceIds: z.array(z.string().max(60)).max(INVOICES_PER_REQUEST_MAX),
  /** Empty: as much as there is. */
  amountYuan: z.string().trim().max(24),
  remark: plainText(200),
});
export type FapiaoRequest = z.infer<typeof fapiaoRequest>;

export const redRequest = z.object({
  fapiaoId: z.string().max(60),
  amountYuan: z.string().trim().max(24),
  reason: plainText(200).min(3),
});
export type RedRequest = z.infer<typeof redRequest>;

export const refusalInput = z.object({ fapiaoId: z.string(), reason: z.string().trim().min(3).max(200) });
/** The tax bureau numbers its red letters with up to 40 letters and digits. */
export const confirmationInput = z.object({
  fapiaoId: z.string(),
  confirmation: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z]{4,40}$/),
});

export type FapiaoRefusal =
  | { readonly code: 'taxIdWrong'; readonly problem: UsccProblem }
  | { readonly code: 'taxIdForCompanies' }
  | { readonly code: 'specialForCompanies' }
  | { readonly code: 'fapiaoTitleKnown' }
  | { readonly code: 'fapiaoTitlesFull'; readonly titlesMax: number }
  | { readonly code: 'fapiaoTitleUnknown' }
  | { readonly code: 'fapiaoInvoicesMissing' }
  | { readonly code: 'fapiaoInvoiceUnknown' }
  | { readonly code: 'fapiaoAmountUnreadable' }
  | { readonly code: 'fapiaoNothingLeft' }
  | { readonly code: 'fapiaoOverInvoices'; readonly leftFen: string }
  | { readonly code: 'fapiaoOverAvailable'; readonly availableFen: string }
  | { readonly code: 'fapiaoUnknown' }
  | { readonly code: 'fapiaoNotInState'; readonly state: FapiaoState }
  | { readonly code: 'fapiaoOverBlue'; readonly leftFen: string }
  | { readonly code: 'fapiaoNothingWaiting' }
  | { readonly code: 'fapiaoFileUnreadable' }
  | { readonly code: 'fapiaoFileTooLong'; readonly rowsMax: number }
  | { readonly code: 'fapiaoColumnsMissing'; readonly columns: string }
  | { readonly code: 'fapiaoDocumentWrong' }
  | { readonly code: 'idempotencyKeyReused' };
