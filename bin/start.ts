// npm start: database, demo market, pages and engine under one supervisor, until Ctrl-C.
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '#lib/core/assert.ts';
import { type CommandServer, enterDatabase, makeDatabase, openCommandServer } from '#lib/platform/command-database.ts';
import { closeDatabase } from '#lib/platform/db.ts';
import { environment } from '#lib/platform/environment.ts';
import { hasDatabase, isSeeded, renameDatabase, settleClock } from '#lib/platform/market-database.ts';
import { closeNotifications } from '#lib/platform/notifications.ts';
import { isPortFree } from '#lib/platform/ports.ts';
import { stopSignal } from '#lib/platform/process.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import { loadSecret } from '#lib/platform/secret.ts';
import { engineService, keepDatabase, supervise, webService } from '#lib/platform/supervisor.ts';
import { buildWebIfNeeded } from '#lib/platform/web-build.ts';
import { seedDemo } from '#prisma/seed/demo.ts';
import { DEMO_CUSTOMERS, DEMO_PASSWORD, DEMO_STAFF } from '#prisma/seed/people.ts';

const say = (line: string): void => console.log(line);
const seedingName = 'kashi_seeding';

/** Makes the embedded market under another name first: an interrupted first start leaves no half market behind. */
async function makeMarket(server: CommandServer): Promise<void> {
  await makeDatabase(server, seedingName);
  enterDatabase(server, seedingName);
  await seed();
  await closeNotifications();
  await closeDatabase();
  await renameDatabase(server, seedingName, server.mainDatabase);
}

async function seed(): Promise<void> {
  const { fleetSeed, hasDemoClock } = environment();
  say('Seeding the demo market (once):');
  await seedDemo({ seed: fleetSeed, isDemoClock: hasDemoClock, onProgress: (line) => say(`  ${line}`) });
}

/** The market's database, migrated and seeded; answers its URL. */
async function prepareDatabase(server: CommandServer): Promise<string> {
  const isEmbedded = environment().databaseUrl === null;
  if (isEmbedded && !(await hasDatabase(server, server.mainDatabase))) await makeMarket(server);
  const url = server.urlOf(server.mainDatabase);
  const applied = await applyMigrations(url);
  if (applied.length > 0) say(`Applied ${applied.length} migrations.`);
  enterDatabase(server, server.mainDatabase);
  const seeded = await isSeeded();
  if (seeded === null) await seed();
  if (seeded === false)
    throw new InfrastructureError(
      `Seeding ${server.mainDatabase} was interrupted before: empty that database and start again.`,
    );
  await settleClock(environment().hasDemoClock);
  return url;
}

async function waitForWeb(url: string, signal: AbortSignal): Promise<boolean> {
  for (let tries = 0; tries < 240 && !signal.aborted; tries += 1) {
    const answer = await fetch(`${url}/api/health`).catch(() => null);
    if (answer?.ok) return true;
    await sleep(250);
  }
  return false;
}

function greet(): void {
  const { publicUrl, hasDemoClock } = environment();
  say(`\nKashi 卡时 is running at ${publicUrl}\n`);
  say(`  Demo sign-ins, password "${DEMO_PASSWORD}":`);
  for (const { organisation, people } of DEMO_CUSTOMERS) {
    for (const { email, role } of people) say(`    ${email.padEnd(26)} ${role.padEnd(8)} ${organisation}`);
  }
  for (const { email, roles } of DEMO_STAFF) say(`    ${email.padEnd(26)} ${roles.join(', ').padEnd(8)} staff`);
  say(
    hasDemoClock
      ? '\n  The demo clock stands still; staff move it at the top of their pages.'
      : '\n  Business time is real time; KASHI_DEMO_CLOCK=1 npm start lets staff run it faster.',
  );
  say('  Ctrl-C stops everything.\n');
}

/** What work answers, or null as soon as the signal comes: what it leaves half done, the next start does again. */
async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  const stopped = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  // When the database goes away under it, the work that nobody waits for fails.
  work.catch(() => {});
  return Promise.race([work, stopped]);
}

async function main(): Promise<number> {
  const { port, publicUrl, databaseUrl, hasDemoClock } = environment();
  if (!(await isPortFree(port))) {
    console.error(
      `Port ${port} on 127.0.0.1 is taken: stop what listens there, or choose another with PORT=3001 npm start.`,
    );
    return 1;
  }
  const signal = stopSignal();
  const server = await openCommandServer();
  try {
    const url = await unless(signal, prepareDatabase(server));
    if (url === null) return 0;
    await closeNotifications();
    await closeDatabase();
    if (signal.aborted) return 0;
    await buildWebIfNeeded(() => say('Building the pages (once per change)…'), signal);
    if (signal.aborted) return 0;
    const variables = {
      DATABASE_URL: url,
      PORT: `${port}`,
      KASHI_SECRET: await loadSecret(),
      KASHI_PUBLIC_URL: publicUrl,
      KASHI_DEMO_CLOCK: hasDemoClock ? '1' : '0',
      // Play money is for the embedded demo; on a database of one's own it must be asked for.
      KASHI_SANDBOX_PAYMENTS: process.env['KASHI_SANDBOX_PAYMENTS'] ?? (databaseUrl === null ? '1' : '0'),
      KASHI_LOG: process.env['KASHI_LOG'] ?? 'error',
      // 9464 is where Prometheus expects an exporter of OpenTelemetry; a second Kashi finds it taken and does without.
      KASHI_METRICS_PORT: process.env['KASHI_METRICS_PORT'] ?? '9464',
    };
    const running = supervise([engineService(variables), webService(variables)], signal, say);
    const keeping = keepDatabase(server.revive, signal, say);
    if (await waitForWeb(`http://127.0.0.1:${port}`, signal)) greet();
    await Promise.all([running, keeping]);
    return 0;
  } finally {
    await server.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof InfrastructureError ? error.message : error);
  return 1;
});
process.exit();
