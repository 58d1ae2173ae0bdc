import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preferCards } from './preferred.ts';
import { openTestFleet } from './testing.ts';
import { DriverCode, type PreferredRequest, type Topology } from './types.ts';

async function setup() {
  const fleet = openTestFleet();
  const driver = await fleet.driver();
  const topology: Topology = await driver.topology();
  const numa = new Map((await driver.list()).map((card) => [card.uuid, card.numaNode]));
  const prefer = (request: PreferredRequest): string[] =>
    preferCards(topology, (uuid) => numa.get(uuid) ?? null, request);
  const slots = (uuids: readonly string[]): number[] => uuids.map((uuid) => topology.uuids.indexOf(uuid));
  const cards = (...at: number[]): string[] => at.map(fleet.uuid);
  return { topology, prefer, slots, cards, all: [...topology.uuids] };
}

describe('among free cards', () => {
  test('two are joined by as many links as there are', async () => {
    const { prefer, slots, all, topology } = await setup();
    const [a = -1, b = -1] = slots(prefer({ available: all, mustInclude: [], size: 2 }));
    expect(topology.icnBonded[a]?.[b]).toBe(2);
  });

  test('a required card brings its best-joined neighbour', async () => {
    const { prefer, slots, cards } = await setup();
    expect(slots(prefer({ available: cards(0, 3, 4, 5, 9), mustInclude: cards(0), size: 2 }))).toEqual([0, 3]);
  });

  test('without links the nearer by hops wins, then the same NUMA node', async () => {
    const { prefer, slots, cards } = await setup();
    expect(slots(prefer({ available: cards(0, 2, 15), mustInclude: cards(0), size: 2 }))).toEqual([0, 2]);
  });

  test('eight of sixteen are a box or two halves that are joined better', async () => {
    const { prefer, all, topology, slots } = await setup();
    const chosen = slots(prefer({ available: all, mustInclude: [], size: 8 }));
    const links = chosen.flatMap((a) => chosen.map((b) => topology.icnBonded[a]?.[b] ?? 0));
    // The vendor's own box of eight has 40 link ends inside.
    expect(links.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(40);
  });
});

test('for any request: required ⊆ chosen ⊆ available, and as many as asked for', async () => {
  const { prefer, all } = await setup();
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: 1 }), fc.nat(), fc.nat(), (available, a, b) => {
      const size = 1 + (a % available.length);
      const mustInclude = available.slice(0, b % (size + 1));
      const chosen = prefer({ available, mustInclude, size });
      expect(new Set(chosen).size).toBe(size);
      expect(mustInclude.every((uuid) => chosen.includes(uuid))).toBe(true);
      expect(chosen.every((uuid) => available.includes(uuid))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

describe('a request that cannot be met is refused', () => {
  test.each([
    ['more cards than available', { size: 3 }, DriverCode.INVALID_ARGUMENT],
    ['no cards', { size: 0 }, DriverCode.INVALID_ARGUMENT],
    ['a required card that is not available', { mustInclude: ['other'] }, DriverCode.INVALID_ARGUMENT],
    ['a card of another server', { available: ['other'], size: 1 }, DriverCode.NOT_FOUND],
  ])('%s', async (_name, changes, code) => {
    const { prefer, cards } = await setup();
    const request = { available: cards(0, 1), mustInclude: [], size: 2, ...changes };
    expect(() => prefer(request)).toThrow(expect.objectContaining({ code }));
  });
});
