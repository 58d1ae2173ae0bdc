import type { Id } from '#lib/core/id.ts';
import type { Month } from '#lib/core/period.ts';
import type { CreditLineAccount } from '../credit-line-types.ts';
import type { Journal } from '../types.ts';

/** What an operation turns out to be against the books of its moment. */
export type Attempt =
  | { readonly kind: 'post'; readonly journals: readonly Journal[] }
  | { readonly kind: 'reverse'; readonly key: string; readonly reason: string }
  /** Returns the rest of a reservation's money, when there is any, and resolves its hold. */
  | {
      readonly kind: 'resolve';
      readonly reservation: Id<'reservation'>;
      readonly hold: string;
      readonly rest: Journal | null;
    }
  | { readonly kind: 'close'; readonly month: Month }
  | {
      readonly kind: 'line';
      readonly organisation: Id<'organisation'>;
      readonly account: CreditLineAccount;
      readonly limit: bigint;
      readonly isSamePerson: boolean;
    }
  | { readonly kind: 'nothing' };

export const NOTHING: Attempt = { kind: 'nothing' };

export const posting = (...journals: readonly Journal[]): Attempt => ({ kind: 'post', journals });
