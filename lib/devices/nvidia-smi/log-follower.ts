import type { ToolCommand } from '../tool/command.ts';
import { DriverCode, DriverError } from '../types.ts';
import { failureOf } from './failure.ts';
import { FOLLOW_ARGS, type JournalEntry, parseJournalEntry, SYNC_ARGS, TAIL_ARGS } from './kernel-log.ts';

/** How long the follower may take to show an entry that is in the journal. */
const LOG_TIMEOUT_MS = 10_000;
/** Entries remembered by their place, for telling that an older one was handed out. */
const CURSORS_KEPT_MAX = 8_192;

export type LogListener = {
  heard(entry: JournalEntry): void;
  /** The follower has ended; nothing more is heard until it is started again. */
  broken(error: unknown): void;
};

/** Follows the kernel's messages in the journal of a host. */
export class LogFollower {
  readonly #journalctl: ToolCommand;
  readonly #listener: LogListener;
  readonly #seen = new Set<string>();
  readonly #waiters = new Map<string, PromiseWithResolvers<void>>();
  readonly #timeoutMs: number;
  #starting: Promise<void> | null = null;
  #run: AbortController | null = null;

  constructor(journalctl: ToolCommand, listener: LogListener, timeoutMs = LOG_TIMEOUT_MS) {
    this.#journalctl = journalctl;
    this.#listener = listener;
    this.#timeoutMs = timeoutMs;
  }

  get isLive(): boolean {
    return this.#run !== null && this.#starting === null;
  }

  /** Resolves when the newest entry has been shown: from then on, every later one is heard. */
  async start(): Promise<void> {
    if (this.isLive) return;
    this.#starting ??= this.#begin();
    await this.#starting;
  }

  stop(): void {
    this.#run?.abort();
    this.#run = null;
  }

  /** Resolves when every message that the kernel wrote before the call has been heard; a follower too slow is broken. */
  async catchUp(): Promise<void> {
    await this.#command(SYNC_ARGS);
    const newest = (await this.#command(TAIL_ARGS)).split('\n').find((line) => line !== '');
    if (newest === undefined || !this.isLive) throw new DriverError(DriverCode.UNKNOWN, 'journal');
    const { cursor } = parseJournalEntry(newest);
    if (this.#seen.has(cursor)) return;
    const waiter = this.#waiters.get(cursor) ?? Promise.withResolvers<void>();
    this.#waiters.set(cursor, waiter);
    await this.#inTime(waiter.promise);
  }

  async #begin(): Promise<void> {
    const first = Promise.withResolvers<void>();
    const run = new AbortController();
    this.#run = run;
    void this.#follow(run, first);
    try {
      await this.#inTime(first.promise);
    } finally {
      this.#starting = null;
    }
  }

  async #follow(run: AbortController, first: PromiseWithResolvers<void>): Promise<void> {
    let failure: unknown = new DriverError(DriverCode.UNKNOWN, 'journal');
    first.promise.catch(() => undefined);
    try {
      let isNew = false;
      for await (const line of this.#journalctl.follow(FOLLOW_ARGS, run.signal)) {
        const entry = parseJournalEntry(line);
        this.#keep(entry.cursor);
        if (isNew) this.#listener.heard(entry);
        isNew = true;
        first.resolve();
        this.#waiters.get(entry.cursor)?.resolve();
        this.#waiters.delete(entry.cursor);
      }
    } catch (error) {
      failure = error;
    }
    first.reject(failure);
    if (this.#run === run) this.#end(failure);
  }

  #keep(cursor: string): void {
    this.#seen.add(cursor);
    const [oldest] = this.#seen;
    if (this.#seen.size > CURSORS_KEPT_MAX && oldest !== undefined) this.#seen.delete(oldest);
  }

  #end(error: unknown): void {
    this.stop();
    this.#seen.clear();
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
    this.#listener.broken(error);
  }

  async #command(args: readonly string[]): Promise<string> {
    const result = await this.#journalctl.run(args, { timeoutMs: this.#timeoutMs });
    const code = failureOf(result);
    if (code !== null) throw new DriverError(code, 'journal');
    return result.stdout;
  }

  async #inTime(awaited: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>();
    const deadline = AbortSignal.timeout(this.#timeoutMs);
    const onLate = (): void => {
      const error = new DriverError(DriverCode.TIMEOUT, 'journal');
      late.reject(error);
      this.#end(error);
    };
    deadline.addEventListener('abort', onLate, { once: true });
    try {
      await Promise.race([awaited, late.promise]);
    } finally {
      deadline.removeEventListener('abort', onLate);
    }
  }
}
