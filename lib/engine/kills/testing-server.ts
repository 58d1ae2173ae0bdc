import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeDatabase, openDatabase } from '#lib/platform/db.ts';
import {
  dropDatabase,
  type EmbeddedServer,
  ensureDatabase,
  openEmbeddedPostgres,
  withAdmin,
} from '#lib/platform/embedded-postgres.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';

/** A PostgreSQL of its own that flushes every commit, to be killed and to come back. */
export type MortalServer = {
  readonly urlOf: (database: string) => string;
  /** Makes a database, migrated and open. */
  readonly make: (database: string) => Promise<string>;
  /** Leaves the database that is open. */
  readonly leave: () => Promise<void>;
  /** A copy of a database that nobody has open; it is not open either. */
  readonly copy: (from: string, to: string) => Promise<string>;
  readonly drop: (database: string) => Promise<void>;
  /**
   * Halts what writes the log and pages in the background, until the server is killed: what no commit waits for is then
   * lost for certain, where the log's writer, waking in that moment, would save it.
   */
  readonly holdBackgroundWriters: () => Promise<void>;
  /** Ends the server and all its sessions as `kill -9` does, and starts it again. */
  readonly killAndRestart: () => Promise<void>;
  /** Waits until nobody is connected to a database any more: what a killed client has sent may still be at work. */
  readonly quiet: (database: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

const LOOK_EVERY_MS = 20;
const WAIT_MS_MAX = 60_000;

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_EVERY_MS) {
    if (waitedMs > WAIT_MS_MAX) throw new Error(`waited in vain until ${what}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The parent of a process; null when there is no such process. */
function parentOf(pid: number): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : Number.parseInt(parent ?? '', 10);
  } catch {
    return null;
  }
}

/** The server's own processes: the one that its data directory names, and that one's children. */
function processesOf(dataDirectory: string): number[] {
  const first = readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const server = Number.parseInt(first, 10);
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return [server, ...all.map(Number).filter((pid) => parentOf(pid) === server)];
}

const BACKGROUND_WRITERS = `SELECT pid FROM pg_stat_activity
  WHERE backend_type IN ('walwriter', 'background writer', 'checkpointer', 'autovacuum launcher')`;

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment before.
  }
}

export async function openMortalServer(): Promise<MortalServer> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-kills-'));
  await chmod(directory, 0o755);
  let server: EmbeddedServer = await openEmbeddedPostgres({ directory });
  const leave = async (): Promise<void> => {
    await closeNotifications();
    await closeDatabase();
  };
  return {
    urlOf: (database) => server.urlOf(database),
    make: async (database) => {
      await leave();
      await ensureDatabase(server.urlOf('postgres'), database);
      await applyMigrations(server.urlOf(database));
      openDatabase(server.urlOf(database), 20);
      return server.urlOf(database);
    },
    leave,
    copy: async (from, to) => {
      await ensureDatabase(server.urlOf('postgres'), to, from);
      // A copied sequence believes that numbers ahead are in the log, where they are the original's: a crash would give them
      // out again. After a checkpoint it writes them itself, as one that was not copied does.
      await withAdmin(server.urlOf('postgres'), (client) => client.query('CHECKPOINT'));
      return server.urlOf(to);
    },
    drop: async (database) => {
      await leave();
      await dropDatabase(server.urlOf('postgres'), database);
    },
    holdBackgroundWriters: () =>
      withAdmin(server.urlOf('postgres'), async (client) => {
        const { rows } = await client.query<{ pid: number }>(BACKGROUND_WRITERS);
        for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
      }),
    killAndRestart: async () => {
      const pids = processesOf(path.join(directory, 'postgres'));
      for (const pid of pids) kill(pid);
      await until(() => pids.every((pid) => parentOf(pid) === null), 'the server was dead');
      // A dead process that nobody has buried still counts as one that holds the lock.
      await rm(path.join(directory, 'postgres', 'postmaster.pid'), { force: true });
      server = await openEmbeddedPostgres({ directory });
    },
    quiet: (database) =>
      withAdmin(server.urlOf('postgres'), (client) =>
        until(async () => {
          const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE datname = $1', [database]);
          return rowCount === 0;
        }, `${database} was quiet`),
      ),
    close: async () => {
      await leave();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
