import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { HOST_ACTIONS } from './simulation.ts';
import { CARD_FAULT_KINDS, FAULT_KINDS, type FaultKind, NODE_FAULT_KINDS } from './fault-types.ts';

/** What ops can ask of a host to bring cards back, from the mildest to the strongest. */
export const RECOVERIES = ['device_reset', ...HOST_ACTIONS] as const;
export type Recovery = (typeof RECOVERIES)[number];

/** Where a request is aimed: one card, or a server with all its cards. */
export type DeviceTarget = { readonly kind: 'card' | 'server'; readonly id: string };

/** Faults that can be made, of each kind of target. An application's fault needs an XID and is left out. */
export const FAULTS_OF = {
  card: CARD_FAULT_KINDS.filter((kind) => kind !== 'app_xid'),
  server: NODE_FAULT_KINDS,
} as const satisfies Record<DeviceTarget['kind'], readonly FaultKind[]>;

export type DeviceRequestRefusal =
  | { readonly code: 'deviceUnknown' }
  /** One card is reset, not a whole server. */
  | { readonly code: 'resetNeedsCard' }
  /** There is no such fault of such a target. */
  | { readonly code: 'faultNotForTarget' }
  /** Faults are made in simulated fleets only, never on hardware. */
  | { readonly code: 'fleetIsReal' };

/**
 * What became of a request: not heard yet, under way, done, or not, in the words of the device. `interrupted`: what carried it out
 * stopped on the way, and nobody knows how far it came.
 */
export type RequestState = 'waiting' | 'taken' | 'done' | 'failed' | 'interrupted';

export type RequestView = {
  readonly id: Id<'deviceRequest'>;
  readonly kind: string;
  readonly isRecovery: boolean;
  readonly serverId: string;
  readonly serverPath: string;
  /** Null when the whole server was meant. */
  readonly cardId: string | null;
  readonly slot: number | null;
  /** The person's name, or the actor as it was recorded. */
  readonly askedBy: string;
  readonly askedAt: Instant;
  readonly state: RequestState;
  /** What the device said when it failed. */
  readonly words: string | null;
};

/** The state of a request's row. */
export function requestState(row: { readonly isTaken: boolean; readonly outcome: string | null }): RequestState {
  if (row.outcome === null) return row.isTaken ? 'taken' : 'waiting';
  return row.outcome === 'done' || row.outcome === 'interrupted' ? row.outcome : 'failed';
}

export function isRecovery(kind: string): kind is Recovery {
  return RECOVERIES.some((recovery) => recovery === kind);
}

/** What a request's row asks for, as its kind is kept in text; null when there is no such thing. */
export type DeviceAct =
  | { readonly act: 'recover'; readonly recovery: Recovery }
  | { readonly act: 'break'; readonly fault: FaultKind };

export function parseAct(kind: string): DeviceAct | null {
  if (isRecovery(kind)) return { act: 'recover', recovery: kind };
  const fault = FAULT_KINDS.find((each) => each === kind);
  return fault === undefined ? null : { act: 'break', fault };
}
