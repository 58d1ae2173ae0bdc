import { SLOTS } from './hour-window.ts';

/**
 * Tables of rows and slots are kept in blocks: so many neighbouring slots of one row, then the same slots of the next
 * row. So many rows of few hours, which searches read, are neighbours in memory, and few hours of one row are as well.
 * A day is a whole number of blocks.
 */
export const BLOCK_SLOTS = 8;
const BLOCK_SHIFT = 3;

/** How many entries a table of so many rows has. */
export function entriesFor(rows: number): number {
  return Math.ceil(SLOTS / BLOCK_SLOTS) * BLOCK_SLOTS * rows;
}

/** Where a table of so many rows keeps a slot of a row. Slots of one block are neighbours. */
export function entryOf(rows: number, row: number, slot: number): number {
  return (((slot >> BLOCK_SHIFT) * rows + row) << BLOCK_SHIFT) | (slot & (BLOCK_SLOTS - 1));
}
