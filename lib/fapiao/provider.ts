import type { Fen } from '#lib/core/money.ts';
import type { Result } from '#lib/core/result.ts';
import type { Amounts, Buyer, FapiaoKind, FapiaoLine, FapiaoRefusal } from './types.ts';

/** What whoever issues a fapiao has to know of it. A red one's amounts are magnitudes, as everywhere. */
export type IssueOrder = Amounts & {
  readonly salesNumber: string;
  readonly kind: FapiaoKind;
  readonly buyer: Buyer;
  readonly remark: string;
  readonly lines: readonly FapiaoLine[];
  /** Of a red one: the blue one's number, and the number of the red letter that permits it. */
  readonly takesBack: { readonly number: string; readonly confirmation: string } | null;
};

/** What is wrong with a row of results before it is held against what was asked for. */
export type ResultProblem =
  | 'salesNumberMissing'
  | 'outcomeMissing'
  | 'outcomeDouble'
  | 'numberMangled'
  | 'numberMalformed'
  | 'dateUnreadable'
  | 'amountUnreadable'
  | 'linkMalformed'
  | 'reasonTooLong';

export type IssueOutcome =
  | {
      readonly kind: 'issued';
      readonly number: string;
      /** The date on it, `YYYY-MM-DD`. */
      readonly issuedOn: string;
      /** What it comes to, tax included; negative for a red one. */
      readonly grossFen: Fen;
      readonly documentUrl: string | null;
    }
  | { readonly kind: 'refused'; readonly reason: string };

export type IssueResult = {
  /** Where the file says it, as a spreadsheet counts, the heading included. */
  readonly row: number;
  readonly salesNumber: string;
  readonly read:
    | { readonly isRead: true; readonly outcome: IssueOutcome }
    | { readonly isRead: false; readonly problem: ResultProblem };
};

/** A file of orders, the same bytes whenever it is written. */
export type OrdersFile = { readonly fileName: string; readonly text: string };

/**
 * Whoever issues fapiao: takes orders and answers with results, some time later, of each by our sales number. What a
 * result may do is judged here (`verdict.ts`), so that no provider can issue twice, or another amount. The one that
 * always works is people with a file (`file-exchange.ts`); a direct channel to the tax bureau is another.
 */
export type FapiaoProvider = {
  readonly writeOrders: (batchId: string, issuerName: string, orders: readonly IssueOrder[]) => OrdersFile;
  readonly readResults: (text: string) => Result<IssueResult[], FapiaoRefusal>;
};
