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

/** Works out the options of a server in a state. */
export type Weigh = (before: ServerState, spec: SliceSpec) => readonly Option[];

type Row = (readonly Option[])[];

/**
 * The options of every server for every spec, worked out once per state and spec. A decision changes one server, so
 * nearly everything is known when the next one asks.
 */
export class OptionTable {
  readonly #cluster: SliceCluster;
  readonly #weigh: Weigh;
  readonly #rowOfState = new Map<ServerState, Row>();
  readonly #specOrdinal = new Map<SliceSpec, number>();
  /** The state that each server was last seen in, and its row. */
  readonly #seen: ServerState[] = [];
  readonly #rowOfServer: Row[] = [];

  constructor(cluster: SliceCluster, weigh: Weigh) {
    this.#cluster = cluster;
    this.#weigh = weigh;
  }

  /** Calls `visit` for each server that can take the spec, in the order of servers, with its options. */
  forEach(spec: SliceSpec, visit: (server: number, options: readonly Option[]) => void): void {
    const ordinal = this.#specOrdinal.get(spec) ?? this.#specOrdinal.size;
    this.#specOrdinal.set(spec, ordinal);
    const { servers } = this.#cluster;
    for (let server = 0; server < servers.length; server += 1) {
      const state = servers[server];
      if (!state) continue;
      const row = this.#rowFor(server, state);
      const options = row[ordinal] ?? this.#weigh(state, spec);
      row[ordinal] = options;
      if (options.length > 0) visit(server, options);
    }
  }

  #rowFor(server: number, state: ServerState): Row {
    const known = this.#rowOfServer[server];
    if (known && this.#seen[server] === state) return known;
    const row = this.#rowOfState.get(state) ?? [];
    this.#rowOfState.set(state, row);
    this.#seen[server] = state;
    this.#rowOfServer[server] = row;
    return row;
  }
}
