import { invariant } from '#lib/core/assert.ts';
import type { CardVendor } from './card-profile.ts';
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
  const hash = (salt: number, of: number): number => hash32(card.seed, node, of, salt);
  const board = Math.floor(card.slot / profile.figures.cardsPerBoard);
  const { uuidOf, serialOf } = FORMS[profile.vendor];
  return { uuid: uuidOf(hash, card.slot), serial: serialOf(hash, board), pciBusId: `00000000:${bus}:00.0`, numaNode };
}

type Hash = (salt: number, of: number) => number;
type IdentityForm = {
  readonly uuidOf: (hash: Hash, slot: number) => string;
  readonly serialOf: (hash: Hash, board: number) => string;
};

/**
 * What identities look like. T-Head's begin with their lot; NVIDIA's are drawn at random and its serials are thirteen
 * digits; Ascend cards have no uuid, so we name them by the five words of their VDie id, which never changes either.
 */
const FORMS: Readonly<Record<CardVendor, IdentityForm>> = {
  thead: {
    uuidOf: (hash, slot) => {
      const lot = `01${hex(hash(LOT_SALT, 0)).slice(2)}`;
      const middle = hex(hash(1, slot));
      const tail = hex(hash(2, slot)) + hex(hash(3, slot)).slice(0, 4);
      return `GPU-${lot}-${middle.slice(0, 4)}-${middle.slice(4)}-0000-${tail}`;
    },
    serialOf: hexSerial,
  },
  nvidia: {
    uuidOf: (hash, slot) => {
      const digits = [1, 2, 3, 4].map((salt) => hex(hash(salt, slot))).join('');
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, 'GPU-$1-$2-$3-$4-$5');
    },
    serialOf: (hash, board) => `165${String(hash(SERIAL_SALT, board)).padStart(10, '0')}`,
  },
  huawei: {
    uuidOf: (hash, slot) => ['NPU', ...[1, 2, 3, 4, 5].map((salt) => hex(hash(salt, slot)).toUpperCase())].join('-'),
    serialOf: hexSerial,
  },
};

function hexSerial(hash: Hash, board: number): string {
  return (hex(hash(SERIAL_SALT, board)) + hex(hash(SERIAL_SALT + 1, board))).toUpperCase();
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
