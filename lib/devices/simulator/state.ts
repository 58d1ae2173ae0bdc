import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { EventBuffer } from '../event-buffer.ts';
import type { CardProfile } from '../card-profile.ts';
import { findProfile } from '../profiles.ts';
import type { LoadProfileName, ProcessState, SimulatedNodeSpec, SimulatedWorldOptions } from '../simulation.ts';
import { type DeviceEventBody, DriverCode, type FaultKind, type RecoveryAction } from '../types.ts';
import { Agenda, type Appointment } from './agenda.ts';
import { hashText } from './hash.ts';
import { restingSegment, type Segment } from './physics.ts';
import { type Wiring, wiringOf } from './wiring.ts';

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
  readonly name: string;
  readonly cards: readonly SimCard[];
  readonly load: LoadProfileName;
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
  readonly serial: string;
  readonly pciBusId: string;
  readonly slot: number;
  readonly numaNode: number;
  readonly key: number;
  readonly node: SimNode;
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
  cards: readonly SimCard[];
  /** By slot, for following wires; a slot may be empty. */
  cardAtSlot: readonly (SimCard | null)[];
  /** Faults of the server itself: its driver. */
  faults: SimFault[];
  isUnderRepair: boolean;
  bootCount: number;
  readonly subscribers: Set<EventBuffer>;
  readonly processes: Map<number, SimProcess>;
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

const FIRST_PID = 4_000;

/** Builds the state of a fleet in which nothing has happened yet. Throws for unknown models and repeated identities. */
export function buildSim({ nodes: specs, seed, startAt }: SimulatedWorldOptions): Sim {
  const nodes = new Map(specs.map((spec) => [spec.nodeId, buildNode(spec, startAt)]));
  const cards = new Map([...nodes.values()].flatMap((node) => node.cards.map((card) => [card.uuid, card] as const)));
  const cardCount = specs.reduce((sum, spec) => sum + spec.cards.length, 0);
  invariant(nodes.size === specs.length && cards.size === cardCount, 'server ids and card uuids are unique');
  return { seed, now: startAt, agenda: new Agenda(), nodes, cards };
}

function buildNode(spec: SimulatedNodeSpec, startAt: Instant): SimNode {
  const profile = findProfile(spec.modelId);
  invariant(profile !== null, `${spec.modelId} has no card profile`);
  const slots = Math.max(...spec.cards.map((card) => card.slot)) + 1;
  const node: SimNode = {
    id: spec.nodeId,
    key: hashText(spec.nodeId),
    profile,
    driverVersion: spec.driverVersion,
    wiring: wiringOf(profile, slots),
    cards: [],
    cardAtSlot: [],
    faults: [],
    isUnderRepair: false,
    bootCount: 0,
    subscribers: new Set(),
    processes: new Map(),
    nextPid: FIRST_PID,
  };
  node.cards = spec.cards.map((card) => buildCard(node, card, startAt));
  node.cardAtSlot = Array.from({ length: slots }, (_, slot) => node.cards.find((card) => card.slot === slot) ?? null);
  return node;
}

const NO_LINK_DOWN: readonly number[] = [];

function buildCard(node: SimNode, spec: SimulatedNodeSpec['cards'][number], startAt: Instant): SimCard {
  const key = hashText(spec.uuid);
  return {
    ...spec,
    key,
    node,
    segment: restingSegment(node.profile.figures, key, startAt),
    faults: [],
    processes: [],
    isDraining: false,
    isRemoved: false,
    isPartitioned: false,
    powerLimitMw: node.profile.figures.powerLimitDefaultMw,
    eccCorVol: 0,
    eccUncVol: 0,
    eccCorAgg: 0,
    eccUncAgg: 0,
    pagesRetired: 0,
    isRemapPending: false,
    lastUncorrectableAt: null,
    linkDownCounts: NO_LINK_DOWN,
  };
}

/** The code with which the driver of a server answers everything; null when it works. */
export function driverFailure(node: SimNode): DriverCode | null {
  if (node.isUnderRepair || hasFault(node, 'driver_unloaded')) return DriverCode.DRIVER_NOT_LOADED;
  return hasFault(node, 'lib_mismatch') ? DriverCode.LIB_RM_MISMATCH : null;
}

export function hasFault({ faults }: { readonly faults: readonly SimFault[] }, kind: FaultKind): boolean {
  return faults.some((fault) => fault.kind === kind);
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
