import 'server-only';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type pg from 'pg';
import { InfrastructureError } from '#lib/core/assert.ts';
import { errorText } from './log.ts';

// Prisma's own schema engine, compiled to WASM: the native one is a download that a closed network does not give.
// It is typed here by what we use, because the package's types describe a bundler's import.
type Filters = { externalTables: string[]; externalEnums: string[] };
type MigrationList = {
  baseDir: string;
  lockfile: { path: string; content: string };
  shadowDbInitScript: string;
  migrationDirectories: { path: string; migrationFile: { path: string; content: { tag: 'ok'; value: string } } }[];
};
type SchemaEngine = {
  applyMigrations(input: {
    migrationsList: MigrationList;
    filters: Filters;
  }): Promise<{ appliedMigrationNames: string[] }>;
  diff(input: {
    from: { tag: 'empty' };
    to: { tag: 'schemaDatamodel'; files: { path: string; content: string }[] };
    script: true;
    exitCode: null;
    filters: Filters;
    shadowDatabaseUrl: null;
  }): Promise<{ stdout: string }>;
};
type EngineModule = {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: {
    new: (
      options: { datamodels: [string, string][] },
      log: (line: string) => void,
      adapter: object,
    ) => Promise<SchemaEngine>;
  };
};

const ROOT = path.resolve(import.meta.dirname, '../..');
const MIGRATIONS = path.join(ROOT, 'prisma/migrations');
const NO_FILTERS: Filters = { externalTables: [], externalEnums: [] };

/** The engine's lock timeout is a ten-second timer that it never clears; it must not keep a finished process alive. */
function withUnrefTimers(imports: EngineModule): WebAssembly.ModuleImports {
  const unref =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      const original = globalThis.setTimeout;
      globalThis.setTimeout = ((work: () => void, ms: number) => original(work, ms).unref()) as typeof setTimeout;
      try {
        return call(...args);
      } finally {
        globalThis.setTimeout = original;
      }
    };
  const entries = Object.entries(imports) as [string, (...args: unknown[]) => unknown][];
  return Object.fromEntries(
    entries.map(([name, call]) => [name, name.startsWith('__wbg_setTimeout') ? unref(call) : call]),
  );
}

let loaded: Promise<EngineModule> | null = null;

/** The module keeps one engine's memory, so it is instantiated once a process. */
async function loadEngineModule(): Promise<EngineModule> {
  loaded ??= instantiateEngineModule();
  return loaded;
}

async function instantiateEngineModule(): Promise<EngineModule> {
  const folder = path.join(ROOT, 'node_modules/@prisma/schema-engine-wasm');
  const module = (await import(/* turbopackIgnore: true */ path.join(folder, 'schema_engine_bg.js'))) as EngineModule;
  const bytes = await readFile(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': withUnrefTimers(module) });
  module.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  return module;
}

type Factory = SqlMigrationAwareDriverAdapterFactory & { readonly close: () => Promise<void> };

/** PrismaPg cuts scripts at every `;`, which breaks function bodies; the server parses a whole script itself. */
function wholeScripts(url: string): Factory {
  const factory = new PrismaPg({ connectionString: url, max: 1 });
  const opened: { dispose: () => Promise<void> }[] = [];
  const connect = async () => {
    const adapter = await factory.connect();
    opened.push(adapter);
    adapter.executeScript = async (script: string) => {
      try {
        await (adapter.underlyingDriver() as pg.Pool).query(script);
      } catch (error) {
        // The engine passes on a number for an error it does not know; its text would be lost.
        throw new InfrastructureError(`A migration failed: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    };
    return adapter;
  };
  const close = async (): Promise<void> => {
    for (const adapter of opened) await adapter.dispose();
  };
  return { adapterName: factory.adapterName, provider: factory.provider, connect, connectToShadowDb: connect, close };
}

async function readModels(): Promise<[string, string][]> {
  const models = await readdir(path.join(ROOT, 'prisma/models'));
  const files = ['schema.prisma', ...models.sort().map((name) => `models/${name}`)];
  return Promise.all(
    files.map(
      async (name): Promise<[string, string]> => [name, await readFile(path.join(ROOT, 'prisma', name), 'utf8')],
    ),
  );
}

async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => {
      const value = await readFile(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value } } };
    }),
  );
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(path.join(MIGRATIONS, 'migration_lock.toml'), 'utf8'),
  };
  return { baseDir: MIGRATIONS, lockfile, shadowDbInitScript: '', migrationDirectories };
}

async function withEngine<T>(
  url: string,
  models: [string, string][],
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const module = await loadEngineModule();
  const factory = wholeScripts(url);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  try {
    return await work(await module.SchemaEngine.new({ datamodels: models }, () => {}, adapter));
  } catch (error) {
    const number = /External error id#(\d+)/.exec(errorText(error))?.[1];
    const known = number === undefined ? undefined : adapter.errorRegistry.consumeError(Number.parseInt(number, 10));
    throw known?.error ?? error;
  } finally {
    await factory.close();
  }
}

/** Applies the migrations that a database lacks and names them. Runs as the owner, not as the application's role. */
export async function applyMigrations(url: string): Promise<string[]> {
  const migrationsList = await readMigrations();
  return withEngine(url, await readModels(), async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
    return appliedMigrationNames;
  });
}

/** The SQL that would build the tables of the Prisma schema from nothing. */
export async function schemaScript(url: string): Promise<string> {
  const models = await readModels();
  const files = models.map(([name, content]) => ({ path: name, content }));
  return withEngine(url, models, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: NO_FILTERS,
      shadowDatabaseUrl: null,
    });
    return stdout;
  });
}
