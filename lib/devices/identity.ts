import { invariant } from '#lib/core/assert.ts';
import { findProfile } from './profiles.ts';
import { hash32, hashText } from './simulator/hash.ts';

export type SimulatedIdentity = {
  readonly uuid: string;
  readonly serial: string;
  readonly pciBusId: string;
  readonly numaNode: number;
};

const SERIAL_SALT = 100;
const LOT_SALT = 102;

/**
 * Who the card in a slot of a simulated server is: the same answer for the same question on every machine, so that
 * the database seed and the simulator agree without talking. Cards of one board share its serial, as real ones do.
 * `nodeKey` must be unique in the fleet. Throws for a model without a profile and a slot that its server lacks.
 */
export function simulatedIdentity(card: {
  readonly seed: number;
  readonly nodeKey: string;
  readonly slot: number;
  readonly modelId: string;
}): SimulatedIdentity {
  const profile = findProfile(card.modelId);
  invariant(profile !== null, `${card.modelId} has no card profile`);
  const numaNode = profile.numaNodeBySlot[card.slot];
  const bus = profile.pciBusBySlot[card.slot];
  invariant(numaNode !== undefined && bus !== undefined, `a ${card.modelId} server has no slot ${card.slot}`);

  const node = hashText(card.nodeKey);
  const hex = (salt: number, of: number): string => hash32(card.seed, node, of, salt).toString(16).padStart(8, '0');
  const board = Math.floor(card.slot / profile.figures.cardsPerBoard);
  const lot = `01${hex(LOT_SALT, 0).slice(2)}`;
  const middle = hex(1, card.slot);
  const tail = hex(2, card.slot) + hex(3, card.slot).slice(0, 4);
  return {
    uuid: `GPU-${lot}-${middle.slice(0, 4)}-${middle.slice(4)}-0000-${tail}`,
    serial: (hex(SERIAL_SALT, board) + hex(SERIAL_SALT + 1, board)).toUpperCase(),
    pciBusId: `00000000:${bus}:00.0`,
    numaNode,
  };
}
