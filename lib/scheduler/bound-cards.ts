import { invariant, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Undo } from '#lib/core/undo.ts';
import type { Binding } from './types.ts';

/** Which cards are bound to which promises when. Every change returns its undo, and one that cannot be made changes nothing. */
export class BoundCards {
  /** Per server: no binding there begins later. An upper bound: it stays when the binding goes. */
  readonly latestStart: Float64Array;
  /** Per server: no binding there ends later. An upper bound as well. */
  readonly latestEnd: Float64Array;
  readonly #cardServer: Int32Array;
  readonly #ofCard: Binding[][];
  /** A list is replaced, never changed. */
  readonly #ofPromise = new Map<string, readonly Binding[]>();

  constructor(cardServer: Int32Array, serverCount: number) {
    this.#cardServer = cardServer;
    this.#ofCard = Array.from(cardServer, () => []);
    this.latestStart = new Float64Array(serverCount);
    this.latestEnd = new Float64Array(serverCount);
  }

  /** What a card is bound to, now or later. */
  ofCard(card: number): readonly Binding[] {
    return this.#ofCard[card] ?? [];
  }

  /** The bindings of a promise, in the order they were made. */
  ofPromise(promiseId: string): readonly Binding[] {
    return this.#ofPromise.get(promiseId) ?? [];
  }

  /** All bindings. */
  *all(): Generator<Binding> {
    for (const own of this.#ofPromise.values()) yield* own;
  }

  /** Binds cards of one promise. Throws when one is bound to another then: the plan has lost its truth. */
  add(bindings: readonly Binding[]): Undo {
    const promiseId = bindings[0]?.promiseId ?? '';
    for (const [i, binding] of bindings.entries()) {
      const clash = this.#clashWith(binding, null);
      if (clash || binding.promiseId !== promiseId) {
        for (const made of bindings.slice(0, i)) this.#takeOff(made);
        invariant(false, `card ${binding.card} is bound to ${clash?.promiseId} when ${promiseId} needs it`);
      }
      this.#putOn(binding);
    }
    const before = this.ofPromise(promiseId);
    this.#set(promiseId, before.length === 0 ? bindings : [...before, ...bindings]);
    return () => {
      for (const binding of bindings) this.#takeOff(binding);
      this.#set(promiseId, before);
    };
  }

  /** Takes bindings of a promise out, and says which they were. */
  remove(promiseId: string, ids: readonly string[]): { readonly removed: readonly Binding[]; readonly undo: Undo } {
    const before = this.ofPromise(promiseId);
    const removed = bindingsOf(before, ids);
    for (const binding of removed) this.#takeOff(binding);
    this.#set(promiseId, without(before, removed));
    const undo = (): void => {
      for (const binding of removed) this.#putOn(binding);
      this.#set(promiseId, before);
    };
    return { removed, undo };
  }

  /** Moves the end of bindings of a promise, and says what they were and are. Throws as {@link add} does. */
  extend(promiseId: string, ids: readonly string[], endAt: Instant | null) {
    const all = this.ofPromise(promiseId);
    const before = bindingsOf(all, ids);
    const after = lengthened(before, endAt);
    after.forEach((binding, i) => {
      const clash = this.#clashWith(binding, before[i] ?? null);
      if (clash) invariant(false, `card ${binding.card} is bound to ${clash.promiseId} when ${promiseId} needs it`);
    });
    this.#swap(before, after);
    this.#set(promiseId, before === all ? after : replaced(all, before, after));
    const undo = (): void => {
      this.#swap(after, before);
      this.#set(promiseId, all);
    };
    return { before, after, undo };
  }

  /** What else a card is bound to at the time of a binding. */
  #clashWith({ card, interval }: Binding, itself: Binding | null): Binding | null {
    for (const other of this.ofCard(card)) if (other !== itself && overlaps(other.interval, interval)) return other;
    return null;
  }

  #putOn(binding: Binding): void {
    this.#ofCard[binding.card]?.push(binding);
    this.#note(binding);
  }

  #note({ card, interval }: Binding): void {
    const server = this.#cardServer[card] ?? 0;
    const end = endOf(interval);
    if (interval.startAt > (this.latestStart[server] ?? 0)) this.latestStart[server] = interval.startAt;
    if (end > (this.latestEnd[server] ?? 0)) this.latestEnd[server] = end;
  }

  #takeOff(binding: Binding): void {
    const list = this.#ofCard[binding.card] ?? [];
    if (list.length === 1) list.length = 0;
    else list.splice(list.indexOf(binding), 1);
  }

  /** Puts bindings on the cards of others, in their place. */
  #swap(before: readonly Binding[], after: readonly Binding[]): void {
    after.forEach((binding, i) => {
      const list = this.#ofCard[binding.card] ?? [];
      const old = before[i];
      if (old) list[list.indexOf(old)] = binding;
      this.#note(binding);
    });
  }

  #set(promiseId: string, next: readonly Binding[]): void {
    if (next.length === 0) this.#ofPromise.delete(promiseId);
    else this.#ofPromise.set(promiseId, next);
  }
}

/** Those of some bindings with the given ids, in their order; mostly they are all of them. */
function bindingsOf(all: readonly Binding[], ids: readonly string[]): readonly Binding[] {
  if (ids.length === all.length && ids.every((id, i) => all[i]?.id === id)) return all;
  const byId = new Map(all.map((binding) => [binding.id, binding]));
  return ids.map((id) => present(byId.get(id), `binding ${id}`));
}

/** Bindings with another end; those that begin together share one interval. */
function lengthened(bindings: readonly Binding[], endAt: Instant | null): Binding[] {
  let interval: Interval | null = null;
  return bindings.map(({ id, promiseId, card, interval: { startAt } }) => {
    if (interval?.startAt !== startAt) interval = { startAt, endAt };
    return { id, promiseId, card, interval };
  });
}

/** Bindings of which some are replaced by others. */
function replaced(all: readonly Binding[], before: readonly Binding[], after: readonly Binding[]): Binding[] {
  const next = new Map(before.map((old, i) => [old, after[i] ?? old]));
  return all.map((each) => next.get(each) ?? each);
}

/** Bindings without some of them. */
function without(all: readonly Binding[], some: readonly Binding[]): readonly Binding[] {
  if (some.length === all.length) return [];
  const gone = new Set(some);
  return all.filter((each) => !gone.has(each));
}
