import 'server-only';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { closeDatabase, openDatabase } from '#lib/platform/db.ts';
import { dropDatabase, ensureDatabase, openEmbeddedPostgres } from '#lib/platform/embedded-postgres.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import type { Violation } from './invariants.ts';
import { STARTS_AT } from './market.ts';
import { DatabaseFaults } from './postgres-faults.ts';
import { seedMarket } from './postgres-market.ts';
import { PostgresWorld } from './postgres-world.ts';
import type { Outcome } from './run.ts';
import type { Script } from './steps.ts';

const TEMPLATE = 'template_kashi';

function outcomeOf(world: PostgresWorld, violations: readonly Violation[], steps: number): Outcome {
  const { commands } = world;
  const asked = commands.filter(({ key }) => key !== '');
  return {
    violations,
    steps,
    rounds: commands.length,
    commands: asked.length,
    accepted: asked.filter(({ answers }) => answers[0]?.ok).length,
    simulatedMs: world.now - STARTS_AT,
  };
}

async function runSteps(script: Script, faults: DatabaseFaults): Promise<Outcome> {
  const world = await PostgresWorld.open(await seedMarket(script.market), faults, STARTS_AT);
  const guarded = async (work: () => Promise<Violation[]>): Promise<Violation[]> =>
    work().catch((error: unknown) => [
      { invariant: 'coreHolds', what: error instanceof Error ? error.message : `${error}` },
    ]);
  let violations: Violation[] = [];
  let steps = 0;
  for (const step of script.steps) {
    violations = await guarded(() => world.do(step));
    steps += 1;
    if (violations.length > 0) break;
  }
  if (violations.length === 0) {
    violations = await guarded(() => world.do({ do: 'advance', seconds: 1, isPaced: true }));
    if (violations.length === 0) violations = await guarded(() => world.proofs());
  }
  world.close();
  return outcomeOf(world, violations, steps);
}

/** Runs a script in a database of its own, a copy of the migrated template, dropped afterwards; with a wall more, where one is given in SQL. */
export async function runOnServer(adminUrl: string, name: string, script: Script, wall?: string): Promise<Outcome> {
  await ensureDatabase(adminUrl, name, TEMPLATE);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  openDatabase(url.href, 10);
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  try {
    const faults = new DatabaseFaults(owner);
    await faults.prepare();
    if (wall !== undefined) await owner.query(wall);
    return await runSteps(script, faults);
  } finally {
    await owner.end();
    await closeNotifications();
    await closeDatabase();
    await dropDatabase(adminUrl, name);
  }
}

/** A throw-away PostgreSQL for runs from the command line. */
export async function onPostgres(): Promise<{
  readonly run: (script: Script, seed: number) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kashi-simulate-'));
  await chmod(directory, 0o755);
  const server = await openEmbeddedPostgres({ directory, isDisposable: true });
  const adminUrl = server.urlOf('postgres');
  await ensureDatabase(adminUrl, TEMPLATE);
  await applyMigrations(server.urlOf(TEMPLATE));
  return {
    run: (script, seed) => runOnServer(adminUrl, `simulate_${seed}`, script),
    close: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
