import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { QueueChange } from './queue/types.ts';
import type { CardAct, Lifecycle } from '#lib/inventory/lifecycle.ts';
import type { VoucherShare } from '#lib/vouchers/types.ts';
import type { ChangeEventKind } from './change-types.ts';
import type { DrainPlan, MaintenanceWindow } from './maintenance-types.ts';
import type { Explained } from './explanation.ts';
import type { Booked } from './types.ts';
import type { Share, Bound } from './planner-types.ts';
import type { Answer } from './command-types.ts';

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
      readonly reason: 'term' | 'released' | 'refunded' | 'cancelled' | 'funds' | 'transferred';
    }
  | {
      /** Everything that was paid for a term goes back when it is settled; its organisation's one time for the SKU is used. */
      readonly kind: 'termRefunded';
      readonly reservation: Booked;
      readonly policyId: Id<'termRefundPolicy'>;
      readonly at: Instant;
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
      /** The cards go on to another holder in the same decision: no maintenance window takes them in between. */
      readonly isHandedOver?: true;
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
