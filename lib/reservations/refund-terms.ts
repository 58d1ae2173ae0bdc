import { TERMS, type Term } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { DAY_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import type { Undo } from '#lib/core/undo.ts';
import type { Booked } from './types.ts';

/** The rule by which a term is refunded whole: which terms, and for how many times 24 hours after the purchase. */
export type RefundTerms = {
  readonly policyId: Id<'termRefundPolicy'>;
  readonly terms: readonly Term[];
  readonly windowDays: number;
};

/** What a refund is decided from, besides the reservation: the rule that was in force at its purchase, and what was used. */
export type RefundFacts = RefundTerms & {
  readonly organisationId: Id<'organisation'>;
  readonly skuId: Id<'sku'>;
  /** Its organisation had a term of the SKU refunded before. */
  readonly isUsed: boolean;
  /** Some of its cards were given back while it ran, for the published share. */
  readonly isPartGivenBack: boolean;
};

/** By reservation: those that a round is asked to refund, and no others. */
export type RefundBook = Map<Id<'reservation'>, RefundFacts>;

/** Why a term is not refunded whole, in the order in which it is checked. */
export type RefundRefusal =
  | { readonly code: 'refundNotATerm' }
  | { readonly code: 'refundTooLate'; readonly untilAt: number; readonly windowDays: number }
  | { readonly code: 'refundUsedBefore' }
  | { readonly code: 'refundPartReturned' };

/** Up to when, that instant included, a purchase of `boughtAt` is refunded: days are 24 hours each. */
export const refundUntil = ({ windowDays }: Pick<RefundTerms, 'windowDays'>, boughtAt: Instant): Instant =>
  plusMs(boughtAt, windowDays * DAY_MS);

/** True when a rule refunds terms of this kind at all. */
export const refundsTerm = ({ terms, windowDays }: Omit<RefundTerms, 'policyId'>, kind: Term): boolean =>
  windowDays > 0 && terms.includes(kind);

/** Why a running reservation is not refunded whole at an instant; null when it is. */
export function refundRefusal(
  { term, createdAt }: Pick<Booked, 'term' | 'createdAt'>,
  facts: RefundFacts,
  now: Instant,
): RefundRefusal | null {
  if (term === null || !refundsTerm(facts, term.kind)) return { code: 'refundNotATerm' };
  const untilAt = refundUntil(facts, createdAt);
  if (now > untilAt) return { code: 'refundTooLate', untilAt, windowDays: facts.windowDays };
  if (facts.isUsed) return { code: 'refundUsedBefore' };
  return facts.isPartGivenBack ? { code: 'refundPartReturned' } : null;
}

function changed(book: RefundBook, isOf: (id: string, facts: RefundFacts) => boolean, to: Partial<RefundFacts>): Undo {
  const before = [...book].filter(([id, facts]) => isOf(id, facts));
  for (const [id, facts] of before) book.set(id, { ...facts, ...to });
  return () => {
    for (const [id, facts] of before) book.set(id, facts);
  };
}

/** The one refund of an organisation and SKU is used: by whatever else the same round is asked to refund, too. */
export function refundUsed(
  book: RefundBook,
  { organisationId, skuId }: Pick<Booked, 'organisationId' | 'skuId'>,
): Undo {
  const isSame = (_: string, facts: RefundFacts) => facts.organisationId === organisationId && facts.skuId === skuId;
  return changed(book, isSame, { isUsed: true });
}

/** Cards of a running term were given back. */
export function partGivenBack(book: RefundBook, reservationId: string): Undo {
  return changed(book, (id) => id === reservationId, { isPartGivenBack: true });
}

/** Takes over what a round is asked about, and nothing else. */
export function restoreRefunds(book: RefundBook, found: ReadonlyMap<Id<'reservation'>, RefundFacts>): void {
  book.clear();
  for (const [id, facts] of found) book.set(id, facts);
}

/** What a decision saw, for the log. */
export function refundSeen(facts: RefundFacts | undefined): Record<string, string> {
  if (!facts) return {};
  const { policyId, terms, windowDays, organisationId, skuId, isUsed, isPartGivenBack } = facts;
  const seen = [policyId, terms.join(','), windowDays, organisationId, skuId, isUsed, isPartGivenBack];
  return { refund: seen.join(' ') };
}

/** What {@link refundSeen} kept, when a decision is made again from the log. */
export function refundFrom(text: string): RefundFacts {
  const [policyId = '', terms = '', days = '', organisationId = '', skuId = '', isUsed, isPart] = text.split(' ');
  const named = new Set(terms.split(','));
  return {
    policyId: idFrom('termRefundPolicy', policyId),
    terms: TERMS.filter((term) => named.has(term)),
    windowDays: Number.parseInt(days, 10),
    organisationId: idFrom('organisation', organisationId),
    skuId: idFrom('sku', skuId),
    isUsed: isUsed === 'true',
    isPartGivenBack: isPart === 'true',
  };
}
