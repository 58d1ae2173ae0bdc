import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { HostAction } from '../simulation.ts';
import { DriverCode, DriverError } from '../types.ts';
import { actionOf, FAULT_TRAITS, type Remedy } from './faults.ts';
import { killProcesses, refresh, takePid } from './processes.ts';
import { driverFailure, emit, hasFault, type Sim, type SimCard, type SimNode } from './state.ts';
import { announceAction } from './strike.ts';

/** How long a repair keeps the driver away. Assumptions. */
export const REPAIR_SECONDS: Readonly<Record<HostAction, number>> = {
  driver_restart: 20,
  driver_reinstall: 180,
  os_reboot: 240,
  cold_reboot: 600,
};

/**
 * Resets a card at once. Rejects `DEVICE_LOST` when there is nothing to reset, `INVALID_STATE` where the driver asks for
 * a drain that has not come first, and `IN_USE` while processes hold what must be idle (the vendor's manual wants the
 * whole server free) or a monitor keeps the nodes open. A reset of the interconnect alone mends no fault.
 */
export function resetCard(sim: Sim, card: SimCard, what: 'ppu' | 'icn' | 'ppu_icn'): void {
  if (hasFault(card, 'lost')) throw new DriverError(DriverCode.DEVICE_LOST, 'reset', card.uuid);
  const isUndrained = actionOf(card) === 'drain_and_reset' && !card.isDraining;
  if (isUndrained) throw new DriverError(DriverCode.INVALID_STATE, 'reset', card.uuid);
  const mustBeIdle = card.node.profile.resetNeedsIdle === 'card' ? [card] : card.node.cards;
  const isHeld = card.node.monitors.size > 0 || mustBeIdle.some((other) => other.processes.length > 0);
  if (isHeld) throw new DriverError(DriverCode.IN_USE, 'reset', card.uuid);
  if (what !== 'icn') remedy(card, 'device_reset');
  announceAction(sim, card);
  refresh(sim, card.node);
}

/**
 * Begins a repair of the server. Reboots end every process; the driver cannot be loaded anew under one, nor under a
 * monitor (`IN_USE`), nor anything repaired while a repair runs (`INVALID_STATE`).
 */
export function repairNode(sim: Sim, node: SimNode, action: HostAction): Instant {
  if (node.isUnderRepair) throw new DriverError(DriverCode.INVALID_STATE, action);
  const running = [...new Set(node.cards.flatMap((card) => card.processes))];
  const isHeld = running.length > 0 || node.monitors.size > 0;
  if (!isReboot(action) && isHeld) throw new DriverError(DriverCode.IN_USE, action);
  killProcesses(sim, node, running, 'server_reboot');
  emit(sim, node, null, { type: 'driver', bound: false });
  node.isUnderRepair = true;
  const doneAt = plusSeconds(sim.now, node.settings.repairSeconds[action]);
  sim.agenda.add(doneAt, () => finishRepair(sim, node, action));
  return doneAt;
}

function finishRepair(sim: Sim, node: SimNode, action: HostAction): void {
  node.isUnderRepair = false;
  node.faults = node.faults.filter((fault) => !FAULT_TRAITS[fault.kind].remedies.includes(action));
  const touched = node.cards.filter((card) => card.faults.length > 0 || card.lastUncorrectableAt !== null);
  for (const card of node.cards) {
    remedy(card, action);
    // Energy counts from the loading of the driver, and every host action loads it anew.
    card.segment = { ...card.segment, since: sim.now, startEnergyJ: 0 };
  }
  if (isReboot(action)) reboot(sim, node);
  // A driver of the wrong version is loaded all the same, and what it answers is news.
  if (driverFailure(node) !== DriverCode.DRIVER_NOT_LOADED) emit(sim, node, null, { type: 'driver', bound: true });
  for (const card of touched) announceAction(sim, card);
  refresh(sim, node);
}

function isReboot(action: HostAction): boolean {
  return action === 'os_reboot' || action === 'cold_reboot';
}

/**
 * Cards come back on the bus and undrained, services start again, and the numbering of this boot is another one. A boot
 * image that was not renewed with the driver loads the old one, which the new library refuses.
 */
function reboot(sim: Sim, node: SimNode): void {
  node.bootCount += 1;
  node.monitors = new Map([...node.monitors.values()].map((name) => [takePid(node), name]));
  const stale = node.faults.find((fault) => fault.kind === 'stale_initramfs');
  if (stale) node.faults = [...node.faults, { ...stale, kind: 'lib_mismatch', since: sim.now }];
  for (const card of node.cards) {
    card.isDraining = false;
    card.isRemoved = false;
  }
}

function remedy(card: SimCard, by: Remedy): void {
  for (const fault of card.faults) {
    if (fault.end && FAULT_TRAITS[fault.kind].remedies.includes(by)) fault.end.isOff = true;
  }
  card.faults = card.faults.filter((fault) => !FAULT_TRAITS[fault.kind].remedies.includes(by));
  card.eccCorVol = 0;
  card.eccUncVol = 0;
  card.lastUncorrectableAt = null;
  card.isRemapPending = false;
}
