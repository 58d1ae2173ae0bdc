import 'server-only';
import { InfrastructureError } from '#lib/core/assert.ts';
import { openDatabase } from './db.ts';
import { dropDatabase, ensureDatabase, openEmbeddedPostgres, withAdmin } from './embedded-postgres.ts';
import { environment } from './environment.ts';
import { applyMigrations } from './schema-engine.ts';

/** The databases of one installation: the market itself, and the one that a replay makes for itself. */
const MAIN_DATABASE = 'kashi';
export const REPLAY_DATABASE = 'kashi_replay';

/** The PostgreSQL that a command works with: `DATABASE_URL`'s server, or the embedded one, started if it is not running. */
export type CommandServer = {
  readonly urlOf: (database: string) => string;
  /** The database that `DATABASE_URL` names, or the market's own. */
  readonly mainDatabase: string;
  /** Starts the server again if this command started it and it is gone; true when it was. */
  readonly revive: () => Promise<boolean>;
  /** Stops the server if this command started it. */
  readonly close: () => Promise<void>;
};

export async function openCommandServer(): Promise<CommandServer> {
  const { databaseUrl, dataDir } = environment();
  if (databaseUrl === null) {
    const server = await openEmbeddedPostgres({ directory: dataDir });
    return {
      urlOf: server.urlOf,
      mainDatabase: MAIN_DATABASE,
      revive: async () => server.wasStarted && server.revive(),
      close: async () => (server.wasStarted ? server.stop() : undefined),
    };
  }
  const urlOf = (database: string): string => {
    const url = new URL(databaseUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  return {
    urlOf,
    mainDatabase: new URL(databaseUrl).pathname.slice(1),
    revive: async () => false,
    close: async () => {},
  };
}

/** Which of Kashi's databases exist on the server. */
export async function listDatabases(server: CommandServer): Promise<string[]> {
  const names = [server.mainDatabase, REPLAY_DATABASE];
  const { rows } = await withAdmin(server.urlOf(adminDatabase(server)), (client) =>
    client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname = ANY($1)', [names]),
  );
  return names.filter((name) => rows.some(({ datname }) => datname === name));
}

/** Where to connect for creating and dropping databases. */
function adminDatabase(server: CommandServer): string {
  return environment().databaseUrl === null ? 'postgres' : server.mainDatabase;
}

/** Drops and makes a database anew, with all its tables. */
export async function makeDatabase(server: CommandServer, name: string): Promise<void> {
  if (name === server.mainDatabase)
    throw new InfrastructureError(`${name} is the market's own database; it is not made anew.`);
  const admin = server.urlOf(adminDatabase(server));
  await dropDatabase(admin, name);
  await ensureDatabase(admin, name);
  await applyMigrations(server.urlOf(name));
}

/** Uses a database of the server from now on; it must exist and be migrated. */
export function enterDatabase(server: CommandServer, name: string): string {
  const url = server.urlOf(name);
  openDatabase(url);
  return url;
}

/** Uses the market's database, or one that is named; says what to do where no market was ever started. */
export async function enterMarket(server: CommandServer, name: string | null): Promise<string> {
  if (name === null && !(await listDatabases(server)).includes(server.mainDatabase))
    throw new InfrastructureError('There is no market here yet. `npm start` makes one; DATABASE_URL names another.');
  return enterDatabase(server, name ?? server.mainDatabase);
}
