import type { CardProfile } from '../card-profile.ts';

type LinkEnd = { readonly slot: number; readonly link: number };

/** What a port is wired to: a port of another slot, the switch, something that a recording does not name, or nothing. */
type PortEnd = LinkEnd | 'switch' | 'unrecorded' | null;

/** By slot, then by port. */
export type Wiring = readonly (readonly PortEnd[])[];

type Bond = readonly [slotA: number, slotB: number, links: number];

/** The vendor's eight-card box: five links a card, every other card within two hops. */
const BOX_SLOTS = 8;
const BOX: readonly Bond[] = [
  [0, 1, 2],
  [0, 3, 1],
  [0, 6, 2],
  [1, 2, 1],
  [1, 7, 2],
  [2, 3, 2],
  [2, 4, 1],
  [2, 5, 1],
  [3, 4, 1],
  [3, 5, 1],
  [4, 5, 2],
  [4, 7, 1],
  [5, 6, 1],
  [6, 7, 2],
];

/** Assumption: no adjacency of a sixteen-card server is known, so two boxes are joined by the two ports left over. */
const TWINS: readonly Bond[] = BOX.flatMap(([a, b, links]): Bond[] => [
  [a, b, links],
  [a + BOX_SLOTS, b + BOX_SLOTS, links],
]).concat(Array.from({ length: BOX_SLOTS }, (_, slot): Bond => [slot, slot + BOX_SLOTS, 2]));

const known = new Map<string, Wiring>();

/** The wiring of a server of `slots` slots, one object per shape however many servers have it. */
export function wiringOf(profile: CardProfile, slots: number): Wiring {
  const key = `${profile.modelId}/${slots}`;
  const wiring = known.get(key) ?? wire(profile, slots);
  known.set(key, wiring);
  return wiring;
}

/** The ports of a recorded server: so many of each card's are up, and nobody wrote down where they lead. */
export function recordedWiring(
  slots: number,
  bySlot: ReadonlyMap<number, { readonly icnLinks: number; readonly activeIcnLinks: number }>,
): Wiring {
  return Array.from({ length: slots }, (_, slot) => {
    const { icnLinks, activeIcnLinks } = bySlot.get(slot) ?? { icnLinks: 0, activeIcnLinks: 0 };
    return Array.from({ length: icnLinks }, (_port, link) => (link < activeIcnLinks ? 'unrecorded' : null));
  });
}

function wire(profile: CardProfile, slots: number): Wiring {
  const ports = profile.figures.icnLinks;
  if (profile.icn === 'switch') return Array.from({ length: slots }, () => Array(ports).fill('switch'));
  const wiring: (LinkEnd | null)[][] = Array.from({ length: slots }, () => []);
  for (const [a, b, links] of bondsOf(profile, slots)) {
    for (let i = 0; i < links; i += 1) join(wiring[a], wiring[b], a, b);
  }
  for (const own of wiring) while (own.length < ports) own.push(null);
  return wiring;
}

function bondsOf({ icn }: CardProfile, slots: number): readonly Bond[] {
  if (icn === 'full_mesh') return pairs(slots);
  return slots > BOX_SLOTS ? TWINS : BOX;
}

/** One wire between any two slots. */
function pairs(slots: number): Bond[] {
  return Array.from({ length: slots }, (_, a) => a).flatMap((a) =>
    Array.from({ length: slots - a - 1 }, (_, i): Bond => [a, a + i + 1, 1]),
  );
}

function join(endA: (LinkEnd | null)[] | undefined, endB: (LinkEnd | null)[] | undefined, a: number, b: number): void {
  if (!endA || !endB) return;
  endA.push({ slot: b, link: endB.length });
  endB.push({ slot: a, link: endA.length - 1 });
}
