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

/** Cards come in multiples of this number: 1, or the size of what is taken whole. */
export function cardsStepOf(topology: Topology, sizes: LevelSizes): number {
  const { whole } = LAYOUTS[topology];
  if (whole === 'server') return sizes.cardsPerServer;
  return whole === 'supernode' ? sizes.cardsPerSupernode : 1;
}
