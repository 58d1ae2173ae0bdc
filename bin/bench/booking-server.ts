import { fork } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { closeDatabase, openDatabase } from '#lib/platform/db.ts';
import { ensureDatabase, openEmbeddedPostgres } from '#lib/platform/embedded-postgres.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import type { ClientReport, ClientWork } from './booking-clients.ts';
import { serverProcessorSeconds } from './server-work.ts';

/** A PostgreSQL of the bench's own, as the market starts it: every commit is flushed. Gone when it closes. */
export type BookingServer = {
  /** Makes a database with all its tables and uses it from now on; answers its URL. */
  readonly enter: (database: string) => Promise<string>;
  /** Processor seconds of the server so far; null where they cannot be read. */
  readonly workedSeconds: () => number | null;
  readonly close: () => Promise<void>;
};

export async function openBookingServer(): Promise<BookingServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-bench-'));
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory });
  return {
    enter: async (database) => {
      await closeNotifications();
      await closeDatabase();
      await ensureDatabase(server.urlOf('postgres'), database);
      const url = server.urlOf(database);
      await applyMigrations(url);
      openDatabase(url, 20);
      return url;
    },
    workedSeconds: () => serverProcessorSeconds(path.join(directory, 'postgres')),
    close: async () => {
      await closeNotifications();
      await closeDatabase();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A process of clients. One piece of work at a time. */
export type ClientProcess = {
  readonly run: (work: ClientWork) => Promise<ClientReport>;
  readonly close: () => void;
};

export function startClients(): ClientProcess {
  const child = fork(path.join(import.meta.dirname, 'booking-clients.ts'), [], { execArgv: process.execArgv });
  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`the clients ended with ${code}`));
        child.once('exit', onExit);
        child.once('message', (report: ClientReport) => {
          child.off('exit', onExit);
          resolve(report);
        });
        child.send(work);
      }),
    close: () => child.kill(),
  };
}
