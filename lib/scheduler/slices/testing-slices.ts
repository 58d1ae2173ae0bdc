import { CARD_MILLI, type ServerShape, type SliceSpec } from './types.ts';

/** A server of four cards with 32 cores and 128 GiB, changed as named. */
export function shape(change: Partial<ServerShape> = {}): ServerShape {
  return { model: 'A', cards: 4, cpuMilli: 32_000, memoryMiB: 131_072, ...change };
}

/** One whole card with 4 cores and 8 GiB, on any model, changed as named. */
export function spec(change: Partial<SliceSpec> = {}): SliceSpec {
  return { cpuMilli: 4_000, memoryMiB: 8_192, cards: 1, cardMilli: CARD_MILLI, models: [], ...change };
}
