import { describe, expect, test } from 'vitest';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { SliceCluster } from './cluster.ts';
import { PLACEMENT_POLICIES, type PlacementPolicy } from './policies.ts';
import { shape, spec } from './testing-slices.ts';
import type { ServerShape, SliceSpec, SpecDemand } from './types.ts';

const POLICIES = Object.keys(PLACEMENT_POLICIES) as PlacementPolicy[];

/** A small cluster and many workloads of a few specs, drawn from a seed. */
function setup(seed: number) {
  const random = mulberry32(seed);
  const one = <T>(...list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const shapes = Array.from({ length: 12 }, () =>
    shape({ cards: one(1, 2, 4, 8), model: one('A', 'B'), cpuMilli: one(16_000, 48_000, 96_000) }),
  );
  const specs = Array.from({ length: 9 }, () =>
    one(
      spec({ cardMilli: one(110, 230, 470, 650, 810), cpuMilli: one(1_000, 3_152, 8_000) }),
      spec({ cpuMilli: one(4_000, 11_300), models: one<readonly string[]>([], [], ['B']) }),
      spec({ cards: one(0, 2, 4, 8), cpuMilli: one(8_000, 16_000) }),
    ),
  ).map((each) => (each.cards === 0 ? { ...each, cardMilli: 0 } : each));
  const popularity = specs.map((each, i) => ({ spec: each, count: 1 + (i % 4) }));
  return { shapes, popularity, arrivals: Array.from({ length: 150 }, () => one(...specs)) };
}

/** The server and its cards after each workload; null where it was dropped. */
function decisions(policy: PlacementPolicy, { shapes, popularity, arrivals }: ReturnType<typeof setup>) {
  const cluster = new SliceCluster(shapes);
  const choose = PLACEMENT_POLICIES[policy].start({ cluster, popularity, random: mulberry32(1) });
  return arrivals.map((each) => {
    const choice = choose(each);
    if (choice) cluster.place(choice.server, choice.after);
    return choice && { server: choice.server, cards: [...choice.after.cards] };
  });
}

/** Fragmentation gradient descent with nothing remembered, straight from its definition. */
function naiveFgd({ shapes, popularity, arrivals }: ReturnType<typeof setup>) {
  const target = naiveTarget(popularity);
  const servers = shapes.map((each) => ({ ...each, free: new Array<number>(each.cards).fill(1_000) }));
  type Server = (typeof servers)[number];
  const allows = (server: Server, { models }: SliceSpec) => models.length === 0 || models.includes(server.model);
  const fragmentationOf = (server: Server) =>
    target.reduce((sum, { spec: each, share }) => {
      const able = server.free.filter((free) => free >= each.cardMilli).length;
      const cannot = each.cards === 0 || !allows(server, each) || each.cpuMilli > server.cpuMilli || able < each.cards;
      const unusable = cannot ? server.free : server.free.filter((free) => free < each.cardMilli);
      return sum + share * unusable.reduce((all, free) => all + free, 0);
    }, 0);
  return arrivals.map((each) => {
    let best: { score: number; index: number; next: Server } | null = null;
    for (const [index, server] of servers.entries()) {
      if (each.cpuMilli > server.cpuMilli || each.memoryMiB > server.memoryMiB) continue;
      if (each.cards > 0 && !allows(server, each)) continue;
      const able = server.free.flatMap((free, card) => (free >= each.cardMilli ? [card] : []));
      if (able.length < each.cards) continue;
      const choices =
        each.cards === 1 && each.cardMilli < 1_000 ? able.map((card) => [card]) : [able.slice(0, each.cards)];
      for (const chosen of choices) {
        const next: Server = {
          ...server,
          cpuMilli: server.cpuMilli - each.cpuMilli,
          memoryMiB: server.memoryMiB - each.memoryMiB,
          free: server.free.map((free, card) => (chosen.includes(card) ? free - each.cardMilli : free)),
        };
        const change = (fragmentationOf(server) - fragmentationOf(next)) / 1_000;
        const score = Math.trunc(100 / (1 + Math.exp(-change)));
        if (best === null || score > best.score) best = { score, index, next };
      }
    }
    if (best === null) return null;
    servers[best.index] = best.next;
    return { server: best.index, cards: best.next.free };
  });
}

function naiveTarget(popularity: readonly SpecDemand[]) {
  const all = popularity.reduce((sum, { count }) => sum + count, 0);
  const kept: SpecDemand[] = [];
  const keptCount = () => kept.reduce((sum, { count }) => sum + count, 0);
  for (const demand of merged(popularity)) if (keptCount() < 0.95 * all) kept.push(demand);
  return kept.map(({ spec: each, count }) => ({ spec: each, share: count / keptCount() }));
}

/** Equal specs added up, the most frequent first. All specs of the test ask for the same memory. */
function merged(popularity: readonly SpecDemand[]): SpecDemand[] {
  const counts = new Map<string, number>();
  for (const { spec: each, count } of popularity) {
    const key = JSON.stringify(each);
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return Array.from(counts, ([key, count]) => ({ spec: JSON.parse(key) as SliceSpec, count })).sort(
    (a, b) => b.count - a.count,
  );
}

describe.each(POLICIES)('%s', (policy) => {
  test('decides the same again', () => {
    expect(decisions(policy, setup(5))).toEqual(decisions(policy, setup(5)));
  });

  test('drops a workload only when no server can take it', () => {
    const { shapes, popularity, arrivals } = setup(6);
    const cluster = new SliceCluster(shapes);
    const choose = PLACEMENT_POLICIES[policy].start({ cluster, popularity, random: mulberry32(1) });
    let dropped = 0;
    for (const each of arrivals) {
      const able = cluster.servers.flatMap((state) => cluster.states.after(state, each));
      const choice = choose(each);
      expect(choice !== null).toBe(able.length > 0);
      if (!choice) dropped += 1;
      else {
        const state = cluster.servers[choice.server];
        expect(state && cluster.states.after(state, each)).toContain(choice.after);
        cluster.place(choice.server, choice.after);
      }
    }
    expect(dropped).toBeGreaterThan(0);
  });

  test('knows what has changed since, also when a placement was taken back', () => {
    const { shapes, popularity, arrivals } = setup(7);
    const fresh = (cluster: SliceCluster) =>
      PLACEMENT_POLICIES[policy].start({ cluster, popularity, random: () => 0.3 });
    const cluster = new SliceCluster(shapes);
    const choose = fresh(cluster);
    for (const [i, each] of arrivals.entries()) {
      const choice = choose(each);
      expect(choice).toEqual(fresh(cluster)(each));
      if (!choice) continue;
      const undo = cluster.place(choice.server, choice.after);
      if (i % 3 === 0) undo();
    }
  });
});

test.each([1, 2, 3, 4])('fgd decides as its definition does (seed %i)', (seed) => {
  expect(decisions('fgd', setup(seed))).toEqual(naiveFgd(setup(seed)));
});

/** The server that a policy picks for one workload. */
function pick(policy: PlacementPolicy, shapes: readonly ServerShape[], asked: SliceSpec, popularity: SpecDemand[]) {
  const cluster = new SliceCluster(shapes);
  return PLACEMENT_POLICIES[policy].start({ cluster, popularity, random: mulberry32(1) })(asked)?.server ?? null;
}

test('fgd and bestfit give equal scores to the first server', () => {
  const shapes = [shape(), shape({ memoryMiB: 262_144 }), shape()];
  expect(pick('fgd', shapes, spec(), [{ spec: spec(), count: 1 }])).toBe(0);
  expect(pick('bestfit', shapes, spec(), [])).toBe(0);
});

test('bestfit takes the server with the least left of CPU and cards, and of it the fullest card', () => {
  expect(pick('bestfit', [shape(), shape({ cards: 2 }), shape({ cards: 3 })], spec(), [])).toBe(1);
  expect(pick('bestfit', [shape(), shape({ cpuMilli: 16_000 })], spec(), [])).toBe(1);
  expect(pick('bestfit', [shape()], spec({ cards: 0, cardMilli: 0 }), [])).toBe(0);
  const cluster = new SliceCluster([shape({ cards: 2 })]);
  const choose = PLACEMENT_POLICIES.bestfit.start({ cluster, popularity: [], random: mulberry32(1) });
  for (const cardMilli of [300, 800, 200]) {
    const choice = choose(spec({ cardMilli }));
    if (choice) cluster.place(choice.server, choice.after);
  }
  expect(cluster.servers[0]?.cards).toEqual([700, 0]);
});

describe('kashi', () => {
  const many = { spec: spec(), count: 90 };

  test('keeps idle servers for workloads that need whole ones, as far as these are asked for', () => {
    const eight = spec({ cards: 8, cpuMilli: 8_000 });
    const shapes = [shape({ cards: 8 }), shape({ cards: 1 })];
    expect(pick('kashi', shapes, spec(), [many, { spec: eight, count: 90 }])).toBe(1);
  });

  test('keeps named models for workloads that accept no other', () => {
    const named = { spec: spec({ models: ['A'] }), count: 90 };
    expect(pick('kashi', [shape(), shape({ model: 'B' })], spec(), [many, named])).toBe(1);
    expect(pick('kashi', [shape(), shape({ model: 'B' })], spec(), [many])).toBe(0);
  });

  test('does not strand cards by taking their CPU', () => {
    const hungry = spec({ cpuMilli: 20_000 });
    const shapes = [shape({ cards: 2, cpuMilli: 22_000 }), shape({ cards: 2, cpuMilli: 64_000 })];
    const popularity = [many, { spec: hungry, count: 30 }];
    expect(pick('kashi', shapes, hungry, popularity)).toBe(1);
  });

  test('asks only how popular specs are beside each other', () => {
    const { shapes, popularity, arrivals } = setup(8);
    const scaled = popularity.map((each) => ({ ...each, count: each.count * 7 }));
    expect(decisions('kashi', { shapes, popularity: scaled, arrivals })).toEqual(
      decisions('kashi', { shapes, popularity, arrivals }),
    );
  });
});
