import type { Instant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { readCard, readNode } from './observe.ts';
import { type DeviceDriver, type DeviceEvent, type DeviceEventType, DriverError, type EventStream } from './types.ts';
import { type HealthChange, type News, WatchedCards } from './watched-cards.ts';

/** Where a watch reports to, in order. Must not throw. */
export type WatchReport = {
  changed(change: HealthChange): void;
  heard(nodeId: string, event: DeviceEvent): void;
};

/** What a watch subscribes to; it hears an `overflow` too, which no mask leaves out. */
export const WATCHED_EVENTS: readonly DeviceEventType[] = [
  'xid',
  'ecc',
  'retirement',
  'poison',
  'unavailable',
  'clock',
  'partition',
  'recovery_action',
  'driver',
];

/** Follows one server: a live subscription, and a new reading of all its cards after every burst of events. */
export class NodeWatch {
  readonly nodeId: string;
  readonly cards: WatchedCards;
  readonly #driver: DeviceDriver;
  readonly #report: WatchReport;
  readonly #closing = new AbortController();
  #stream: EventStream | null = null;
  #connecting: Promise<void> | null = null;
  /** Rounds run one after another, so that an older reading never overwrites a newer one. */
  #lastRound: Promise<void> = Promise.resolve();
  #waiters: (() => void)[] = [];
  #unread: News | null = null;
  #provenTo: Instant | null = null;
  #bug: unknown = null;

  constructor(nodeId: string, driver: DeviceDriver, report: WatchReport) {
    this.nodeId = nodeId;
    this.#driver = driver;
    this.#report = report;
    this.cards = new WatchedCards(nodeId, (change) => report.changed(change));
  }

  /** True while a subscription is live; a broken one is a gap, which every `settled` tries once to end. */
  get isLive(): boolean {
    return this.#stream !== null;
  }

  /** Subscribes when it is not subscribed, then waits until every event emitted so far has had its effect. */
  async settled(): Promise<void> {
    if (!this.#stream && !this.#closing.signal.aborted) this.#connecting ??= this.#connect();
    await this.#connecting;
    while (this.#stream && this.#stream.pending > 0) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    if (this.#bug !== null) throw this.#bug;
    if (this.#stream) this.#provenTo = this.#stream.completeTo;
  }

  /** Reads every card again, for what changes without an event. */
  async reread(): Promise<void> {
    await this.settled();
    if (this.#stream) await this.#read(this.#stream);
  }

  /** From when to when the card is proven up without a break, as of the last `settled`; null when it is not. */
  proof(uuid: string): ClosedInterval | null {
    return this.#provenTo === null ? null : this.cards.proof(uuid, this.#provenTo);
  }

  close(): void {
    this.#closing.abort();
    this.#stream = null;
    this.#wake();
  }

  /** Subscribes before it reads: what happens in between is then seen twice rather than never. */
  async #connect(): Promise<void> {
    try {
      await this.#driver.init();
      const stream = this.#driver.events(WATCHED_EVENTS, this.#closing.signal);
      await this.#read(stream);
      this.#stream = stream;
      this.#provenTo = stream.completeTo;
      void this.#follow(stream);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
    } finally {
      this.#connecting = null;
    }
  }

  async #follow(stream: EventStream): Promise<void> {
    try {
      const events = stream[Symbol.asyncIterator]();
      for (let seq = 0; ; seq += 1) {
        const asked = events.next();
        if (stream.pending === 0) this.#wake();
        const { done, value } = await asked;
        if (done) break;
        // What is heard after a round began is judged after it, on top of what it read.
        await this.#lastRound;
        this.#hear(value, seq);
        // The event in hand still counts as pending, so one left means that the burst is over.
        if (stream.pending <= 1) await this.#read(stream);
      }
    } catch (error) {
      if (!(error instanceof DriverError)) this.#bug = error;
    }
    this.#lose();
  }

  #hear(event: DeviceEvent, expectedSeq: number): void {
    const news = { at: event.at, cause: event };
    this.#unread ??= news;
    this.#report.heard(this.nodeId, event);
    if (event.type === 'overflow' || event.seq !== expectedSeq) this.cards.lose('events_lost', news);
    else this.cards.hear(event);
  }

  #read(stream: EventStream): Promise<void> {
    this.#lastRound = this.#lastRound.then(async () => {
      const news = this.#unread;
      this.#unread = null;
      const node = await readNode(this.#driver);
      this.cards.meet(node);
      const readouts = this.cards
        .list()
        .map(async (card) => [card.uuid, await readCard(this.#driver, card, node)] as const);
      this.cards.learn(new Map(await Promise.all(readouts)), news, stream.completeTo);
    });
    return this.#lastRound;
  }

  #lose(): void {
    if (!this.#closing.signal.aborted && this.#provenTo !== null) {
      this.cards.lose('stream_broken', { at: this.#provenTo, cause: null });
    }
    this.#stream = null;
    this.#provenTo = null;
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}
