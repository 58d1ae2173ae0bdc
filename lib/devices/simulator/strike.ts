import { type Instant, instant } from '#lib/core/instant.ts';
import { UNCORRECTABLE_WINDOW_MS } from '../health.ts';
import type { FaultKind } from '../fault-types.ts';
import { actionOf, FAULT_TRAITS, particularsOf, surfaceOf } from './faults.ts';
import { killProcesses, refresh } from './processes.ts';
import {
  driverFailure,
  emit,
  hasFault,
  isBound,
  type Sim,
  type SimCard,
  type SimFault,
  type SimNode,
} from './state.ts';

export type StrikeOptions = { readonly injectionId: string | null; readonly xid: number | null };

const BY_ITSELF: StrikeOptions = { injectionId: null, xid: null };
const STORM_ERRORS = 20_000;

/**
 * Breaks a card now; false when nothing happens: to one that is lost, off the bus, in another driver's hands, under
 * repair, or broken in the same way. Another driver takes idle cards only.
 */
export function strikeCard(sim: Sim, card: SimCard, kind: FaultKind, options: StrikeOptions = BY_ITSELF): boolean {
  const { node } = card;
  const isOutOfReach = hasFault(card, 'lost') || card.isRemoved || node.isUnderRepair || !isBound(card);
  const isBusy = kind === 'vfio_bound' && card.processes.length > 0;
  if (isOutOfReach || isBusy || hasFault(card, kind)) return false;
  const before = actionOf(card);
  const staysOpen = wearCard(sim, card, kind, sim.now);
  if (staysOpen) openFault(sim, card, kind, sim.now, options.injectionId);
  for (const body of surfaceOf(kind, card, sim.now, options.xid)) emit(sim, node, card.uuid, body);
  const after = actionOf(card);
  if (after !== before) emit(sim, node, card.uuid, { type: 'recovery_action', action: after });
  const { kills } = FAULT_TRAITS[kind];
  if (kills !== null) killProcesses(sim, node, card.processes, kills);
  refresh(sim, node);
  return true;
}

/** Breaks the driver of a server now, or what it will boot with. The jobs on it do not notice. False: no change. */
export function strikeNode(sim: Sim, node: SimNode, kind: FaultKind, options: StrikeOptions = BY_ITSELF): boolean {
  const { isSilent } = FAULT_TRAITS[kind];
  if (hasFault(node, kind) || (!isSilent && driverFailure(node) !== null)) return false;
  node.faults = [...node.faults, newFault(sim.now, kind, options.injectionId)];
  if (!isSilent) emit(sim, node, null, { type: 'driver', bound: false });
  return true;
}

/** Takes a fault away and says so, as the driver would. */
export function mendCard(sim: Sim, card: SimCard, fault: SimFault): void {
  if (!card.faults.includes(fault)) return;
  card.faults = card.faults.filter((other) => other !== fault);
  if (fault.end) fault.end.isOff = true;
  if (fault.kind === 'cecc_storm') card.eccCorVol = 0;
  if (fault.kind === 'vfio_bound') emit(sim, card.node, card.uuid, { type: 'driver', bound: true });
  else if (fault.kind === 'thermal') emit(sim, card.node, card.uuid, { type: 'clock' });
  else if (!FAULT_TRAITS[fault.kind].isSilent) announceAction(sim, card);
  refresh(sim, card.node);
}

/** The same for a fault of the server's driver. */
export function mendNode(sim: Sim, node: SimNode, fault: SimFault): void {
  node.faults = node.faults.filter((other) => other !== fault);
  if (!FAULT_TRAITS[fault.kind].isSilent && driverFailure(node) === null)
    emit(sim, node, null, { type: 'driver', bound: true });
}

export function announceAction(sim: Sim, card: SimCard): void {
  emit(sim, card.node, card.uuid, { type: 'recovery_action', action: actionOf(card) });
}

/** Re-establishes a fault that began before this world did, with its marks and without a word. */
export function reopenFault(sim: Sim, card: SimCard, kind: FaultKind, since: Instant): void {
  if (hasFault(card, kind)) return;
  wearCard(sim, card, kind, since);
  openFault(sim, card, kind, since, null);
  refresh(sim, card.node);
}

/** The same for a fault of the server's driver. */
export function reopenNodeFault(node: SimNode, kind: FaultKind, since: Instant): void {
  if (!hasFault(node, kind)) node.faults = [...node.faults, newFault(since, kind, null)];
}

/** Opens a fault that began at `since`; one that has ended by itself meanwhile is not opened. */
function openFault(sim: Sim, card: SimCard, kind: FaultKind, since: Instant, injectionId: string | null): void {
  const { lastsMs, ...particulars } = particularsOf(sim.seed, card, kind, since);
  const endsAt = kind === 'thermal' ? instant(since + lastsMs) : null;
  if (endsAt !== null && endsAt <= sim.now) return;
  const end = endsAt === null ? null : sim.agenda.add(endsAt, () => mendCard(sim, card, fault));
  const fault: SimFault = { ...newFault(since, kind, injectionId), ...particulars, end };
  card.faults = [...card.faults, fault];
}

/** What a fault leaves in counters and memory, and whether it stays until somebody acts. */
function wearCard(sim: Sim, card: SimCard, kind: FaultKind, at: Instant): boolean {
  switch (kind) {
    case 'hbm_uecc':
      card.pagesRetired += 1;
      card.isRemapPending = true;
      return countUncorrectable(card, at);
    case 'sram_ecc':
      return countUncorrectable(card, at);
    case 'cecc_storm':
      card.eccCorVol += STORM_ERRORS;
      card.eccCorAgg += STORM_ERRORS;
      return true;
    case 'icn_down': {
      const { link } = particularsOf(sim.seed, card, kind, at);
      card.linkDownCounts = Array.from(
        { length: card.figures.icnLinks },
        (_, id) => (card.linkDownCounts[id] ?? 0) + (id === link ? 1 : 0),
      );
      return true;
    }
    case 'retirement_failed':
      card.isRemapPending = true;
      return true;
    case 'app_xid':
      return false;
    default:
      return true;
  }
}

/** The first error ends the job and is over; the next one soon after asks for a reset. */
function countUncorrectable(card: SimCard, at: Instant): boolean {
  card.eccUncVol += 1;
  card.eccUncAgg += 1;
  const isRepeated = card.lastUncorrectableAt !== null && at - card.lastUncorrectableAt <= UNCORRECTABLE_WINDOW_MS;
  card.lastUncorrectableAt = at;
  return isRepeated;
}

function newFault(since: Instant, kind: FaultKind, injectionId: string | null): SimFault {
  return { kind, since, injectionId, link: 0, isSevere: false, end: null };
}
