import type { SliceCluster } from './cluster.ts';
import { comingBy, drawFutures, FUTURES, strandedIn } from './forecast.ts';
import { fragmentation, fragmentationScore, targetOf } from './fragmentation.ts';
import { type Option, OptionTable } from './options.ts';
import { isShort, reservesFor, roomFor } from './reserve.ts';
import type { ServerState } from './server-states.ts';
import { isSlice, type SliceSpec, type SpecDemand } from './types.ts';

/** How a server is chosen for slices of cards. */
export type PlacementPolicy = 'kashi' | 'fgd' | 'bestfit' | 'random';

/** Where a workload goes: the server, and what it then has free. */
export type Choice = { readonly server: number; readonly after: ServerState };

/** Chooses a server for a spec as the cluster stands; null when none can take it. Changes nothing. */
export type Chooser = (spec: SliceSpec) => Choice | null;

/** What a policy is told at its start. */
export type PolicySetting = {
  readonly cluster: SliceCluster;
  /** How often each spec is asked for: known from the past, or given. */
  readonly popularity: readonly SpecDemand[];
  /** Numbers in [0, 1), for the policy that leaves the choice to chance. */
  readonly random: () => number;
};

type PolicyEntry = {
  readonly tieBreak: string;
  /** In which steps options are told apart. */
  readonly quantisation: string;
  readonly start: (setting: PolicySetting) => Chooser;
};

/** Remembers a number for each state. */
function perState(work: (state: ServerState) => number): (state: ServerState) => number {
  const known = new Map<ServerState, number>();
  return (state) => {
    const value = known.get(state) ?? work(state);
    known.set(state, value);
    return value;
  };
}

/** The best option by `score`, the first server and the first card of equal ones. */
function best(optionsOf: readonly (readonly Option[])[], score: (option: Option) => number): Choice | null {
  let found = -1;
  let chosen: Option | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (let server = 0; server < optionsOf.length; server += 1) {
    for (const option of optionsOf[server] ?? []) {
      const value = score(option);
      if (value <= highest) continue;
      highest = value;
      found = server;
      chosen = option;
    }
  }
  return chosen && { server: found, after: chosen.after };
}

const gainOf = (option: Option): number => option.gain;

/**
 * Kashi's own. Each option costs what it adds to the cards that are likely to stay stranded on its server, and what it
 * takes from reserves that are short. Whole numbers throughout.
 */
function startKashi({ cluster, popularity }: PolicySetting): Chooser {
  const futures = drawFutures(comingBy(popularity, cluster.shapes));
  const stranded = perState((state) => strandedIn(futures, state));
  const reserves = reservesFor(popularity).map((reserve) => {
    const room = perState((state) => roomFor(reserve, state));
    return { reserve, room, roomInAll: cluster.tally(room) };
  });
  const table = new OptionTable(cluster, (before, spec) =>
    cluster.states.after(before, spec).map((after) => {
      const losses = reserves.map(({ room }) => room(before) - room(after));
      return {
        after,
        gain: stranded(before) - stranded(after),
        losses: losses.some((loss) => loss > 0) ? losses : null,
      };
    }),
  );
  return (spec) => {
    const short = reserves.flatMap(({ reserve, roomInAll }, i) =>
      isShort(reserve, roomInAll(), cluster.freeMilli) ? [i] : [],
    );
    return best(table.optionsFor(spec), ({ gain, losses }) => {
      if (!losses) return gain;
      let lost = 0;
      for (const i of short) lost += losses[i] ?? 0;
      return gain - FUTURES * lost;
    });
  };
}

/** Fragmentation gradient descent as published. */
function startFgd({ cluster, popularity }: PolicySetting): Chooser {
  const target = targetOf(popularity);
  const fragmentationOf = perState((state) => fragmentation(state, target));
  const table = new OptionTable(cluster, (before, spec) =>
    cluster.states.after(before, spec).map((after) => ({
      after,
      gain: fragmentationScore(fragmentationOf(before), fragmentationOf(after)),
      losses: null,
    })),
  );
  return (spec) => best(table.optionsFor(spec), gainOf);
}

/** The states after a slice from the fullest card that has it, or after anything else. */
function fromFullestCard(cluster: SliceCluster, before: ServerState, spec: SliceSpec): ServerState[] {
  const states = cluster.states.after(before, spec);
  if (!isSlice(spec)) return states;
  const fullest = Math.min(...before.cards.filter((free) => free >= spec.cardMilli));
  return states.filter((after) => before.cards.some((free, card) => free === fullest && after.cards[card] !== free));
}

/** The largest server of the published cluster: what is left on a server is measured against it. */
const LARGEST = { cpuMilli: 128_000, milli: 8_000 } as const;

/** Best fit as published: CPU and cards left over count half each. */
function startBestFit({ cluster }: PolicySetting): Chooser {
  const table = new OptionTable(cluster, (before, spec) =>
    fromFullestCard(cluster, before, spec).map((after) => ({
      after,
      gain: Math.floor(100 * (1 - after.cpuMilli / LARGEST.cpuMilli / 2 - after.freeMilli / LARGEST.milli / 2)),
      losses: null,
    })),
  );
  return (spec) => best(table.optionsFor(spec), gainOf);
}

/** Any server that can take it, and any of its cards. */
function startRandom({ cluster, random }: PolicySetting): Chooser {
  const table = new OptionTable(cluster, (before, spec) =>
    cluster.states.after(before, spec).map((after) => ({ after, gain: 0, losses: null })),
  );
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  return (spec) => {
    const optionsOf = table.optionsFor(spec);
    const able: number[] = [];
    for (let server = 0; server < optionsOf.length; server += 1) if (optionsOf[server]?.length) able.push(server);
    const server = pick(able);
    const option = server === undefined ? undefined : pick(optionsOf[server] ?? []);
    return server === undefined || !option ? null : { server, after: option.after };
  };
}

export const PLACEMENT_POLICIES = {
  kashi: {
    tieBreak: 'lowest server name, then lowest card',
    quantisation: `milli-cards summed over ${FUTURES} futures, integer`,
    start: startKashi,
  },
  fgd: {
    tieBreak: 'lowest server name, then lowest card',
    quantisation: 'int(100 * sigmoid), 101 levels',
    start: startFgd,
  },
  bestfit: {
    tieBreak: 'lowest server name, then lowest card',
    quantisation: 'int of 100, 101 levels',
    start: startBestFit,
  },
  random: { tieBreak: 'chance', quantisation: 'none', start: startRandom },
} as const satisfies Record<PlacementPolicy, PolicyEntry>;
