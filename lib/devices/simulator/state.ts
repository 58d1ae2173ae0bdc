import type { Instant } from '#lib/core/instant.ts';
import type { CardFigures, CardProfile } from '../card-profile.ts';
import type { EventBuffer } from '../event-buffer.ts';
import type { Settings } from '../fault-layer.ts';
import type { ProcessState, RecordedState } from '../simulation.ts';
import type { FaultKind } from '../fault-types.ts';
import { type DeviceEventBody, DriverCode, type RecoveryAction, type TopologyPath } from '../types.ts';
import type { Agenda, Appointment } from './agenda.ts';
import type { Load } from './loads.ts';
import type { Segment } from './physics.ts';
import type { Wiring } from './wiring.ts';

/** A fault that is open. Its particulars follow from the seed, the card and the instant, so they survive a restart. */
export type SimFault = {
  readonly kind: FaultKind;
  readonly since: Instant;
  readonly injectionId: string | null;
  /** Which port, for faults of the interconnect. */
  readonly link: number;
  readonly isSevere: boolean;
  readonly end: Appointment | null;
};

export type SimProcess = {
  readonly pid: number;
  readonly name: string | null;
  readonly cards: readonly SimCard[];
  readonly load: Load;
  readonly exitCode: number;
  readonly stopSeconds: number;
  state: ProcessState;
  /** Milliseconds of work left at full speed as of `pacedAt`; null never ends by itself. */
  workLeftMs: number | null;
  pacedAt: Instant;
  speed: number;
  /** When an asked-for stop takes effect. */
  stopAt: Instant | null;
  exit: Appointment | null;
};

export type SimCard = {
  readonly uuid: string;
  readonly serial: string | null;
  readonly pciBusId: string;
  readonly slot: number;
  readonly numaNode: number;
  readonly key: number;
  readonly node: SimNode;
  readonly settings: Settings;
  /** The model's, with what the layer and a recording say of this card. */
  readonly figures: CardFigures;
  readonly recorded: RecordedState | null;
  segment: Segment;
  faults: SimFault[];
  processes: SimProcess[];
  isDraining: boolean;
  isRemoved: boolean;
  isPartitioned: boolean;
  powerLimitMw: number;
  eccCorVol: number;
  eccUncVol: number;
  eccCorAgg: number;
  eccUncAgg: number;
  pagesRetired: number;
  isRemapPending: boolean;
  lastUncorrectableAt: Instant | null;
  linkDownCounts: readonly number[];
};

export type SimNode = {
  readonly id: string;
  readonly key: number;
  readonly profile: CardProfile;
  readonly driverVersion: string;
  readonly wiring: Wiring;
  /** By position in `cards`; null where nobody recorded it. */
  readonly recordedPaths: readonly (readonly TopologyPath[])[] | null;
  readonly settings: Settings;
  cards: readonly SimCard[];
  /** By slot, for following wires; a slot may be empty. */
  cardAtSlot: readonly (SimCard | null)[];
  /** Faults of the server itself: its driver. */
  faults: SimFault[];
  isUnderRepair: boolean;
  bootCount: number;
  readonly subscribers: Set<EventBuffer>;
  readonly processes: Map<number, SimProcess>;
  /** Services that keep the device nodes open: their names by pid. */
  monitors: ReadonlyMap<number, string>;
  nextPid: number;
};

/** The whole state of a simulated fleet; the functions beside this file are the only ones that change it. */
export type Sim = {
  readonly seed: number;
  now: Instant;
  readonly agenda: Agenda;
  readonly nodes: ReadonlyMap<string, SimNode>;
  readonly cards: ReadonlyMap<string, SimCard>;
};

/** The code with which the driver of a server answers everything; null when it works. */
export function driverFailure(node: SimNode): DriverCode | null {
  if (node.isUnderRepair || hasFault(node, 'driver_unloaded')) return DriverCode.DRIVER_NOT_LOADED;
  return hasFault(node, 'lib_mismatch') ? DriverCode.LIB_RM_MISMATCH : null;
}

export function hasFault({ faults }: { readonly faults: readonly SimFault[] }, kind: FaultKind): boolean {
  return faults.some((fault) => fault.kind === kind);
}

/** False while another kernel driver holds the card: it is on the bus, and its own driver does not see it. */
export function isBound(card: SimCard): boolean {
  return !hasFault(card, 'vfio_bound');
}

/** Tells every subscriber of the server, now. A driver that does not work can only say that it comes or goes. */
export function emit(sim: Sim, node: SimNode, uuid: string | null, body: DeviceEventBody): void {
  if (body.type !== 'driver' && driverFailure(node) !== null) return;
  for (const subscriber of node.subscribers) subscriber.push({ ...body, at: sim.now, uuid });
}

/** Recovery actions from mild to drastic. */
export const ACTION_ORDER: readonly RecoveryAction[] = [
  'none',
  'drain_p2p',
  'drain_and_reset',
  'device_reset',
  'node_reboot',
  'cold_reboot',
];
