import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Health } from './types.ts';
import type { FaultRef } from './view-types.ts';

/** Which incidents the queue shows. */
export const QUEUES = ['open', 'mine', 'unowned', 'resolved'] as const;
export type Queue = (typeof QUEUES)[number];

export type Person = { readonly id: Id<'user'>; readonly name: string };

/** A card that an incident hits. */
export type HitCard = {
  readonly cardId: Id<'card'>;
  readonly slot: number;
  readonly health: Health;
  readonly lifecycle: Lifecycle;
  readonly isOpen: boolean;
};

/** A reservation that had a card of the incident when its trouble began, or has it now. */
export type HitReservation = {
  readonly reservationId: Id<'reservation'>;
  readonly name: string;
  readonly organisationName: string;
  readonly cards: number;
  /** False when it got other cards since, or is over. */
  readonly isStillHit: boolean;
};

/** One trouble, of a card or of a whole server, in the queue. The fault is the worst one that its cards show. */
export type IncidentView = FaultRef & {
  readonly id: Id<'fault'>;
  readonly serverId: Id<'server'>;
  readonly serverPath: string;
  readonly driverKind: string;
  readonly cards: readonly HitCard[];
  readonly hits: readonly HitReservation[];
  /** How often it was seen, on the card that showed it most. */
  readonly count: number;
  readonly reopened: number;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** The device shows nothing of it any more: it resolves by itself at this instant if that lasts. */
  readonly resolvesAt: Instant | null;
  readonly owner: Person | null;
  readonly resolvedAt: Instant | null;
  /** Who resolved it: a person's name, or the actor as it was recorded. */
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
};

const INCIDENT_EVENTS = [
  'opened',
  'changed',
  'reopened',
  'recovered',
  'taken',
  'givenBack',
  'handedOver',
  'remarked',
  'resolved',
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number];

export type IncidentEvent = {
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly kind: IncidentEventKind;
  /** The verdict that was seen, in the words of the device layer. */
  readonly fault: string | null;
  /** What a person wrote, or to whom they handed it. */
  readonly text: string | null;
};

export type IncidentRefusal =
  | { readonly code: 'faultUnknown' }
  | { readonly code: 'faultResolved' }
  /** Somebody else works on it. */
  | { readonly code: 'faultOwned'; readonly owner: string }
  | { readonly code: 'faultNotOwned' }
  | { readonly code: 'colleagueUnknown' }
  /** Its cards are still down: a device is not argued with. */
  | { readonly code: 'faultPersists'; readonly cards: number };
