import type { SliceCluster } from './cluster.ts';
import type { ServerState } from './server-states.ts';
import type { SliceSpec } from './types.ts';

/** A way for a server to take a spec. */
export type Option = {
  readonly after: ServerState;
  /** What the policy worked out for it once: a score, say. */
  readonly gain: number;
  /** What it takes from each reserve, in milli-cards; null when it takes from none. */
  readonly losses: readonly number[] | null;
};

/** Works out the options of a server in a state; none when it cannot take the spec. */
export type Weigh = (before: ServerState, spec: SliceSpec) => readonly Option[];

/** The options for one spec, by server, with the state of each server that they were worked out for. */
type Column = { readonly seen: (ServerState | undefined)[]; readonly options: (readonly Option[])[] };

/**
 * The options of every server for every spec, worked out once per state and spec. A decision changes one server, so
 * nearly everything is known when the next one asks.
 */
export class OptionTable {
  readonly #cluster: SliceCluster;
  readonly #weigh: Weigh;
  readonly #columns = new Map<SliceSpec, Column>();
  readonly #known = new Map<ServerState, Map<SliceSpec, readonly Option[]>>();

  constructor(cluster: SliceCluster, weigh: Weigh) {
    this.#cluster = cluster;
    this.#weigh = weigh;
  }

  /** The options of each server for a spec, in the order of servers, good until the next call. */
  optionsFor(spec: SliceSpec): readonly (readonly Option[])[] {
    const { servers } = this.#cluster;
    const column = this.#columns.get(spec) ?? { seen: servers.map(() => undefined), options: servers.map(() => []) };
    this.#columns.set(spec, column);
    for (let server = 0; server < servers.length; server += 1) {
      const state = servers[server];
      if (!state || column.seen[server] === state) continue;
      column.seen[server] = state;
      column.options[server] = this.#optionsIn(state, spec);
    }
    return column.options;
  }

  #optionsIn(state: ServerState, spec: SliceSpec): readonly Option[] {
    const bySpec = this.#known.get(state) ?? new Map<SliceSpec, readonly Option[]>();
    this.#known.set(state, bySpec);
    const options = bySpec.get(spec) ?? this.#weigh(state, spec);
    bySpec.set(spec, options);
    return options;
  }
}
