import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ensureDatabase, openEmbeddedPostgres, withAdmin } from './embedded-postgres.ts';
import { keepDatabase } from './supervisor.ts';

test('a database that is killed is started again where it was, with what was committed', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-revive-'));
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory });
  const stopping = new AbortController();
  const said: string[] = [];
  const keeping = keepDatabase(server.revive, stopping.signal, (line) => said.push(line));
  onTestFinished(async () => {
    stopping.abort();
    await keeping;
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  const url = server.urlOf('kept');
  await ensureDatabase(server.urlOf('postgres'), 'kept');
  await withAdmin(url, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS n'));
  expect(await server.revive()).toBe(false);

  const lock = await readFile(path.join(directory, 'postgres', 'postmaster.pid'), 'utf8');
  process.kill(Number.parseInt(lock, 10), 'SIGKILL');
  await vi.waitFor(() => expect(said).toContain('database ended; it was started again'), 20_000);
  const { rows } = await withAdmin(url, (client) => client.query('SELECT n FROM kept'));
  expect(rows).toEqual([{ n: 7 }]);
}, 40_000);
