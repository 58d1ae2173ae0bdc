import { CARD_MILLI, milliOf, type SliceSpec, type SpecDemand } from './types.ts';
import type { ServerState } from './server-states.ts';

/** Shares of demand are counted in so many parts. */
const PARTS = 10_000;
/** Room is kept for this multiple of a spec's share of demand, as a fraction of whole numbers. */
const MARGIN = { numerator: 3, denominator: 2 } as const;
/** Specs are reserved for, the most demanded first, until so many parts of what needs a reserve are covered. */
const COVERED_PARTS = 9_900;

/** Room that is kept for workloads which only few servers can take: several cards of one server, or named models. */
export type Reserve = {
  readonly spec: SliceSpec;
  /** Of all milli-cards asked for, the parts that need such room, or even rarer room. */
  readonly demandParts: number;
};

const needsReserve = (spec: SliceSpec): boolean => spec.cards > 1 || (spec.cards === 1 && spec.models.length > 0);

/** What a reserve is about: for single cards their models, else all that the spec asks for. */
function roomKey({ cards, cpuMilli, memoryMiB, models }: SliceSpec): string {
  return [cards, ...(cards > 1 ? [cpuMilli, memoryMiB] : []), models.join('|')].join();
}

/** Whether what is room for `other` would do for `spec` too, so that both compete for it. */
function isAsRare(other: SliceSpec, spec: SliceSpec): boolean {
  if (spec.models.length > 0 && other.models.join('|') !== spec.models.join('|')) return false;
  if (spec.cards === 1) return other.cards >= 1;
  return other.cards >= spec.cards && other.cpuMilli >= spec.cpuMilli && other.memoryMiB >= spec.memoryMiB;
}

/** The reserves that a mix of demand calls for. */
export function reservesFor(demands: readonly SpecDemand[]): Reserve[] {
  const weigh = (list: readonly SpecDemand[]): number =>
    list.reduce((sum, { spec, count }) => sum + count * milliOf(spec), 0);
  const rare = demands
    .filter(({ spec }) => needsReserve(spec))
    .sort((a, b) => b.count * milliOf(b.spec) - a.count * milliOf(a.spec));
  const [total, rareTotal] = [weigh(demands), weigh(rare)];
  const reserves = new Map<string, Reserve>();
  let covered = 0;
  for (const { spec, count } of rare) {
    if (covered * PARTS >= rareTotal * COVERED_PARTS) break;
    covered += count * milliOf(spec);
    const asked = weigh(demands.filter((other) => isAsRare(other.spec, spec)));
    if (!reserves.has(roomKey(spec)))
      reserves.set(roomKey(spec), { spec, demandParts: Math.ceil((asked * PARTS) / total) });
  }
  return [...reserves.values()];
}

/** Milli-cards of a server that a reserve's workloads could take at once. */
export function roomFor({ spec }: Reserve, state: ServerState): number {
  if (spec.models.length > 0 && !spec.models.includes(state.model)) return 0;
  if (spec.cards === 1) return state.freeMilli;
  const times = Math.min(
    Math.floor(state.idleCards / spec.cards),
    spec.cpuMilli > 0 ? Math.floor(state.cpuMilli / spec.cpuMilli) : state.cards.length,
    spec.memoryMiB > 0 ? Math.floor(state.memoryMiB / spec.memoryMiB) : state.cards.length,
  );
  return times * spec.cards * CARD_MILLI;
}

/** Whether a reserve holds no more of what is free than its margin over its share of demand. */
export function isShort({ demandParts }: Reserve, roomMilli: number, freeMilli: number): boolean {
  return demandParts * freeMilli * MARGIN.numerator >= roomMilli * PARTS * MARGIN.denominator;
}
