import type { Instant } from '#lib/core/instant.ts';
import type { DeviceEvent, DeviceEventBody, DeviceEventType, EventStream } from './types.ts';

type Emission = DeviceEventBody & { readonly at: Instant; readonly uuid: string | null };
type Entry = { emission: Emission };
type Waiter = { resolve(result: IteratorResult<DeviceEvent, undefined>): void; reject(error: unknown): void };

const EVENTS_MAX = 1_024;
const END = { done: true, value: undefined } as const;

/**
 * The queue between an adapter and one subscriber: bounded, each event once, losses told. Any adapter can use it; it
 * becomes an `EventStream` together with the adapter's own `completeTo`.
 */
export class EventBuffer implements AsyncIterableIterator<DeviceEvent, undefined> {
  readonly #mask: ReadonlySet<DeviceEventType>;
  readonly #capacity: number;
  readonly #detach: (ended: EventBuffer) => void;
  readonly #queue: Entry[] = [];
  #waiter: Waiter | null = null;
  #nextSeq = 0;
  #inHand = 0;
  #failure: unknown = null;
  #isOver = false;

  /** `detach` is called once, when the stream has ended for whatever reason. */
  constructor(
    mask: readonly DeviceEventType[],
    signal: AbortSignal,
    detach: (ended: EventBuffer) => void,
    capacity = EVENTS_MAX,
  ) {
    this.#mask = new Set(mask);
    this.#capacity = capacity;
    this.#detach = detach;
    if (signal.aborted) this.#end();
    else signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  get pending(): number {
    return this.#queue.length + this.#inHand;
  }

  /** A loss at the source reaches every subscriber, whatever it asked for. */
  push(emission: Emission): void {
    const isWanted = emission.type === 'overflow' || this.#mask.has(emission.type);
    if (this.#isOver || !isWanted) return;
    const waiter = this.#stopWaiting();
    if (waiter) this.#handOut(waiter, emission);
    else if (this.#queue.length < this.#capacity) this.#queue.push({ emission });
    else this.#countLoss(emission.at);
  }

  /** Breaks the stream: what is queued is still handed out, then the iteration rejects. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = error;
    this.#stopWaiting()?.reject(error);
    this.#detach(this);
  }

  next(): Promise<IteratorResult<DeviceEvent, undefined>> {
    this.#inHand = 0;
    return new Promise((resolve, reject) => {
      const entry = this.#queue.shift();
      const waiter = { resolve, reject };
      if (entry) this.#handOut(waiter, entry.emission);
      else if (this.#failure !== null) reject(this.#failure);
      else if (this.#isOver) resolve(END);
      else this.#waiter = waiter;
    });
  }

  return(): Promise<IteratorResult<DeviceEvent, undefined>> {
    this.#end();
    return Promise.resolve(END);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #handOut(waiter: Waiter, emission: Emission): void {
    const value: DeviceEvent = { ...emission, seq: this.#nextSeq };
    this.#nextSeq += 1;
    this.#inHand = 1;
    waiter.resolve({ done: false, value });
  }

  #stopWaiting(): Waiter | null {
    const waiter = this.#waiter;
    this.#waiter = null;
    return waiter;
  }

  /** The overflow stands after the queue, one place beyond the capacity, stamped with the first loss. */
  #countLoss(at: Instant): void {
    const last = this.#queue.at(-1);
    if (last?.emission.type === 'overflow') last.emission = { ...last.emission, lost: last.emission.lost + 1 };
    else this.#queue.push({ emission: { type: 'overflow', lost: 1, at, uuid: null } });
  }

  #end(): void {
    this.#queue.length = 0;
    this.#inHand = 0;
    this.#failure = null;
    this.#stopWaiting()?.resolve(END);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#detach(this);
  }
}

/** A buffer as the stream of an adapter, which knows how far its events are complete. */
export class BufferedStream implements EventStream {
  readonly #buffer: EventBuffer;
  readonly #completeTo: () => Instant;

  constructor(buffer: EventBuffer, completeTo: () => Instant) {
    this.#buffer = buffer;
    this.#completeTo = completeTo;
  }

  get pending(): number {
    return this.#buffer.pending;
  }

  get completeTo(): Instant {
    return this.#completeTo();
  }

  [Symbol.asyncIterator](): AsyncIterator<DeviceEvent> {
    return this.#buffer;
  }
}
