import { z } from 'zod';
import type { Instant } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';

/** The end of a running reservation is announced this long before, and whether it could be extended. */
export const NOTICE_LEADS_SECONDS = [86_400, 3_600, 600] as const;
/** A reservation that extends itself does so this long before its end. */
export const AUTO_EXTEND_LEAD_SECONDS = 1_800;
/** An extension that could not be made is tried again this often, up to the end. */
export const AUTO_EXTEND_RETRY_SECONDS = 300;
/** The longest step: nothing is sold beyond ninety days. */
export const AUTO_EXTEND_STEP_SECONDS_MAX = 90 * 86_400;

/** The rule by which a reservation extends itself. */
export type AutoExtend = {
  /** Whole hours by the hour, one term by the card. */
  readonly stepSeconds: number;
  /** The highest mean price of a step, in 1e-10 yuan per card-hour. */
  readonly priceE10Max: PriceE10;
  /** The end never moves beyond this; null: no last end. */
  readonly untilAt: Instant | null;
  /** Not tried before this. */
  readonly tryAt: Instant;
  /** Why the last try failed; null when it did not. */
  readonly failure: string | null;
};

const money = z.string().regex(/^\d{1,19}$/);
const target = z.object({ reservationId: z.string() });

export const setAutoExtendPayload = target.extend({
  kind: z.literal('setAutoExtend'),
  /** Null switches it off. */
  rule: z
    .object({ stepSeconds: z.number().int(), priceE10Max: money, untilAt: z.number().int().nullable() })
    .nullable(),
});
export type SetAutoExtendPayload = z.infer<typeof setAutoExtendPayload>;

export const shrinkPayload = target.extend({
  kind: z.literal('shrink'),
  /** How many go back. */
  cards: z.number().int(),
  /** Which running ones; empty: those that leave least in pieces. */
  cardIds: z.array(z.string()),
});
export type ShrinkPayload = z.infer<typeof shrinkPayload>;

export const offerTransferPayload = target.extend({
  kind: z.literal('offerTransfer'),
  toOrganisationId: z.string(),
  /** As the two may know each other: the offering one's name, the other's address. */
  fromName: z.string(),
  toSlug: z.string(),
});
export type OfferTransferPayload = z.infer<typeof offerTransferPayload>;

export const withdrawTransferPayload = target.extend({ kind: z.literal('withdrawTransfer') });

export const acceptTransferPayload = target.extend({
  kind: z.literal('acceptTransfer'),
  newReservationId: z.string(),
  quotedUnits: money,
});
export type AcceptTransferPayload = z.infer<typeof acceptTransferPayload>;

/** Why a change of this file's kinds is refused, besides the reasons that every change has. */
export type ChangeOnlyRefusal =
  | { readonly code: 'cardsOutOfRange'; readonly cardsMax: number }
  | { readonly code: 'notWholeServers'; readonly cardsPerServer: number }
  | { readonly code: 'notWholeSupernodes'; readonly cardsPerSupernode: number }
  | { readonly code: 'notWholeSegments'; readonly segmentCards: number }
  /** It is offered to another organisation: its terms stand still until the offer is over. */
  | { readonly code: 'reservationOffered' }
  /** A queued job runs on it: its cards and its time were agreed when it was submitted. */
  | { readonly code: 'reservationOfJob' }
  | { readonly code: 'organisationUnknown' }
  | { readonly code: 'transferToSelf' }
  /** It was booked at a price that was agreed with its organisation alone. */
  | { readonly code: 'transferOfAgreedPrice' }
  | { readonly code: 'transferUnknown' }
  | { readonly code: 'lastEndTooEarly' }
  /** The next step would cost more per card-hour than the cap allows. */
  | { readonly code: 'priceAboveCap'; readonly neededUnits: string; readonly capUnits: string };

/** What happens to a reservation by these changes, for its history. */
export type ChangeEventKind =
  | 'endsSoon'
  | 'extensionBlockedAhead'
  | 'autoExtendSet'
  | 'autoExtendOff'
  | 'autoExtended'
  | 'autoExtendFailed'
  | 'shrunk'
  | 'refunded'
  | 'transferOffered'
  | 'transferWithdrawn'
  | 'transferredOut'
  | 'transferredIn';
