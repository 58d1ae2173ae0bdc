import { DriverCode, DriverError } from '../types.ts';
import { refresh } from './processes.ts';
import { emit, type Sim, type SimCard, type SimNode } from './state.ts';

/** A drained card takes no new process and leaves the list; what runs on it goes on. */
export function drain(card: SimCard, on: boolean): void {
  card.isDraining = on;
}

/** Takes a drained card off the bus that nothing holds. */
export function remove(sim: Sim, card: SimCard): void {
  if (!card.isDraining) throw new DriverError(DriverCode.INVALID_STATE, 'remove', card.uuid);
  const isHeld = card.processes.length > 0 || card.node.monitors.size > 0;
  if (isHeld) throw new DriverError(DriverCode.IN_USE, 'remove', card.uuid);
  card.isRemoved = true;
  refresh(sim, card.node);
}

/** Brings removed cards back, undrained. */
export function rediscover(sim: Sim, node: SimNode): void {
  for (const card of node.cards) {
    if (!card.isRemoved) continue;
    card.isRemoved = false;
    card.isDraining = false;
  }
  refresh(sim, node);
}

export function setPowerLimit(sim: Sim, card: SimCard, milliwatts: number): void {
  const { powerLimitMinMw, powerLimitDefaultMw } = card.figures;
  const isAllowed = Number.isInteger(milliwatts) && milliwatts >= powerLimitMinMw && milliwatts <= powerLimitDefaultMw;
  if (!isAllowed) throw new DriverError(DriverCode.INVALID_ARGUMENT, 'setPowerLimit', card.uuid);
  card.powerLimitMw = milliwatts;
  emit(sim, card.node, card.uuid, { type: 'power' });
  refresh(sim, card.node);
}

/** Partitioning needs an idle card and takes its links away. */
export function setPartitionMode(sim: Sim, card: SimCard, on: boolean): void {
  if (card.processes.length > 0) throw new DriverError(DriverCode.IN_USE, 'setPartitionMode', card.uuid);
  if (card.isPartitioned === on) return;
  card.isPartitioned = on;
  emit(sim, card.node, card.uuid, { type: 'partition' });
  refresh(sim, card.node);
}
