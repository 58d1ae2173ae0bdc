import 'server-only';
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions, databaseUrl, Prisma, type Tx } from './db.ts';
import { sendDirectly } from './direct-statements.ts';
import { errorText, log } from './log.ts';

/**
 * What is announced between processes. The payload names a row; whoever hears it reads the row under their own rights. Only
 * an answer is told as well, to whoever waits for that very command.
 */
export type Channel = 'kashi_command' | 'kashi_answer' | 'kashi_change';

/** Announces on commit of the transaction. A rolled back transaction announces nothing. */
export async function notify(tx: Tx, channel: Channel, payloads: readonly string[]): Promise<void> {
  if (payloads.length === 0) return;
  const distinct = [...new Set(payloads)];
  sendDirectly(tx, Prisma.sql`SELECT pg_notify(${channel}, p) FROM unnest(${distinct}::text[]) AS p`);
}

class Listener {
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  /** Those that somebody here has ever listened to: what nobody hears need not be sent. */
  readonly #channels = new Set<Channel>();
  /** Who wants to know that from now on nothing is missed, and that something may have been. */
  readonly #mended = new Set<() => void>();
  #isListening = false;
  #isClosed = false;
  #client: pg.Client | null = null;

  readonly url: string;

  constructor(url: string) {
    this.url = url;
    void this.#run();
  }

  /** Reconnects for as long as the process lives; what was missed meanwhile is found by the listeners' own polling. */
  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const client = new pg.Client({
        connectionString: this.url,
        options: connectionOptions({ statement: 0, idleInTransaction: 0, lock: 0 }),
      });
      this.#client = client;
      const lost = new Promise((_, reject) =>
        client.on('error', reject).once('end', () => reject(new Error('connection ended'))),
      );
      // Lost before anybody waits for it, it is no fault of the process either.
      lost.catch(() => {});
      try {
        await client.connect();
        client.on('notification', ({ channel, payload }) => this.#emitter.emit(channel, payload ?? ''));
        for (const channel of this.#channels) await client.query(`LISTEN ${channel}`);
        this.#isListening = true;
        for (const mended of this.#mended) mended();
        await lost;
      } catch (error) {
        if (!this.#isClosed) log.debug('listener reconnects', { reason: errorText(error) });
      }
      this.#isListening = false;
      await client.end().catch(() => {});
      if (!this.#isClosed) await sleep(500);
    }
  }

  on(channel: Channel, heard: (payload: string) => void, mended: () => void): () => void {
    this.#emitter.on(channel, heard);
    this.#mended.add(mended);
    if (!this.#channels.has(channel)) {
      this.#channels.add(channel);
      // A line that is made, or mended, is so with all channels.
      if (this.#isListening) this.#client?.query(`LISTEN ${channel}`).then(mended, () => {});
    }
    return () => {
      this.#emitter.off(channel, heard);
      this.#mended.delete(mended);
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.end().catch(() => {});
  }
}

const holder = globalThis as typeof globalThis & { kashiListener?: Listener | undefined };

/**
 * Calls `heard` with each payload announced on a channel, from when the database has heard of it, for the first on a channel, or
 * from now, until the returned function is called. Calls `mended` each time it begins to listen, at first and when the line was cut:
 * what was announced before may have been missed, what is announced from then on is not.
 */
export function listen(channel: Channel, heard: (payload: string) => void, mended: () => void = () => {}): () => void {
  if (holder.kashiListener?.url !== databaseUrl()) {
    void holder.kashiListener?.close();
    holder.kashiListener = new Listener(databaseUrl());
  }
  return holder.kashiListener.on(channel, heard, mended);
}

/** Ends listening, so that the process can end. */
export async function closeNotifications(): Promise<void> {
  const open = holder.kashiListener;
  holder.kashiListener = undefined;
  await open?.close();
}
