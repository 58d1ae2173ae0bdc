import 'server-only';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { InfrastructureError } from '#lib/core/assert.ts';
import { freePort } from './ports.ts';
import { type PostgresHost, preparePostgresHost } from './postgres-host.ts';

/** A running PostgreSQL of ours under the data directory. */
export type EmbeddedServer = {
  /** True when this call started it; false when it was running already. */
  readonly wasStarted: boolean;
  /** The owner's URL of one of its databases. */
  readonly urlOf: (database: string) => string;
  /** Starts it again where it was, if its process is gone. True when it was. */
  readonly revive: () => Promise<boolean>;
  /** Stops it, whoever started it: running transactions are rolled back, nothing committed is lost. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  /** Holds the cluster, its password and its log. */
  readonly directory: string;
  /** For tests only: no flush to disk, so a power cut would lose data. A killed process loses nothing. */
  readonly isDisposable?: boolean;
};

const OWNER = 'kashi';
const START_SECONDS_MAX = 60;

type Cluster = { host: PostgresHost; data: string; logFile: string; password: string };

function ownerUrl(cluster: Cluster, port: number, database: string): string {
  return `postgresql://${OWNER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

async function prepareCluster(directory: string): Promise<Cluster> {
  await mkdir(directory, { recursive: true });
  const data = path.join(directory, 'postgres');
  const passwordFile = path.join(directory, 'postgres-password');
  const logFile = path.join(directory, 'postgres.log');
  const host = await preparePostgresHost(directory);
  const known = await readText(passwordFile);
  const cluster = { host, data, logFile, password: known?.trim() ?? randomBytes(24).toString('hex') };
  if ((await readText(path.join(data, 'PG_VERSION'))) !== null) return cluster;

  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (host.owner) for (const file of [data, passwordFile]) await chown(file, host.owner.uid, host.owner.gid);
  const flags = [
    '-D',
    data,
    '-U',
    OWNER,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
  ];
  const made = await host.run('initdb', flags);
  if (made.code !== 0) {
    throw new InfrastructureError(`The database could not be created in ${data}: ${made.output.trim()}`);
  }
  return cluster;
}

/** The port of the server that holds the cluster's lock file, when it answers to our password. */
async function runningPort(cluster: Cluster): Promise<number | null> {
  const lines = (await readText(path.join(cluster.data, 'postmaster.pid')))?.split('\n');
  const port = Number.parseInt(lines?.[3] ?? '', 10);
  if (!Number.isInteger(port)) return null;
  const client = new pg.Client({
    connectionString: ownerUrl(cluster, port, 'postgres'),
    connectionTimeoutMillis: 3_000,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ data: string }>(`SELECT current_setting('data_directory') AS data`);
    return rows[0] && path.resolve(rows[0].data) === path.resolve(cluster.data) ? port : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

const TUNING = [
  'shared_buffers=256MB',
  'max_connections=80',
  'max_wal_size=2GB',
  'checkpoint_timeout=15min',
  'jit=off',
  'random_page_cost=1.1',
];
const DISPOSABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked, but is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function start(cluster: Cluster, isDisposable: boolean, port: number): Promise<void> {
  const settings = [
    'listen_addresses=127.0.0.1',
    "unix_socket_directories=''",
    ...TUNING,
    ...(isDisposable ? DISPOSABLE : []),
  ];
  const options = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
  await writeFile(cluster.logFile, '', { flag: 'a' });
  if (cluster.host.owner) await chown(cluster.logFile, cluster.host.owner.uid, cluster.host.owner.gid);
  const started = await cluster.host.run('pg_ctl', [
    'start',
    '-D',
    cluster.data,
    '-w',
    '-t',
    `${START_SECONDS_MAX}`,
    '-l',
    cluster.logFile,
    '-o',
    options,
  ]);
  if (started.code !== 0) {
    const reason = (await readText(cluster.logFile))
      ?.trim()
      .split('\n')
      .findLast((line) => /FATAL|PANIC|ERROR/.test(line));
    throw new InfrastructureError(
      `The database in ${cluster.data} does not start: ${reason ?? started.output.trim()} (log: ${cluster.logFile})`,
    );
  }
}

/**
 * Opens the embedded PostgreSQL 18 under `directory`: makes its cluster the first time, joins it when it is running,
 * starts it when not. Listens on 127.0.0.1 only. Throws {@link InfrastructureError} with one sentence that says what is wrong.
 */
export async function openEmbeddedPostgres({
  directory,
  isDisposable = false,
}: EmbeddedOptions): Promise<EmbeddedServer> {
  const cluster = await prepareCluster(path.resolve(directory));
  let port = await runningPort(cluster);
  const wasStarted = port === null;
  if (port === null) {
    port = await freePort();
    await start(cluster, isDisposable, port);
  }
  const settledPort = port;
  const revive = async (): Promise<boolean> => {
    const pid = Number.parseInt((await readText(path.join(cluster.data, 'postmaster.pid'))) ?? '', 10);
    if (Number.isInteger(pid) && isAlive(pid)) return false;
    await start(cluster, isDisposable, settledPort);
    return true;
  };
  const stop = async (): Promise<void> => {
    const flags = ['stop', '-D', cluster.data, '-w', '-m', 'fast', '-t', `${START_SECONDS_MAX}`];
    const stopped = await cluster.host.run('pg_ctl', flags);
    if (stopped.code !== 0) throw new InfrastructureError(`The database does not stop: ${stopped.output.trim()}`);
  };
  return { wasStarted, urlOf: (database) => ownerUrl(cluster, settledPort, database), revive, stop };
}

/** Creates a database unless it exists; with `template`, as a copy of that one. */
export async function ensureDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await withAdmin(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const from = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`;
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}${from}`);
  });
}

/** Drops a database, ending whoever is connected to it. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withAdmin(adminUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

/** Runs `work` on a connection of its own as the owner. */
export async function withAdmin<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
