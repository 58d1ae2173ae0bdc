import { present } from '#lib/core/assert.ts';
import { DriverCode, DriverError, type PreferredRequest, type Topology } from './types.ts';

/** What joins two cards counts in this order: bonded ICN links, ICN hops, a shared NUMA node. */
type Bond = { readonly links: number; readonly hops: number; readonly sameNuma: number };
type Choice = { readonly ids: readonly string[]; readonly bond: Bond };

const OP = 'getPreferredAllocation';
const NO_BOND: Bond = { links: 0, hops: 0, sameNuma: 0 };
/** Cards that no ICN path joins count as far apart. */
const HOPS_FAR = 100;

/**
 * The cards of a server that belong together best: `mustInclude` ⊆ result ⊆ `available`, in the order of the topology.
 * Grows a group greedily from every possible first card and keeps the best one, so at most n² steps of n.
 * Throws `INVALID_ARGUMENT` when no such group exists and `NOT_FOUND` for an id that the server does not have.
 */
export function preferCards(
  topology: Topology,
  numaOf: (uuid: string) => number | null,
  { available, mustInclude, size }: PreferredRequest,
): string[] {
  const candidates = topology.uuids.filter((uuid) => available.includes(uuid));
  if (new Set(available).size !== candidates.length) throw new DriverError(DriverCode.NOT_FOUND, OP);
  const isPossible = mustInclude.every((uuid) => available.includes(uuid)) && mustInclude.length <= size;
  if (!isPossible || size > candidates.length || size < 1) throw new DriverError(DriverCode.INVALID_ARGUMENT, OP);

  const bondOf = (a: string, b: string): Bond => bondBetween(topology, numaOf, a, b);
  const starts = mustInclude.length > 0 ? [mustInclude] : candidates.map((uuid) => [uuid]);
  const groups = starts.map((start) => grow(start, candidates, size, bondOf));
  const best = present(
    groups.reduce((a, b) => (compareBonds(b.bond, a.bond) < 0 ? b : a)),
    'a group',
  );
  return candidates.filter((uuid) => best.ids.includes(uuid));
}

function grow(
  start: readonly string[],
  candidates: readonly string[],
  size: number,
  bondOf: (a: string, b: string) => Bond,
): Choice {
  let group: Choice = { ids: [], bond: NO_BOND };
  const join = (uuid: string): Choice => ({
    ids: [...group.ids, uuid],
    bond: group.ids.map((id) => bondOf(uuid, id)).reduce(addBonds, group.bond),
  });
  for (const uuid of start) group = join(uuid);
  while (group.ids.length < size) {
    const next = candidates.filter((uuid) => !group.ids.includes(uuid)).map(join);
    group = next.reduce((a, b) => (compareBonds(b.bond, a.bond) < 0 ? b : a));
  }
  return group;
}

function bondBetween(topology: Topology, numaOf: (uuid: string) => number | null, a: string, b: string): Bond {
  const row = topology.uuids.indexOf(a);
  const column = topology.uuids.indexOf(b);
  const hops = topology.icnHops[row]?.[column] ?? -1;
  const isNear = numaOf(a) !== null && numaOf(a) === numaOf(b);
  return {
    links: topology.icnBonded[row]?.[column] ?? 0,
    hops: hops < 0 ? HOPS_FAR : hops,
    sameNuma: isNear ? 1 : 0,
  };
}

function addBonds(a: Bond, b: Bond): Bond {
  return { links: a.links + b.links, hops: a.hops + b.hops, sameNuma: a.sameNuma + b.sameNuma };
}

/** Negative when `a` is better; 0 keeps the earlier card in topology order, so equal choices are stable. */
function compareBonds(a: Bond, b: Bond): number {
  return b.links - a.links || a.hops - b.hops || b.sameNuma - a.sameNuma;
}
