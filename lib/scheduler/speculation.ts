import type { Undo } from '#lib/core/undo.ts';
import type { PoolState } from './pool-state.ts';
import type { PlannedPromise, Share } from './types.ts';

/** Where a new promise goes, and which tentative ones move to make room. */
export type Plan = { readonly shares: readonly Share[]; readonly moved: readonly PlannedPromise[] };

/** Changes of a plan that are tried and, whatever comes of them, taken back. */
export class Speculation {
  readonly #state: PoolState;
  readonly #undos: Undo[] = [];
  readonly #lifted = new Map<string, PlannedPromise>();
  readonly #laid = new Map<string, PlannedPromise>();

  private constructor(state: PoolState) {
    this.#state = state;
  }

  /** Runs `work` on the state and takes every change of it back. */
  static over<T>(state: PoolState, work: (speculation: Speculation) => T): T {
    const speculation = new Speculation(state);
    const wasTrying = state.isTrying;
    state.isTrying = true;
    return state.index.shortages.freed.trying(() => {
      try {
        return work(speculation);
      } finally {
        state.isTrying = wasTrying;
        for (const undo of speculation.#undos.reverse()) undo();
      }
    });
  }

  /** Takes a tentative promise away, to place it anew. */
  lift(promise: PlannedPromise): void {
    if (this.#lifted.has(promise.id)) return;
    this.#lifted.set(promise.id, promise);
    this.#undos.push(this.#state.lift(promise.id));
  }

  /** Lays a promise on servers. */
  lay(promise: PlannedPromise, shares: readonly Share[]): void {
    const laid = { ...promise, shares };
    this.#laid.set(promise.id, laid);
    this.#undos.push(this.#state.lay(laid));
  }

  /** Every promise that was lifted and lies elsewhere now, by when it was lifted. */
  moved(): PlannedPromise[] {
    return [...this.#lifted.values()].flatMap((before) => {
      const after = this.#laid.get(before.id);
      return after && !isSameShares(before.shares, after.shares) ? [after] : [];
    });
  }
}

function isSameShares(a: readonly Share[], b: readonly Share[]): boolean {
  return a.length === b.length && a.every((share, i) => share.server === b[i]?.server && share.cards === b[i]?.cards);
}
