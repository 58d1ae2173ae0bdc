import { invariant, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import { type Profile, profileOf, type Span } from './profile.ts';
import type { Binding, PlannedPromise, PoolTopology, Share } from './types.ts';

const NOBODY: ReadonlySet<string> = new Set();

/** Undoes one change. */
export type Undo = () => void;

/**
 * What is promised and bound in one pool: the memory of the one mind that decides over it. Holds no rule and reads no
 * clock. Every change returns its undo, so that a batch that does not commit leaves no trace.
 *
 * A card that takes no new work (cordoned, unhealthy) counts neither as capacity nor, when it is bound, as use: its
 * holder keeps it, but nothing may be promised on it.
 */
export class PoolState {
  readonly serverCount: number;
  readonly cardCount: number;
  readonly serverSupernode: Int32Array;
  readonly serverPod: Int32Array;
  readonly serverSize: Int16Array;
  readonly serverFirstCard: Int32Array;
  readonly supernodeCount: number;
  readonly cardServer: Int32Array;
  /** 1 while a card may be promised. */
  readonly isUsable: Uint8Array;
  /** Usable cards per server. */
  readonly serverUsable: Int16Array;
  /** Grows with every change: equal versions mean equal states. */
  version = 0;

  readonly promises = new Map<string, PlannedPromise>();
  readonly #serverSpans: Span[][];
  readonly #cardBindings: Binding[][];
  readonly #bindings = new Map<string, Binding>();
  readonly #promiseBindings = new Map<string, Set<Binding>>();
  /** Per server; null once something of the server has changed. */
  readonly #profiles: (Profile | null)[];

  constructor(topology: PoolTopology) {
    this.serverCount = topology.servers.length;
    this.cardCount = topology.cardServers.length;
    this.serverSupernode = Int32Array.from(topology.servers, (server) => server.supernode);
    this.serverPod = Int32Array.from(topology.servers, (server) => server.pod);
    this.supernodeCount = topology.servers.reduce((most, server) => Math.max(most, server.supernode + 1), 0);
    this.cardServer = Int32Array.from(topology.cardServers);
    this.serverSize = new Int16Array(this.serverCount);
    this.serverFirstCard = new Int32Array(this.serverCount).fill(-1);
    topology.cardServers.forEach((server, card) => {
      if (this.serverFirstCard[server] === -1) this.serverFirstCard[server] = card;
      this.serverSize[server] = (this.serverSize[server] ?? 0) + 1;
      invariant(
        (this.serverFirstCard[server] ?? 0) + (this.serverSize[server] ?? 0) === card + 1,
        'the cards of a server are neighbours',
      );
    });
    this.serverUsable = Int16Array.from(this.serverSize);
    this.isUsable = new Uint8Array(this.cardCount).fill(1);
    this.#serverSpans = Array.from({ length: this.serverCount }, () => []);
    this.#cardBindings = Array.from({ length: this.cardCount }, () => []);
    this.#profiles = new Array<Profile | null>(this.serverCount).fill(null);
  }

  /** What is taken on a server over time. */
  profileOf(server: number): Profile {
    const known = this.#profiles[server];
    if (known) return known;
    const profile = this.profileWithout(server, NOBODY);
    this.#profiles[server] = profile;
    return profile;
  }

  /** {@link profileOf} as if some promises were not there. */
  profileWithout(server: number, except: ReadonlySet<string>): Profile {
    const bound: Binding[] = [];
    const first = this.serverFirstCard[server] ?? 0;
    for (let card = first; card < first + (this.serverSize[server] ?? 0); card += 1) {
      if (this.isUsable[card] !== 1) continue;
      for (const binding of this.bindingsOf(card)) if (!except.has(binding.promiseId)) bound.push(binding);
    }
    return profileOf(
      this.tentativeSpansOf(server).filter(({ promiseId }) => !except.has(promiseId)),
      bound,
    );
  }

  /** The tentative shares that lie on a server. */
  tentativeSpansOf(server: number): readonly Span[] {
    return this.#serverSpans[server] ?? [];
  }

  /** What a card is bound to, now or later. */
  bindingsOf(card: number): readonly Binding[] {
    return this.#cardBindings[card] ?? [];
  }

  /** A binding by its id. */
  binding(id: string): Binding | undefined {
    return this.#bindings.get(id);
  }

  /** All bindings, in the order they were made. */
  bindings(): IterableIterator<Binding> {
    return this.#bindings.values();
  }

  /** The bindings of a promise, in the order they were made. */
  bindingsOfPromise(promiseId: string): Binding[] {
    return [...(this.#promiseBindings.get(promiseId) ?? [])];
  }

  /** The cards of a server, as their ordinals. */
  *cardsOf(server: number): Generator<number> {
    const first = this.serverFirstCard[server] ?? 0;
    for (let card = first; card < first + (this.serverSize[server] ?? 0); card += 1) yield card;
  }

  /** Adds a promise with its tentative shares; a bound one brings none, its bindings stand for it. */
  addPromise(promise: PlannedPromise): Undo {
    invariant(!this.promises.has(promise.id), `promise ${promise.id} is there already`);
    this.promises.set(promise.id, promise);
    this.#addSpans(promise);
    return this.#changed(() => {
      this.#removeSpans(promise);
      this.promises.delete(promise.id);
    });
  }

  /** Takes a promise out: ended, cancelled. Its bindings are ended apart. */
  removePromise(id: string): Undo {
    const promise = present(this.promises.get(id), `promise ${id}`);
    this.#removeSpans(promise);
    this.promises.delete(id);
    return this.#changed(() => {
      this.promises.set(id, promise);
      this.#addSpans(promise);
    });
  }

  /** Replaces a promise by a changed one: other shares, another interval, bound. */
  changePromise(next: PlannedPromise): Undo {
    const undoRemoval = this.removePromise(next.id);
    const undoAddition = this.addPromise(next);
    return () => {
      undoAddition();
      undoRemoval();
    };
  }

  /** Binds a card for an interval. Throws when it is bound to another then: the plan has lost its truth. */
  bind(binding: Binding): Undo {
    const others = present(this.#cardBindings[binding.card], `card ${binding.card}`);
    const clash = others.find((other) => overlaps(other.interval, binding.interval));
    invariant(!clash, `card ${binding.card} is bound to ${clash?.promiseId} when ${binding.promiseId} needs it`);
    this.#put(binding);
    return this.#changed(() => this.#drop(binding));
  }

  /** Takes a binding out: its card is free for others from now on. */
  unbind(id: string): Undo {
    const binding = present(this.#bindings.get(id), `binding ${id}`);
    this.#drop(binding);
    return this.#changed(() => this.#put(binding));
  }

  /** Moves the end of a binding. */
  extendBinding(id: string, endAt: Instant | null): Undo {
    const binding = present(this.#bindings.get(id), `binding ${id}`);
    const undoUnbind = this.unbind(id);
    const undoBind = this.bind({ ...binding, interval: { startAt: binding.interval.startAt, endAt } });
    return () => {
      undoBind();
      undoUnbind();
    };
  }

  /** Says whether new work may be promised on a card. */
  setUsable(card: number, isUsable: boolean): Undo {
    const before = this.isUsable[card] === 1;
    if (before === isUsable) return () => {};
    const server = this.cardServer[card] ?? 0;
    const set = (value: boolean): void => {
      this.isUsable[card] = value ? 1 : 0;
      this.serverUsable[server] = (this.serverUsable[server] ?? 0) + (value ? 1 : -1);
      this.#profiles[server] = null;
    };
    set(isUsable);
    return this.#changed(() => set(before));
  }

  #put(binding: Binding): void {
    this.#cardBindings[binding.card]?.push(binding);
    this.#bindings.set(binding.id, binding);
    const own = this.#promiseBindings.get(binding.promiseId) ?? new Set<Binding>();
    this.#promiseBindings.set(binding.promiseId, own.add(binding));
    this.#profiles[this.cardServer[binding.card] ?? 0] = null;
  }

  #drop(binding: Binding): void {
    const list = this.#cardBindings[binding.card] ?? [];
    list.splice(list.indexOf(binding), 1);
    this.#bindings.delete(binding.id);
    const own = this.#promiseBindings.get(binding.promiseId);
    own?.delete(binding);
    if (own?.size === 0) this.#promiseBindings.delete(binding.promiseId);
    this.#profiles[this.cardServer[binding.card] ?? 0] = null;
  }

  #addSpans(promise: PlannedPromise): void {
    if (promise.isBound) return;
    for (const { server, cards } of promise.shares) {
      this.#serverSpans[server]?.push({ promiseId: promise.id, interval: promise.interval, cards });
      this.#profiles[server] = null;
    }
  }

  #removeSpans(promise: PlannedPromise): void {
    if (promise.isBound) return;
    for (const { server } of promise.shares) {
      const spans = this.#serverSpans[server] ?? [];
      spans.splice(
        spans.findIndex((span) => span.promiseId === promise.id),
        1,
      );
      this.#profiles[server] = null;
    }
  }

  #changed(undo: Undo): Undo {
    this.version += 1;
    return () => {
      this.version += 1;
      undo();
    };
  }
}

/** The cards of shares in total. */
export function cardsIn(shares: readonly Share[]): number {
  return shares.reduce((sum, share) => sum + share.cards, 0);
}

/** The most cards taken at one moment of `window` by intervals with counts. Sweeps over their edges. */
export function peakOf(
  taken: readonly { readonly interval: Interval; readonly cards: number }[],
  window: Interval,
): number {
  const inside = taken.filter((span) => overlaps(span.interval, window));
  if (inside.length <= 1) return inside[0]?.cards ?? 0;
  const edges = inside.flatMap(({ interval, cards }) => [
    { at: Math.max(interval.startAt, window.startAt), change: cards },
    { at: endOf(interval), change: -cards },
  ]);
  edges.sort((a, b) => a.at - b.at || a.change - b.change);
  let level = 0;
  let peak = 0;
  for (const { change } of edges) {
    level += change;
    if (level > peak) peak = level;
  }
  return peak;
}
