import { earlier, type Instant, later } from '#lib/core/instant.ts';
import { BufferedStream, EventBuffer } from '../event-buffer.ts';
import { codeOfText } from '../tool/error-text.ts';
import {
  type DeviceEventBody,
  type DeviceEventType,
  DriverCode,
  DriverError,
  type EventStream,
  type RecoveryAction,
} from '../types.ts';
import { type PpuSmiConnection, SILENCE_MS_MAX, TIMEOUT_MS } from './connection.ts';
import { HeartbeatRounds } from './heartbeat.ts';
import { BEAT_METRIC, eventOf, parseStatsLine, STATS_METRICS, type StatsLine } from './stats-line.ts';

/** What a feed must be able to ask while it listens. */
export type FeedQuestions = {
  /** The uuids of the listed cards by their number in this boot; asked anew for every run of the tool. */
  readonly cardNumbers: () => Promise<ReadonlyMap<number, string>>;
  /** True when an XID asks for more than a new start of the job. */
  readonly isGrave: (uuid: string, xid: number) => boolean;
  /** The recovery action of each card; null where it cannot be told. */
  readonly actions: (uuids: readonly string[]) => Promise<ReadonlyMap<string, RecoveryAction | null>>;
};

/** Codes with which the tool says that there is nothing to listen to for now. It is tried again until there is. */
const AWAY_CODES: ReadonlySet<DriverCode> = new Set([
  DriverCode.DRIVER_NOT_LOADED,
  DriverCode.LIB_RM_MISMATCH,
  DriverCode.NOT_FOUND,
]);

/**
 * One run of `stats` that all subscribers of a server share, from its first heartbeat until it breaks. While the tool
 * says that its driver is away, the feed says so too and waits; when it ends in any other way, the feed is broken.
 */
export class EventFeed {
  readonly #connection: PpuSmiConnection;
  readonly #questions: FeedQuestions;
  readonly #abort = new AbortController();
  readonly #started = Promise.withResolvers<void>();
  readonly #subscribers = new Set<EventBuffer>();
  readonly #actions = new Map<string, RecoveryAction>();
  readonly #unread = new Set<string>();
  readonly #ended: Promise<void>;
  #numbers: ReadonlyMap<number, string> = new Map();
  #rounds = new HeartbeatRounds();
  #state: 'starting' | 'live' | 'away' | 'ended' = 'starting';
  #isRereading = false;
  #provenTo: Instant;
  #lastAt: Instant;

  constructor(connection: PpuSmiConnection, questions: FeedQuestions) {
    this.#connection = connection;
    this.#questions = questions;
    this.#provenTo = connection.now();
    this.#lastAt = this.#provenTo;
    this.#started.promise.catch(() => undefined);
    this.#ended = this.#run();
  }

  /** Resolves when news is heard from now on, or the tool has said why there can be none. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get isOver(): boolean {
    return this.#state === 'ended';
  }

  /** A stream that is live at once, since the feed already is; one that fails with `NOT_READY` when it is not. */
  subscribe(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    const buffer = new EventBuffer(mask, signal, (ended) => this.#subscribers.delete(ended));
    if (this.#state === 'live' || this.#state === 'away') this.#subscribers.add(buffer);
    else buffer.fail(new DriverError(DriverCode.NOT_READY, 'events'));
    return new BufferedStream(buffer, () => this.#provenTo);
  }

  /** The list says who has which number: when that is not who we listen to, the feed is broken. */
  check(numbers: ReadonlyMap<number, string>): void {
    const isOther = [...numbers].some(([index, uuid]) => (this.#numbers.get(index) ?? uuid) !== uuid);
    if (isOther && this.#state === 'live') this.#end(new DriverError(DriverCode.UNKNOWN, 'events'));
  }

  /** Ends the run and every stream with this error; resolves when the tool is gone. */
  async stop(error: DriverError): Promise<void> {
    this.#end(error);
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (!signal.aborted) {
        const code = await this.#listen();
        if (!AWAY_CODES.has(code)) throw new DriverError(code, 'stats');
        this.#goAway();
        await this.#connection.pause(signal);
      }
    } catch (error) {
      this.#end(error);
    }
  }

  /** One run of the tool, to its end. Answers with the code of which its last words speak. */
  async #listen(): Promise<DriverCode> {
    const { ppuSmi, timeoutMs = TIMEOUT_MS } = this.#connection;
    const { silenceMsMax = Math.max(SILENCE_MS_MAX, timeoutMs) } = this.#connection;
    const run = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, run.signal]);
    const silence = setTimeout(() => this.#end(new DriverError(DriverCode.TIMEOUT, 'stats')), silenceMsMax);
    try {
      await this.#meetCards();
      for await (const line of ppuSmi.follow(['stats', '-d', STATS_METRICS], signal)) {
        silence.refresh();
        const row = parseStatsLine(line);
        if (row) await this.#take(row);
        else if (line.trim() !== '') return codeOfText(line) ?? DriverCode.UNKNOWN;
      }
      return DriverCode.UNKNOWN;
    } catch (error) {
      if (error instanceof DriverError) return error.code;
      throw error;
    } finally {
      clearTimeout(silence);
      run.abort();
    }
  }

  async #meetCards(): Promise<void> {
    this.#numbers = await this.#questions.cardNumbers();
    this.#rounds = new HeartbeatRounds();
    if (this.#state !== 'starting') return;
    const actions = await this.#questions.actions([...this.#numbers.values()]);
    for (const [uuid, action] of actions) if (action !== null) this.#actions.set(uuid, action);
  }

  async #take(row: StatsLine): Promise<void> {
    const at = earlier(row.at, this.#connection.now());
    if (row.metric === BEAT_METRIC) {
      const provenTo = this.#rounds.beat(row.index, row.at, this.#connection.now());
      if (this.#state !== 'live') this.#goLive(at);
      this.#provenTo = later(this.#provenTo, provenTo ?? this.#provenTo);
      return;
    }
    const body = eventOf(row);
    if (!body) return;
    const uuid = this.#numbers.get(row.index) ?? (await this.#meetNewcomer(row.index));
    this.#push(body, at, uuid);
    if (at < this.#provenTo) throw new DriverError(DriverCode.UNKNOWN, 'stats');
    if (body.type !== 'xid') return;
    // What the card wants after a grave one is news even when it is what it wanted before: it may be mended already.
    if (this.#questions.isGrave(uuid, body.code)) this.#actions.delete(uuid);
    this.#reread([uuid]);
  }

  /** A card that came on the bus after the run began. */
  async #meetNewcomer(index: number): Promise<string> {
    this.#numbers = new Map([...this.#numbers, ...(await this.#questions.cardNumbers())]);
    const uuid = this.#numbers.get(index);
    if (uuid === undefined) throw new DriverError(DriverCode.UNKNOWN, 'stats');
    return uuid;
  }

  /** Nothing can be heard of any card, from the last instant of which anything is known. */
  #goAway(): void {
    if (this.#state === 'live') this.#push({ type: 'driver', bound: false }, this.#provenTo, null);
    this.#state = 'away';
    this.#started.resolve();
  }

  /** The first heartbeat. What happened while nothing was heard shows in what the cards ask for now. */
  #goLive(at: Instant): void {
    const wasAway = this.#state === 'away';
    this.#state = 'live';
    this.#started.resolve();
    this.#provenTo = later(this.#provenTo, at);
    if (!wasAway) return;
    this.#push({ type: 'driver', bound: true }, at, null);
    this.#reread([...this.#actions.keys(), ...this.#numbers.values()]);
  }

  /** Asks what cards want done, as often as it takes, and tells of what has changed. */
  #reread(uuids: readonly string[]): void {
    for (const uuid of uuids) this.#unread.add(uuid);
    if (this.#isRereading) return;
    this.#isRereading = true;
    void this.#rereadAll().finally(() => {
      this.#isRereading = false;
    });
  }

  async #rereadAll(): Promise<void> {
    const { signal } = this.#abort;
    while (this.#unread.size > 0 && !signal.aborted) {
      const uuids = [...this.#unread];
      this.#unread.clear();
      try {
        const actions = await this.#questions.actions(uuids);
        for (const [uuid, action] of actions) if (action !== null) this.#learn(uuid, action);
      } catch (error) {
        if (!(error instanceof DriverError)) return this.#end(error);
        for (const uuid of uuids) this.#unread.add(uuid);
        await this.#connection.pause(signal);
      }
    }
  }

  #learn(uuid: string, action: RecoveryAction): void {
    if (this.#actions.get(uuid) === action) return;
    this.#actions.set(uuid, action);
    this.#push({ type: 'recovery_action', action }, this.#provenTo, uuid);
  }

  /** What we conclude ourselves is stamped no earlier than what was already told or proven. */
  #push(body: DeviceEventBody, at: Instant, uuid: string | null): void {
    const isOurs = body.type === 'recovery_action' || body.type === 'driver';
    const stamp = isOurs ? later(at, this.#lastAt) : at;
    this.#lastAt = later(this.#lastAt, stamp);
    for (const subscriber of this.#subscribers) subscriber.push({ ...body, at: stamp, uuid });
  }

  #end(error: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#started.reject(error);
    for (const subscriber of [...this.#subscribers]) subscriber.fail(error);
    this.#abort.abort();
  }
}
