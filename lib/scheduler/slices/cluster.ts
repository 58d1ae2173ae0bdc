import { invariant, present } from '#lib/core/assert.ts';
import { type ServerState, ServerStates } from './server-states.ts';
import type { Undo } from '#lib/core/undo.ts';
import { CARD_MILLI, type ServerShape } from './types.ts';

/** A whole number for each state; the cluster keeps its sum over all servers. */
export type Measure = (state: ServerState) => number;

/** Servers and what is free on each. Servers are their ordinals, in the order of the shapes given. */
export class SliceCluster {
  readonly states = new ServerStates();
  readonly shapes: readonly ServerShape[];
  readonly capacityMilli: number;
  readonly #stateOf: ServerState[];
  readonly #tallies: { readonly measure: Measure; sum: number }[] = [];
  readonly #free: () => number;

  constructor(shapes: readonly ServerShape[]) {
    this.shapes = shapes;
    this.#stateOf = shapes.map((shape) => this.states.idle(shape));
    this.capacityMilli = shapes.reduce((sum, { cards }) => sum + cards * CARD_MILLI, 0);
    this.#free = this.tally((state) => state.freeMilli);
  }

  /** What each server has free. */
  get servers(): readonly ServerState[] {
    return this.#stateOf;
  }

  /** Milli-cards that nothing runs on. */
  get freeMilli(): number {
    return this.#free();
  }

  /** Keeps the sum of a measure over all servers from now on; the answer reads it. */
  tally(measure: Measure): () => number {
    const tally = { measure, sum: this.#stateOf.reduce((sum, state) => sum + measure(state), 0) };
    this.#tallies.push(tally);
    return () => tally.sum;
  }

  /** Puts a server into a state that `states.after` named for it. */
  place(server: number, after: ServerState): Undo {
    const before = present(this.#stateOf[server], `server ${server}`);
    invariant(before.model === after.model && before.cards.length === after.cards.length, 'a server keeps its shape');
    this.#move(server, before, after);
    return () => {
      invariant(this.#stateOf[server] === after, 'placements are taken back in the opposite order');
      this.#move(server, after, before);
    };
  }

  #move(server: number, from: ServerState, to: ServerState): void {
    this.#stateOf[server] = to;
    for (const tally of this.#tallies) tally.sum += tally.measure(to) - tally.measure(from);
  }
}
