import { type CardStates, CONDITIONS, type Condition, conditionOf, isTakenOut } from './condition.ts';

// The map of a pool as bytes, one a card by ordinal: small enough to send whole, and read without a parser.

const CONDITION_BITS = 0b1111;
const TAKEN_OUT_BIT = 0b10000;
const HELD_BIT = 0b100000;
const DEGRADED_BIT = 0b1000000;

/** A byte that stands for "not read". */
export const NOT_READ = 255;

/** What a cell of the map shows. */
export type CardCell = {
  readonly condition: Condition;
  /** Takes no new work, whatever it does now. */
  readonly isTakenOut: boolean;
  /** Somebody has it now. */
  readonly isHeld: boolean;
  readonly isDegraded: boolean;
};

/** A card's states as one byte. */
export function encodeCell(states: CardStates): number {
  return (
    CONDITIONS.indexOf(conditionOf(states)) |
    (isTakenOut(states) ? TAKEN_OUT_BIT : 0) |
    (states.holder === 'running' ? HELD_BIT : 0) |
    (states.health === 'degraded' ? DEGRADED_BIT : 0)
  );
}

/** The condition in a byte. A byte that means nothing is unknown. */
export function conditionIn(cell: number): Condition {
  return CONDITIONS[cell & CONDITION_BITS] ?? 'unknown';
}

/** What a byte says. */
export function decodeCell(cell: number): CardCell {
  return {
    condition: conditionIn(cell),
    isTakenOut: (cell & TAKEN_OUT_BIT) !== 0,
    isHeld: (cell & HELD_BIT) !== 0,
    isDegraded: (cell & DEGRADED_BIT) !== 0,
  };
}

const CHUNK = 8_192;

/** Bytes as text for the way to the browser. */
export function packBytes(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** The bytes that {@link packBytes} made into text. */
export function unpackBytes(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** A server's place on the map; its cards follow one another from `firstCard` by slot. */
export type MapServer = {
  readonly id: string;
  readonly supernode: string;
  readonly pod: string;
  /** Short name: `p03/s07/n2`. */
  readonly label: string;
  readonly firstCard: number;
  readonly cards: number;
};

export type MapHolder = { readonly reservationId: string; readonly name: string; readonly organisation: string };

/** All cards of a pool, ready to be drawn. Every packed array has one entry a card, by ordinal. */
export type CardMapData = {
  readonly poolId: string;
  readonly servers: readonly MapServer[];
  readonly cells: string;
  /** Percent, or {@link NOT_READ}. */
  readonly utilisation: string;
  /** Degrees Celsius, or {@link NOT_READ}. */
  readonly temperature: string;
  readonly holders: readonly MapHolder[];
  /** 0: nobody; else the holder's position plus one, as two bytes, low first. */
  readonly holderOf: string;
};
