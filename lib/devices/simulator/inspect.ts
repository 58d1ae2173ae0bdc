import type { Instant } from '#lib/core/instant.ts';
import { hopMatrix } from '../hop-matrix.ts';
import { normalisePciBusId } from '../pci.ts';
import {
  type DeviceInfo,
  type DeviceProcess,
  type DeviceRef,
  DriverCode,
  type Fabric,
  type PresenceState,
  type Reading,
  type Topology,
  type TopologyPath,
} from '../types.ts';
import { failureOf } from './faults.ts';
import { bondedLinks, portsOf } from './interconnect.ts';
import { LOADS } from './loads.ts';
import { fabricUuid, usedBytes } from './readings.ts';
import { hasFault, type SimCard, type SimNode } from './state.ts';

export function presenceOf(card: SimCard): PresenceState {
  if (card.isRemoved) return 'removed';
  if (hasFault(card, 'lost')) return 'lost';
  return card.isDraining ? 'draining' : 'present';
}

export function isListed(card: SimCard): boolean {
  return presenceOf(card) === 'present';
}

/** The card that a reference names; null when the driver does not see it. A lost card is known, but not by index. */
export function cardOf(node: SimNode, ref: DeviceRef): SimCard | null {
  const card = node.cards.find((candidate) => isNamed(candidate, ref));
  const presence = card ? presenceOf(card) : 'removed';
  const isSeen = presence === 'present' || (presence === 'lost' && !('index' in ref));
  return card && isSeen ? card : null;
}

function isNamed(card: SimCard, ref: DeviceRef): boolean {
  if ('uuid' in ref) return card.uuid === ref.uuid;
  if ('pciBusId' in ref) return card.pciBusId === normalisePciBusId(ref.pciBusId);
  return indexOf(card) === ref.index;
}

/** The numbering of the first boot is by slot; each later boot turns it by one, so that nobody relies on it. */
function indexOf({ node, slot }: SimCard): number {
  return (slot + node.bootCount) % node.wiring.length;
}

export function infoOf(card: SimCard): DeviceInfo {
  const { profile } = card.node;
  const { figures } = profile;
  const index = indexOf(card);
  return {
    uuid: card.uuid,
    index,
    minor: index + 1,
    deviceNode: `${profile.container.cardNodePrefix}${index}`,
    pciBusId: card.pciBusId,
    serial: card.serial,
    model: profile.name,
    arch: profile.arch,
    numaNode: card.numaNode,
    cpuAffinity: cpusOfNumaNode(card.numaNode),
    rearId: null,
    memoryBytes: figures.memoryBytes,
    computeUnits: figures.computeUnits,
    powerLimitDefaultMw: figures.powerLimitDefaultMw,
    icnLinks: figures.icnLinks,
    mig: card.isPartitioned ? 'on' : 'off',
  };
}

/** As recorded on a real server: sixteen cores a node, their second threads from 128 on. */
function cpusOfNumaNode(numaNode: number): string {
  const first = 16 * numaNode;
  return `${first}-${first + 15},${first + 128}-${first + 143}`;
}

export function processesOf(card: SimCard, at: Instant): DeviceProcess[] {
  return card.processes.map(({ pid, name, load }) => ({
    pid,
    name,
    usedBytes: { ok: true, value: usedBytes(card, LOADS[load].memoryShare), at },
  }));
}

export function topologyOf(node: SimNode): Topology {
  const cards = node.cards.filter(isListed);
  const icnBonded = cards.map((a) => cards.map((b) => (a === b ? 0 : bondedLinks(a, b))));
  return {
    uuids: cards.map((card) => card.uuid),
    path: cards.map((a, i) => cards.map((b, j) => pathBetween(a, b, icnBonded[i]?.[j] ?? 0))),
    icnBonded,
    icnHops: hopMatrix(icnBonded),
  };
}

function pathBetween(a: SimCard, b: SimCard, bonded: number): TopologyPath {
  if (a === b) return 'SELF';
  if (bonded > 0) return 'ICN';
  return a.numaNode === b.numaNode ? 'NODE' : 'SYS';
}

/** A mesh without a switch is no fabric to the driver. */
export function fabricOf(card: SimCard, at: Instant): Reading<Fabric> {
  const code = card.node.profile.icn === 'mesh' ? DriverCode.NOT_SUPPORTED : failureOf(card);
  if (code !== null) return { ok: false, code };
  const isWhole = portsOf(card).every((port) => port.isUp);
  const health = isWhole ? 'healthy' : 'limited_capacity';
  return { ok: true, at, value: { clusterUuid: fabricUuid(card), cliqueId: 0, state: 'completed', health } };
}
