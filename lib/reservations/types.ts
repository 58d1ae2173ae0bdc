import { z } from 'zod';
import {
  gangSchema,
  type Image,
  type PriceVersion,
  type Purchase,
  type Sku,
  type Term,
  type TopologyWish,
} from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { Units } from '#lib/core/money.ts';
import type { Result } from '#lib/core/result.ts';
import { type Gang, type Layout, type Level, TOPOLOGIES } from '#lib/core/topology.ts';
import { cancelJobPayload, type JobRefusal, type QueueChange, queueJobPayload } from './queue/types.ts';
import { CARD_ACTS, type CardAct, type Lifecycle, type LifecycleRefusal } from '#lib/inventory/lifecycle.ts';
import type { VoucherShare } from '#lib/vouchers/types.ts';
import {
  type AutoExtend,
  type ChangeEventKind,
  type ChangeOnlyRefusal,
  setAutoExtendPayload,
  acceptTransferPayload,
  offerTransferPayload,
  shrinkPayload,
  withdrawTransferPayload,
} from './change-types.ts';
import {
  type DrainOutcome,
  type DrainPlan,
  MAINTENANCE_PAYLOADS,
  type MaintenanceRefusal,
  type MaintenanceWindow,
} from './maintenance-types.ts';
import type { AccountRefusal } from './on-account.ts';
import type { Explained, RoomFacts, RoomQuestion } from './explanation.ts';

export type ReservationState = 'confirmed' | 'active' | 'ended' | 'cancelled';

/** What may be done in which state: read by the deciding code and by the buttons of the pages. */
export const RESERVATION_CAN = {
  cancel: ['confirmed'],
  release: ['active'],
  extend: ['confirmed', 'active'],
  setAutoExtend: ['confirmed', 'active'],
  shrink: ['confirmed', 'active'],
  transfer: ['confirmed'],
  submitWorkload: ['confirmed', 'active'],
} as const satisfies Record<string, readonly ReservationState[]>;

/** Cards are bound this long before the start; until then a promise may be planned anew. */
export const BIND_LEAD_SECONDS = 1_800;
/** Money for the next hour of an open end is set aside this long before the held time runs out. */
export const RENEW_LEAD_SECONDS = 300;
/** An open end is held hour by hour. */
export const HOLD_STEP_SECONDS = 3_600;

/** A card that could not be replaced is tried again this often. */
export const REPLACE_RETRY_SECONDS = 60;

/** A card of a reservation that failed and is not replaced yet. */
export type LostCard = {
  readonly card: number;
  /** The last moment of proof. */
  readonly since: Instant;
  /** True once the reservation has given the card back. */
  readonly isUnbound: boolean;
  /** When a replacement is tried (again). */
  readonly retryAt: Instant;
  /** Cards free elsewhere when no replacement was within reach; absent before the first try. */
  readonly freeElsewhere?: number;
};

/** A live reservation as the deciding mind holds it. Ended and cancelled ones are rows only. */
export type Booked = {
  readonly id: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  /** The project of the organisation whose quota and limit count for it too. */
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly imageId: Id<'image'> | null;
  readonly name: string;
  readonly purchase: Purchase;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly gang?: Gang | undefined;
  readonly interval: Interval;
  /** By the hour with an open end: money is held up to here. */
  readonly heldUntil: Instant | null;
  /** An open end in its grace: paid up to here, held to `heldUntil` on credit. */
  readonly graceFrom?: Instant | undefined;
  /** By the card: the term, its seconds with all extensions, and the price of one card for all of it. */
  readonly term: { readonly kind: Term; readonly seconds: number; readonly priceUnits: Units } | null;
  /** What it needs is set aside against the credit line; absent: out of vouchers and the wallet. */
  readonly payBy?: 'account' | undefined;
  readonly state: 'confirmed' | 'active';
  readonly isBound: boolean;
  readonly lost: readonly LostCard[];
  /** How often money was set aside for it. */
  readonly placements: number;
  /** Up to here, notices of its end are given or would come too late. */
  readonly noticedAt: Instant;
  readonly autoExtend: AutoExtend | null;
  /** The organisation that it is offered to. */
  readonly offeredTo: Id<'organisation'> | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
};

export type Share = { readonly server: number; readonly cards: number };

/** A card, by its ordinal in the pool, given to a reservation for an interval. */
export type Bound = {
  readonly id: Id<'allocation'>;
  readonly reservationId: Id<'reservation'>;
  readonly card: number;
  readonly interval: Interval;
};

/** What the planner must know of a promise. */
export type PromiseView = {
  readonly id: string;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly gang?: Gang | undefined;
  readonly interval: Interval;
};

/** The scheduler, as the deciding code sees it. The engine joins the two; neither imports the other. */
export interface Planner {
  /** Grows with every change of what is planned, bound or usable. */
  readonly version: number;
  /** A place for a promise and the tentative promises that move for it; null when all cannot fit. */
  plan(
    candidate: PromiseView,
    toBind: boolean,
  ): { readonly shares: readonly Share[]; readonly moved: readonly Replanned[] } | null;
  /** The tentative promises that move when bound cards stay until `endAt`, or how many of the cards are taken then. */
  planExtension(
    promiseId: string,
    endAt: Instant | null,
  ): { readonly moved: readonly Replanned[] } | { readonly blockedCards: number };
  /** The tentative promises that begin before an instant and move when cards are lost; what fits nowhere stays. */
  planWithout(cards: readonly number[], before: Instant): readonly Replanned[];
  /** At most so many tentative promises that move off servers on which more is promised than there is. */
  planHealing(most: number): readonly Replanned[];
  /** What emptying cards for an interval would do to whom. Each card is kept from the market for an interval of its own. */
  planDrain(
    cards: ReadonlyMap<number, Interval>,
    interval: Interval,
  ): { readonly outcome: DrainOutcome; readonly moved: readonly Replanned[] };
  /** Up to when, at most `latestAt`, a bound promise could go on without anybody else moving. */
  undisturbedUntil(promiseId: string, latestAt: Instant): Instant;
  /** Cards free at the tightest moment, counted over the whole pool. */
  freeCards(interval: Interval): number;
  /** The cards for shares; null when they are not there. */
  cardsFor(shares: readonly Share[], interval: Interval): readonly number[] | null;
  /** A tentative promise's shares less some cards. */
  sharesWithout(promiseId: string, cards: number): readonly Share[];
  /** Which `count` of a promise's cards are best given back; `lost` ones first, and whole ones of a level, if any. */
  cardsToGiveBack(
    cards: readonly number[],
    lost: ReadonlySet<number>,
    count: number,
    whole: Layout['whole'],
  ): readonly number[];
  /** True when `named` are, wherever they lie at a level, all that a promise with cards `all` has there, or segments. */
  areWhole(named: readonly number[], all: readonly number[], level: Level, segmentCards: number | null): boolean;
  /** The cards for a promise whose start is near; `missing` names a neighbour of each card that is not there. */
  bindingCards(promiseId: string): { readonly cards: readonly number[]; readonly missing: readonly number[] };
  /** A card in place of a failed one; null when there is none within reach. */
  replacementCard(promiseId: string, failedCard: number, interval: Interval): number | null;
  /** The first start at which a promise would fit; null when none was found. */
  earliestStart(candidate: PromiseView): Instant | null;
  /** True when a promise can be placed as things stand; moves nothing, unlike `plan`. */
  fits(candidate: PromiseView, toBind: boolean): boolean;
  /** Why a promise finds no room, and what would; moves nothing. */
  explainRoom(question: RoomQuestion): RoomFacts;
  /** Why bound cards cannot stay until `endAt`, and for which of the shorter extensions, in seconds, they can. */
  explainExtension(
    promiseId: string,
    endAt: Instant | null,
    shorterSeconds: readonly number[],
    isDraining: boolean,
  ): RoomFacts;
}

/** A tentative promise that moves to other servers. */
export type Replanned = { readonly id: string; readonly shares: readonly Share[] };

export type OrganisationLimits = {
  readonly cardQuota: number;
  readonly monthlySpendingLimitUnits: Units | null;
  /** How long an open end goes on, on credit, when the wallet cannot pay its next hour; none without. */
  readonly graceSeconds?: number | undefined;
};

/** What the catalog says, as of the engine's last reading. */
export type CatalogView = {
  readonly skus: ReadonlyMap<string, Sku>;
  readonly prices: ReadonlyMap<string, PriceVersion>;
  readonly images: ReadonlyMap<string, Image>;
};

const money = z.string().regex(/^\d{1,19}$/);
const instantField = z.number().int();

export const reservePayload = z.object({
  kind: z.literal('reserve'),
  reservationId: z.string(),
  quoteId: z.string(),
  /** Left out where the booking belongs to no project. */
  projectId: z.string().exactOptional(),
  name: z.string(),
  skuId: z.string(),
  priceVersionId: z.string(),
  imageId: z.string().nullable(),
  cards: z.number().int(),
  topology: z.enum(TOPOLOGIES),
  gang: z.exactOptional(gangSchema),
  startAt: instantField.nullable(),
  durationSeconds: z.number().int().nullable(),
  term: z.enum(['day', 'week', 'month']).nullable(),
  quotedUnits: money,
  quoteExpiresAt: instantField,
  /** Left out where the wallet pays. */
  payBy: z.literal('account').exactOptional(),
});
const reservationPayload = z.object({ reservationId: z.string() });
export const commandPayload = z.discriminatedUnion('kind', [
  reservePayload,
  reservationPayload.extend({ kind: z.literal('cancel') }),
  reservationPayload.extend({ kind: z.literal('release') }),
  reservationPayload.extend({ kind: z.literal('extend'), seconds: z.number().int(), quotedUnits: money }),
  setAutoExtendPayload,
  shrinkPayload,
  offerTransferPayload,
  withdrawTransferPayload,
  acceptTransferPayload,
  z.object({ kind: z.literal('cardAct'), act: z.enum(CARD_ACTS), cardIds: z.array(z.string()), reason: z.string() }),
  z.object({
    kind: z.literal('health'),
    /** What the device layer found: `at` is the last moment of proof. */
    changes: z.array(
      z.object({
        cardId: z.string(),
        health: z.enum(['healthy', 'degraded', 'unhealthy', 'unknown']),
        /** False when the device layer would refuse new work on it. */
        takesNewWork: z.boolean(),
        /** True when it refused to give the card to the reservation that has it. */
        isRefused: z.boolean(),
        at: instantField,
        reason: z.string(),
      }),
    ),
  }),
  z.object({ kind: z.literal('tick') }),
  ...MAINTENANCE_PAYLOADS,
  queueJobPayload,
  cancelJobPayload,
  z.object({ kind: z.literal('queue') }),
]);
/** What is asked of the mind of a pool. */
export type CommandPayload = z.infer<typeof commandPayload>;
export type ReservePayload = z.infer<typeof reservePayload>;

export type Command = {
  readonly id: Id<'command'>;
  readonly organisationId: Id<'organisation'> | null;
  readonly actor: string;
  readonly payload: CommandPayload;
};

/** Why a command is refused. For `reserve` they are checked in this order. */
export type ReservationRefusal =
  | { readonly code: 'reservationUnknown' }
  | { readonly code: 'reservationNotInState'; readonly state: ReservationState }
  | { readonly code: 'cardUnknown' }
  | LifecycleRefusal
  | MaintenanceRefusal
  | { readonly code: 'quoteExpired' }
  | { readonly code: 'priceRetired' }
  | { readonly code: 'imageIncompatible' }
  | { readonly code: 'quoteChanged' }
  | { readonly code: 'startInPast' }
  | { readonly code: 'durationOutOfRange' }
  | { readonly code: 'projectClosed' }
  | { readonly code: 'projectQuotaExceeded'; readonly quota: number; readonly inUse: number }
  | { readonly code: 'quotaExceeded'; readonly quota: number; readonly inUse: number }
  | { readonly code: 'projectLimitExceeded'; readonly limitUnits: string; readonly committedUnits: string }
  | { readonly code: 'spendingLimitExceeded'; readonly limitUnits: string; readonly committedUnits: string }
  | {
      readonly code: 'capacityExhausted';
      readonly needed: number;
      readonly free: number;
      readonly earliestStartAt: number | null;
    }
  | {
      readonly code: 'placementImpossible';
      readonly needed: number;
      readonly free: number;
      readonly earliestStartAt: number | null;
    }
  | { readonly code: 'extensionBlocked'; readonly cards: number }
  | ChangeOnlyRefusal
  | AccountRefusal
  | { readonly code: 'fundsInsufficient'; readonly neededUnits: string; readonly availableUnits: string }
  | JobRefusal
  /** A fault of ours kept the decision from being written; nothing changed. */
  | { readonly code: 'decisionFailed' };

/** What a command's submitter reads. */
export type Answer = Result<{ readonly reservationId: string | null }, ReservationRefusal>;

export type EventKind =
  | 'reserved'
  | 'cardsBound'
  | 'started'
  | 'extended'
  | 'holdRenewed'
  | 'endingForFunds'
  | 'endingForLimit'
  | 'graceGiven'
  | 'graceOver'
  | 'stoppedForFunds'
  | 'cardLost'
  | 'cardReplaced'
  | 'cardsMissing'
  | 'maintenanceAhead'
  | 'maintenanceCalledOff'
  | 'cardMoved'
  | 'released'
  | 'cancelled'
  | 'ended'
  | 'askedToLeave'
  | 'jobDone'
  | ChangeEventKind;

/** What a decision changes. The engine writes these rows and applies them to its memory. */
export type Change =
  | QueueChange
  | { readonly kind: 'drainPlanned'; readonly plan: DrainPlan }
  | { readonly kind: 'windowChanged'; readonly window: MaintenanceWindow }
  | {
      /** The share of spares, and the cards that change sides for it, by ordinal. */
      readonly kind: 'sparesSet';
      readonly shareBps: number;
      readonly toSpare: readonly number[];
      readonly toSale: readonly number[];
      readonly actor: string;
      readonly at: Instant;
    }
  | { readonly kind: 'reservationAdded'; readonly reservation: Booked; readonly shares: readonly Share[] }
  | { readonly kind: 'reservationChanged'; readonly reservation: Booked }
  | {
      readonly kind: 'reservationEnded';
      readonly id: Id<'reservation'>;
      readonly state: 'ended' | 'cancelled';
      readonly at: Instant;
      readonly reason: 'term' | 'released' | 'cancelled' | 'funds' | 'transferred';
    }
  | {
      readonly kind: 'transferOffered';
      readonly reservation: Booked;
      readonly toOrganisationId: Id<'organisation'>;
      readonly fromName: string;
      readonly toSlug: string;
      readonly amountUnits: Units;
      readonly at: Instant;
    }
  | {
      readonly kind: 'transferClosed';
      readonly id: Id<'reservation'>;
      readonly state: 'accepted' | 'withdrawn';
      readonly at: Instant;
    }
  | { readonly kind: 'replanned'; readonly id: string; readonly shares: readonly Share[] }
  | { readonly kind: 'cardsBound'; readonly bindings: readonly Bound[] }
  | {
      readonly kind: 'bindingsClosed';
      readonly reservationId: Id<'reservation'>;
      readonly ids: readonly Id<'allocation'>[];
      readonly endAt: Instant;
      /** Cards of a running term that were given back are charged as unused to here. */
      readonly unusedUntil?: Instant | null;
    }
  | {
      readonly kind: 'bindingsExtended';
      readonly reservationId: Id<'reservation'>;
      readonly ids: readonly Id<'allocation'>[];
      readonly endAt: Instant | null;
    }
  | {
      readonly kind: 'moneyPlaced';
      readonly reservation: Booked;
      readonly step: number;
      readonly amountUnits: Units;
      /** What vouchers pay of it, in their order; the rest is the wallet's. */
      readonly vouchers?: readonly VoucherShare[];
      readonly cardSeconds: bigint;
      readonly at: Instant;
      /** Taken from the credit line, and not from vouchers or the wallet. */
      readonly isOnAccount?: true;
      /** Hours of grace: owed, instead of taken from the wallet. */
      readonly isOwed?: true;
    }
  | {
      /** Part of what was set aside returns, while the reservation goes on with the cards it has left. */
      readonly kind: 'moneyReturned';
      readonly reservation: Booked;
      readonly amountUnits: Units;
      readonly cardSeconds: bigint;
      readonly at: Instant;
    }
  | {
      /** The share of a running term's rest that is credited for cards given back to the market. */
      readonly kind: 'hoursCredited';
      readonly reservation: Booked;
      readonly cardsLeft: number;
      readonly amountUnits: Units;
      readonly at: Instant;
    }
  | {
      readonly kind: 'cardsMoved';
      readonly cards: readonly number[];
      readonly act: CardAct;
      /** Where all of them are until now. */
      readonly from: Lifecycle;
      readonly reason: string;
      readonly actor: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'cardHealth';
      readonly card: number;
      readonly health: 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
      readonly takesNewWork: boolean;
      readonly probationUntil: Instant | null;
      readonly reason: string;
      readonly at: Instant;
    }
  | {
      readonly kind: 'event';
      readonly reservationId: Id<'reservation'>;
      readonly organisationId: Id<'organisation'>;
      readonly at: Instant;
      readonly event: EventKind;
      readonly data: { readonly [name: string]: string | number | null };
    };

export type Decision = {
  readonly answer: Answer;
  readonly changes: readonly Change[];
  /** Why it was refused; absent where nobody asks. */
  readonly explained?: Explained;
};

/** What organisations may still spend at this moment, in 1e-8 yuan. */
export type Wallets = ReadonlyMap<string, Units>;
