/** How cards of one booking lie, as customers ask for it. */
export const TOPOLOGIES = ['any', 'same-server', 'same-supernode', 'whole-servers', 'whole-supernodes'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** What holds cards, from the smallest up. */
export const LEVELS = ['server', 'supernode', 'pool'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * `within`: all cards lie on one of that level. `whole`: they are all the cards of some of that level, so nobody else has
 * one beside them; null: the cards may share.
 */
export type Layout = { readonly within: Level; readonly whole: Exclude<Level, 'pool'> | null };

/** What each topology means. Code that asks how cards must lie reads it here, and names no topology. */
export const LAYOUTS = {
  any: { within: 'pool', whole: null },
  'same-server': { within: 'server', whole: null },
  'same-supernode': { within: 'supernode', whole: null },
  'whole-servers': { within: 'pool', whole: 'server' },
  'whole-supernodes': { within: 'pool', whole: 'supernode' },
} as const satisfies Record<Topology, Layout>;

/** What would do instead of a topology, the nearest first. */
export const LOOSER = {
  any: [],
  'same-server': ['same-supernode', 'any'],
  'same-supernode': ['any'],
  'whole-servers': ['any'],
  'whole-supernodes': ['whole-servers', 'any'],
} as const satisfies Record<Topology, readonly Topology[]>;

/** The sizes of a pool: of its largest server and its largest supernode. */
export type LevelSizes = { readonly cardsPerServer: number; readonly cardsPerSupernode: number };

/** The most cards that a topology can hold; null when it does not bound them. */
export function cardsMaxOf(topology: Topology, sizes: LevelSizes): number | null {
  const { within } = LAYOUTS[topology];
  if (within === 'server') return sizes.cardsPerServer;
  return within === 'supernode' ? sizes.cardsPerSupernode : null;
}

/** Cards come in multiples of this number: 1, the size of what is taken whole, or of a segment. */
export function cardsStepOf(topology: Topology, sizes: LevelSizes, gang?: Gang): number {
  if (gang?.segmentCards) return gang.segmentCards;
  const { whole } = LAYOUTS[topology];
  if (whole === 'server') return sizes.cardsPerServer;
  return whole === 'supernode' ? sizes.cardsPerSupernode : 1;
}

/** What may be preferred: one of it for all cards, if there is room. */
export const PREFERRED_LEVELS = ['server', 'supernode'] as const satisfies readonly Level[];
export type PreferredLevel = (typeof PREFERRED_LEVELS)[number];

/**
 * What a gang asks for besides its topology. `segmentCards`: it is cut into segments of so many cards, and the topology
 * holds for each of them; null: it is one. `preferred`: all of it in one of that level where there is room, else as the
 * topology alone says; nobody moves for it.
 */
export type Gang = { readonly segmentCards: number | null; readonly preferred: PreferredLevel | null };

/** A topology with what a gang asks for besides; without `gang`, nothing. */
export type Arrangement = { readonly topology: Topology; readonly gang?: Gang | undefined };

/** What a gang asks for; undefined when that is nothing, so that nothing is kept of it. */
export function gangOf(segmentCards: number | null, preferred: PreferredLevel | null): Gang | undefined {
  return segmentCards === null && preferred === null ? undefined : { segmentCards, preferred };
}

/** The level at which cards are given back together, so that what stays is as it was bought; null: one by one. */
export function keptWhole({ topology, gang }: Arrangement): Exclude<Level, 'pool'> | null {
  const { within, whole } = LAYOUTS[topology];
  return whole ?? (gang?.segmentCards && within !== 'pool' ? within : null);
}

/** True when segments of so many cards can lie in a topology and make up all cards. */
export function canBeCut(topology: Topology, cards: number, segmentCards: number, sizes: LevelSizes): boolean {
  const cardsMax = cardsMaxOf(topology, sizes);
  const isSize = Number.isSafeInteger(segmentCards) && segmentCards >= 1;
  return isSize && cardsMax !== null && segmentCards <= cardsMax && cards % segmentCards === 0;
}
