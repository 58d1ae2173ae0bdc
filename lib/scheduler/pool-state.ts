import { NOTHING_TO_UNDO, type Undo } from '#lib/core/undo.ts';
import { invariant, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { LevelSizes } from '#lib/core/topology.ts';
import { BoundCards } from './bound-cards.ts';
import { HourIndex } from './hour-index.ts';
import { KnownBlockers } from './known-blockers.ts';
import { KnownRoom } from './known-room.ts';
import { type Profile, profileOf, type Span } from './profile.ts';
import { PromiseHours } from './promise-hours.ts';
import { ProvenRoom } from './proven-room.ts';
import { ServerSpans } from './server-spans.ts';
import { type StrandedGrowth, strandedGrowth } from './supernode-choice.ts';
import { peersOf } from './supernode-counts.ts';
import type { Binding, PlannedPromise, PoolTopology, Share } from './types.ts';

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
  /** The servers of each server's word that are of its supernode, as bits. */
  readonly serverPeers: Int32Array;
  readonly serverPod: Int32Array;
  readonly serverSize: Int16Array;
  readonly serverFirstCard: Int32Array;
  readonly supernodeCount: number;
  readonly supernodeCards: Int32Array;
  /** The cards of the largest supernode: what is sold as a whole supernode. */
  readonly supernodeSize: number;
  /** Zeros to count by supernode in; whoever does leaves zeros behind. */
  readonly supernodeScratch: { readonly free: Int32Array; readonly idle: Int32Array };
  readonly growth: StrandedGrowth;
  readonly cardServer: Int32Array;
  /** 1 while a card may be promised. */
  readonly isUsable: Uint8Array;
  /** Usable cards per server. */
  readonly serverUsable: Int16Array;
  /** Another with every change, and the one before it when that is taken back: equal versions mean equal states. */
  version = 0;
  #versions = 0;
  /** How many promises are tentative. */
  tentativeCount = 0;

  /** Which servers have how much free in which hour, always as the rest of the state says. */
  readonly index: HourIndex;
  /** True while changes are tried that will be taken back. */
  isTrying = false;
  /** What room was found for last. */
  readonly provenRoom = new ProvenRoom();
  readonly #known: KnownRoom;
  readonly #tried: KnownRoom;
  /** The servers of each supernode. */
  readonly supernodeServers: readonly (readonly number[])[];
  readonly promises = new Map<string, PlannedPromise>();
  /** Which promises hold cards when, always as `promises` says. */
  readonly promiseHours = new PromiseHours();
  readonly knownBlockers = new KnownBlockers();
  /** Per server, one span for each promise there. */
  readonly #spans: readonly ServerSpans[];
  readonly #bound: BoundCards;
  /** Per server; null once something of the server has changed. */
  readonly #profiles: (Profile | null)[];

  /** `growth`: what is expected to be stranded; other than the usual only to compare. */
  constructor(topology: PoolTopology, growth?: StrandedGrowth) {
    this.serverCount = topology.servers.length;
    this.cardCount = topology.cardServers.length;
    this.serverSupernode = Int32Array.from(topology.servers, (server) => server.supernode);
    this.serverPeers = peersOf(this.serverSupernode);
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
    const members = Map.groupBy(this.serverSupernode.keys(), (server) => this.serverSupernode[server] ?? 0);
    this.supernodeServers = Array.from({ length: this.supernodeCount }, (_, supernode) => members.get(supernode) ?? []);
    this.supernodeCards = Int32Array.from(this.supernodeServers, (servers) =>
      servers.reduce((sum, server) => sum + (this.serverSize[server] ?? 0), 0),
    );
    this.supernodeSize = this.supernodeCards.reduce((most, cards) => Math.max(most, cards), 0);
    const count = this.supernodeCount;
    this.supernodeScratch = { free: new Int32Array(count), idle: new Int32Array(count) };
    const servers = this.supernodeServers.reduce((most, own) => Math.max(most, own.length), 1);
    this.growth = growth ?? strandedGrowth(servers);
    this.index = new HourIndex({
      sizes: this.serverSize,
      supernodes: this.serverSupernode,
      supernodeCount: this.supernodeCount,
    });
    this.#known = new KnownRoom(this.index);
    this.#tried = new KnownRoom(this.index);
    this.serverUsable = Int16Array.from(this.serverSize);
    this.isUsable = new Uint8Array(this.cardCount).fill(1);
    this.#spans = Array.from({ length: this.serverCount }, () => new ServerSpans());
    this.#bound = new BoundCards(this.cardServer, this.serverCount);
    this.#profiles = new Array<Profile | null>(this.serverCount).fill(null);
  }

  /** The sizes in which cards are sold. */
  get sizes(): LevelSizes {
    return { cardsPerServer: this.serverSize[0] ?? 1, cardsPerSupernode: Math.max(1, this.supernodeSize) };
  }

  /**
   * What the index says of an interval that is asked about again and again. Good until another is asked about; what is
   * tried meanwhile has a room of its own.
   */
  roomOver(interval: Interval): KnownRoom {
    return (this.isTrying ? this.#tried : this.#known).open(this.index.hours(interval), this.version);
  }

  /** {@link roomOver} for an interval that is asked about once. */
  roomOnce(interval: Interval): KnownRoom {
    return this.#tried.open(this.index.hours(interval), this.version);
  }

  /** What is taken on a server over time. */
  profileOf(server: number): Profile {
    const known = this.#profiles[server];
    if (known) return known;
    const bound = [...this.cardsOf(server)].flatMap((card) => (this.isUsable[card] === 1 ? this.bindingsOf(card) : []));
    const profile = profileOf(this.tentativeSpansOf(server), bound);
    this.#profiles[server] = profile;
    return profile;
  }

  /** The tentative shares that lie on a server. */
  tentativeSpansOf(server: number): readonly Span[] {
    return this.#spans[server]?.all ?? [];
  }

  /** Those of them that share a time with an interval. */
  tentativeSpansIn(server: number, interval: Interval): readonly Span[] {
    return this.#spans[server]?.during(interval) ?? [];
  }

  /** What a card is bound to, now or later. */
  bindingsOf(card: number): readonly Binding[] {
    return this.#bound.ofCard(card);
  }

  /** All bindings. */
  bindings(): Generator<Binding> {
    return this.#bound.all();
  }

  /** The bindings of a promise, in the order they were made. */
  bindingsOfPromise(promiseId: string): readonly Binding[] {
    return this.#bound.ofPromise(promiseId);
  }

  /** No binding on a server begins later: an upper bound, which stays when the binding goes. */
  latestBoundStart(server: number): number {
    return this.#bound.latestStart[server] ?? 0;
  }

  /** No binding on a server ends later: an upper bound as well. */
  latestBoundEnd(server: number): number {
    return this.#bound.latestEnd[server] ?? 0;
  }

  /** The cards of a server, as their ordinals. */
  *cardsOf(server: number): Generator<number> {
    const first = this.serverFirstCard[server] ?? 0;
    for (let card = first; card < first + (this.serverSize[server] ?? 0); card += 1) yield card;
  }

  /** Adds a promise with its tentative shares; a bound one brings none, its bindings stand for it. */
  addPromise(promise: PlannedPromise): Undo {
    invariant(!this.promises.has(promise.id), `promise ${promise.id} is there already`);
    const { id } = promise;
    this.#set(id, promise);
    return this.#changed(() => this.#set(id, undefined));
  }

  /** Takes a promise out: ended, cancelled. Its bindings are ended apart. */
  removePromise(id: string): Undo {
    const promise = present(this.promises.get(id), `promise ${id}`);
    this.#set(id, undefined);
    return this.#changed(() => this.#set(id, promise));
  }

  /** Replaces a promise by a changed one: other shares, another interval, bound. */
  changePromise(next: PlannedPromise): Undo {
    const before = present(this.promises.get(next.id), `promise ${next.id}`);
    this.#set(next.id, next);
    return this.#changed(() => this.#set(next.id, before));
  }

  /** Takes the tentative shares of a promise away, as long as it is being placed anew. */
  lift(id: string): Undo {
    const promise = this.promises.get(id);
    if (!promise || promise.isBound) return NOTHING_TO_UNDO;
    this.#removeSpans(promise);
    return this.#changed(() => this.#addSpans(promise));
  }

  /** Lays the tentative shares of a promise on servers, as long as it is being placed anew. */
  lay(promise: PlannedPromise): Undo {
    this.#addSpans(promise);
    return this.#changed(() => this.#removeSpans(promise));
  }

  /** Binds cards of one promise for intervals. Throws when one is bound to another then: the plan has lost its truth. */
  bind(bindings: readonly Binding[]): Undo {
    const undo = this.#bound.add(bindings);
    this.#count(bindings, 1);
    return this.#changed(() => {
      this.#count(bindings, -1);
      undo();
    });
  }

  /** Takes bindings of a promise out: their cards are free for others from now on. */
  unbind(promiseId: string, ids: readonly string[]): Undo {
    const { removed, undo } = this.#bound.remove(promiseId, ids);
    this.#count(removed, -1);
    return this.#changed(() => {
      undo();
      this.#count(removed, 1);
    });
  }

  /** Moves the end of bindings of a promise. */
  extendBindings(promiseId: string, ids: readonly string[], endAt: Instant | null): Undo {
    const { before, after, undo } = this.#bound.extend(promiseId, ids, endAt);
    this.#recount(before, after);
    return this.#changed(() => {
      undo();
      this.#recount(after, before);
    });
  }

  /** Says whether new work may be promised on a card. */
  setUsable(card: number, isUsable: boolean): Undo {
    const before = this.isUsable[card] === 1;
    if (before === isUsable) return NOTHING_TO_UNDO;
    const server = this.cardServer[card] ?? 0;
    const set = (value: boolean): void => {
      // What is bound counts as taken only while the card counts.
      if (!value) this.#count(this.bindingsOf(card), -1);
      this.isUsable[card] = value ? 1 : 0;
      this.serverUsable[server] = (this.serverUsable[server] ?? 0) + (value ? 1 : -1);
      this.index.setUsable(server, this.serverUsable[server] ?? 0);
      if (value) this.#count(this.bindingsOf(card), 1);
      this.#profiles[server] = null;
    };
    set(isUsable);
    return this.#changed(() => set(before));
  }

  /**
   * Moves the window that is known hour by hour on to an instant. It changes what is quickly known, not what is true:
   * it has no undo, and the version stays.
   */
  advanceTo(now: Instant): void {
    this.promiseHours.advanceTo(now);
    this.index.advanceTo(now, (server, visit) => {
      for (const { interval, cards } of this.tentativeSpansOf(server)) visit(interval, cards);
      for (const card of this.cardsOf(server)) {
        if (this.isUsable[card] !== 1) continue;
        for (const { interval } of this.bindingsOf(card)) visit(interval, 1);
      }
    });
  }

  #recount(before: readonly Binding[], after: readonly Binding[]): void {
    this.#count(before, -1);
    this.#count(after, 1);
  }

  /** Counts usable cards as taken (1) or free again (-1): neighbours in the list that share server and time at once. */
  #count(bindings: readonly Binding[], sign: 1 | -1): void {
    let shares: Share[] = [];
    let cards = 0;
    for (const [i, { card, interval }] of bindings.entries()) {
      const server = this.cardServer[card] ?? 0;
      const next = bindings[i + 1];
      const goesOn = next !== undefined && isSame(next.interval, interval);
      if (this.isUsable[card] === 1) cards += 1;
      if (!goesOn || this.cardServer[next.card] !== server) {
        if (cards > 0) shares.push({ server, cards });
        this.#profiles[server] = null;
        cards = 0;
      }
      if (goesOn) continue;
      this.index.addAll(shares, interval, sign);
      shares = [];
    }
  }

  #set(id: string, next: PlannedPromise | undefined): void {
    const before = this.promises.get(id);
    const isSamePlace =
      before?.isBound === next?.isBound && before?.shares === next?.shares && before?.interval === next?.interval;
    if (before && !before.isBound) this.tentativeCount -= 1;
    if (next && !next.isBound) this.tentativeCount += 1;
    if (before && !isSamePlace) this.#removeSpans(before);
    if (next) this.promises.set(id, next);
    else this.promises.delete(id);
    if (before?.interval !== next?.interval || before?.cards !== next?.cards) {
      if (before) this.promiseHours.delete(before);
      if (next) this.promiseHours.add(next);
    }
    if (next && !isSamePlace) this.#addSpans(next);
  }

  #addSpans(promise: PlannedPromise): void {
    if (promise.isBound) return;
    const { id: promiseId, interval, cards: promisedCards } = promise;
    let span: Span = { promiseId, interval, cards: promisedCards, promisedCards };
    for (const { server, cards } of promise.shares) {
      // Spans do not change, so servers with as many cards share one.
      if (span.cards !== cards) span = { promiseId, interval, cards, promisedCards };
      this.#spans[server]?.add(span);
      this.#profiles[server] = null;
    }
    this.index.addAll(promise.shares, promise.interval, 1);
  }

  #removeSpans(promise: PlannedPromise): void {
    if (promise.isBound) return;
    for (const { server } of promise.shares) {
      this.#spans[server]?.remove(promise.id, promise.interval);
      this.#profiles[server] = null;
    }
    this.index.addAll(promise.shares, promise.interval, -1);
  }

  #changed(undo: Undo): Undo {
    const before = this.version;
    const after = this.#newVersion();
    return () => {
      undo();
      // Only what is taken back last first leads back to the state that was.
      if (this.version === after) this.version = before;
      else this.#newVersion();
    };
  }

  #newVersion(): number {
    this.#versions += 1;
    this.version = this.#versions;
    return this.version;
  }
}

/** The cards of shares in total. */
export function cardsIn(shares: readonly Share[]): number {
  return shares.reduce((sum, share) => sum + share.cards, 0);
}

function isSame(a: Interval, b: Interval): boolean {
  return a === b || (a.startAt === b.startAt && a.endAt === b.endAt);
}
