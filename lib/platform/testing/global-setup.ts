import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureDatabase, openEmbeddedPostgres } from '../embedded-postgres.ts';
import { applyMigrations } from '../schema-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's owner URL, on the database `postgres`. */
    adminUrl: string;
  }
}

/** One throw-away PostgreSQL for the run; each test file clones the migrated template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-test-'));
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory, isDisposable: true });
  const adminUrl = server.urlOf('postgres');
  await ensureDatabase(adminUrl, 'template_kashi');
  await applyMigrations(server.urlOf('template_kashi'));
  project.provide('adminUrl', adminUrl);
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
