import { earlier, type Instant, later } from '#lib/core/instant.ts';
import type { Pause } from '../device-plugin.ts';
import { BufferedStream, EventBuffer } from '../event-buffer.ts';
import type { ToolCommand } from '../tool/command.ts';
import {
  type DeviceEventBody,
  type DeviceEventType,
  DriverCode,
  DriverError,
  type EventStream,
  type RecoveryAction,
} from '../types.ts';
import { decodeXid } from '../xid.ts';
import { actionsOf, changesBetween } from './changes.ts';
import { LogFollower } from './log-follower.ts';
import { type JournalEntry, parseXidLine } from './kernel-log.ts';
import type { ServerState } from './server-state.ts';
import { SharedRun } from './shared-run.ts';

export type FeedHost = {
  readonly journalctl: ToolCommand;
  readonly clock: () => Instant;
  readonly pause: Pause;
  /** A new look at the server, which touches every card. */
  readonly look: () => Promise<ServerState>;
  readonly uuidOf: (busId: string) => string | null;
};

/**
 * The events of one server, for all who subscribe: XIDs from the kernel's log at once, the rest from the difference
 * between two looks. What silence proves is the work of a *beat*, in this order: note the time, ask the tool for every
 * card, let the journal take in all that the kernel wrote until then, and wait until the follower has handed out its
 * newest entry. The tool's question touches each card, so one that is gone is found out, and the driver writes what it
 * finds before it answers; so after a beat every event up to the noted time is in the streams, and `completeTo` is
 * that time. A tool that hangs, or a log that cannot be read to its end, proves nothing.
 *
 * Events bear the host's stamp as far as it fits: never before what was proven complete, never after our own clock.
 * So the two clocks need not agree.
 */
export class XidFeed {
  readonly #host: FeedHost;
  readonly #log: LogFollower;
  readonly #beats = new SharedRun(() => this.#beat());
  readonly #subscribers = new Set<EventBuffer>();
  #lastLook: ServerState | null = null;
  /** What each card last asked for as far as the streams know; null: an XID came since, so the next look is news. */
  readonly #actions = new Map<string, RecoveryAction | null>();
  #provenTo: Instant | null = null;
  #lastEventAt: Instant | null = null;
  #resting: AbortController | null = null;

  constructor(host: FeedHost) {
    this.#host = host;
    this.#log = new LogFollower(host.journalctl, {
      heard: (entry) => this.#hear(entry),
      broken: (error) => this.#break(error),
    });
  }

  /** Follows the log, unless it does already. Rejects `TIMEOUT` or `UNKNOWN` when there is none to follow. */
  start(): Promise<void> {
    return this.#log.start();
  }

  /** Live from this call on if the log is followed; a stream that breaks at once if it is not. */
  subscribe(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    const buffer = new EventBuffer(mask, signal, (ended) => this.#leave(ended));
    const since = this.#host.clock();
    if (!this.#log.isLive) buffer.fail(new DriverError(DriverCode.UNKNOWN, 'events'));
    else if (!signal.aborted) this.#subscribers.add(buffer);
    if (this.#subscribers.size > 0 && !this.#resting) void this.#beatOn();
    return new BufferedStream(buffer, () => later(since, this.#provenTo ?? since));
  }

  /** One beat from now on; beats asked for meanwhile are one. Never rejects for what a tool did. */
  beat(): Promise<void> {
    return this.#beats.run();
  }

  async #beatOn(): Promise<void> {
    const resting = new AbortController();
    this.#resting = resting;
    try {
      while (!resting.signal.aborted) {
        await this.beat();
        if (!resting.signal.aborted) await this.#host.pause(resting.signal);
      }
    } catch (error) {
      this.#log.stop();
      this.#break(error);
    }
  }

  async #beat(): Promise<void> {
    const from = this.#host.clock();
    const provenTo = this.#provenTo ?? from;
    try {
      const look = await this.#host.look();
      await this.#log.catchUp();
      this.#tell(look, provenTo, from);
      this.#provenTo = later(provenTo, from);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
    }
  }

  /** Bad news may have come at any time since the last look, so it counts from what was proven; good news from this beat. */
  #tell(look: ServerState, provenTo: Instant, from: Instant): void {
    const changes = this.#lastLook ? changesBetween(this.#lastLook, look) : [];
    const isBoundAnew = changes.some(({ body }) => body.type === 'driver' && body.bound);
    for (const { busId, body } of changes) {
      const isKnown = body.type === 'unavailable' && busId !== null && this.#actions.get(busId) === 'cold_reboot';
      if (!isKnown) this.#emit(body, busId, isBoundAnew ? from : provenTo);
    }
    const actions = actionsOf(look);
    for (const [busId, action] of actions) {
      const known = this.#actions.get(busId);
      this.#actions.set(busId, action);
      if (known === undefined || known === action) continue;
      this.#emit({ type: 'recovery_action', action }, busId, action === 'none' ? from : provenTo);
    }
    for (const [busId, known] of this.#actions) {
      const isBack = look.cards.ok && look.cards.value.has(busId) && (isBoundAnew || known === 'cold_reboot');
      if (isBack && !actions.has(busId)) this.mended(busId);
    }
    this.#lastLook = look;
  }

  /**
   * Tells that a card asks for nothing any more, for drivers too old to say so themselves: it came back to the bus, its
   * driver was loaded anew, or it was reset.
   */
  mended(busId: string): void {
    const known = this.#actions.get(busId);
    if (known === undefined || known === 'none') return;
    this.#actions.set(busId, 'none');
    this.#emit({ type: 'recovery_action', action: 'none' }, busId, this.#host.clock());
  }

  #hear(entry: JournalEntry): void {
    const at = earlier(entry.at, this.#host.clock());
    if (entry.missed > 0) this.#emit({ type: 'overflow', lost: entry.missed }, null, this.#provenTo ?? at);
    const xid = parseXidLine(entry.message);
    if (!xid) return;
    const { busId, code, action } = xid;
    this.#emit({ type: 'xid', code }, busId, at, xid.instance);
    // NVIDIA's numbers mean the same on all its cards as far as this goes.
    const kind = decodeXid('hopper', code).class;
    if (kind === 'device_lost') {
      this.#emit({ type: 'unavailable' }, busId, at);
      this.#ask('cold_reboot', busId, at);
    } else if (action !== null && this.#actions.get(busId) !== 'cold_reboot') {
      this.#ask(action, busId, at);
    } else if (kind !== 'notice' && kind !== 'application') {
      this.#actions.set(busId, null);
    }
  }

  #ask(action: RecoveryAction, busId: string, at: Instant): void {
    if (this.#actions.get(busId) === action) return;
    this.#actions.set(busId, action);
    this.#emit({ type: 'recovery_action', action }, busId, at);
  }

  /** An event of a card that no list ever showed concerns nobody. */
  #emit(body: DeviceEventBody, busId: string | null, at: Instant, instance: number | null = null): void {
    const uuid = busId === null ? null : this.#host.uuidOf(busId);
    if (busId !== null && uuid === null) return;
    const from = later(this.#provenTo ?? at, this.#lastEventAt ?? at);
    this.#lastEventAt = later(at, from);
    const place = instance === null ? {} : { instance: { gi: instance, ci: 0 } };
    for (const subscriber of this.#subscribers) subscriber.push({ ...body, ...place, at: this.#lastEventAt, uuid });
  }

  #leave(ended: EventBuffer): void {
    this.#subscribers.delete(ended);
    if (this.#subscribers.size === 0) this.#rest();
  }

  #rest(): void {
    this.#resting?.abort();
    this.#resting = null;
    // Looks that lie far apart would make one old change of many, so the next subscriber begins anew.
    this.#lastLook = null;
  }

  #break(error: unknown): void {
    const broken = [...this.#subscribers];
    this.#subscribers.clear();
    this.#rest();
    for (const subscriber of broken) subscriber.fail(error);
  }
}
