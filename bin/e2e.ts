// npm run e2e [-- playwright arguments]: browser tests, each half of them against a Kashi of its own on the demo clock.
// With arguments, all that they choose run against one.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium } from '#lib/platform/chromium.ts';
import { freePort } from '#lib/platform/ports.ts';
import { startScript, stopChild, stopSignal } from '#lib/platform/process.ts';
import { buildWebIfNeeded } from '#lib/platform/web-build.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Tests of one market share its clock, so they run one after the other; markets run beside each other. */
const MARKETS = 2;

const exitCode = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));

/** The database that a Kashi runs on, for helpers of the tests that act beside the browser. */
async function databaseUrl(dataDir: string): Promise<string> {
  const password = (await readFile(path.join(dataDir, 'postgres-password'), 'utf8')).trim();
  const lines = (await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  return `postgresql://kashi:${password}@127.0.0.1:${lines[3]}/kashi`;
}

async function waitUntilUp(url: string, kashi: ChildProcess): Promise<boolean> {
  for (let tries = 0; tries < 1_200 && kashi.exitCode === null; tries += 1) {
    if ((await fetch(`${url}/api/health`).catch(() => null))?.ok) return true;
    await sleep(500);
  }
  return false;
}

/** Starts a market, runs tests against it, proves what they left behind, and takes everything away again. */
async function runMarket(name: string, chromium: string, args: readonly string[]): Promise<boolean> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'kashi-e2e-'));
  await chmod(dataDir, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const kashi = startScript(
    'bin/start.ts',
    {
      KASHI_DATA_DIR: dataDir,
      PORT: `${port}`,
      KASHI_PUBLIC_URL: url,
      KASHI_DEMO_CLOCK: '1',
      // Markets beside each other, and beside a Kashi that runs, share no port.
      KASHI_METRICS_PORT: '0',
      DATABASE_URL: '',
    },
    'ignore',
  );
  try {
    if (!(await waitUntilUp(url, kashi))) {
      console.error(`Kashi ${name} did not come up for the browser tests.`);
      return false;
    }
    const environment = {
      ...process.env,
      KASHI_E2E_NAME: name,
      KASHI_E2E_URL: url,
      KASHI_E2E_DATA_DIR: dataDir,
      KASHI_E2E_PID: `${kashi.pid}`,
      CHROMIUM_PATH: chromium,
      DATABASE_URL: await databaseUrl(dataDir),
    };
    const cli = path.join(root, 'node_modules/@playwright/test/cli.js');
    const tests = spawn(process.execPath, [cli, 'test', ...args], { cwd: root, stdio: 'inherit', env: environment });
    const status = await exitCode(tests);
    console.log(`\nWhat the journeys left behind in market ${name}:`);
    const proofs = await exitCode(startScript('bin/verify.ts', { DATABASE_URL: environment.DATABASE_URL }));
    return status === 0 && proofs === 0;
  } finally {
    await stopChild(kashi, 60);
    await rm(dataDir, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const chromium = await findChromium((what) => console.log(`Installing a browser: ${what}…`));
await buildWebIfNeeded(() => console.log('Building the pages…'), stopSignal());
const names = args.length > 0 ? ['1'] : Array.from({ length: MARKETS }, (_, i) => `${i + 1}`);
const results = await Promise.all(
  names.map((name) => runMarket(name, chromium, args.length > 0 ? args : [`--shard=${name}/${MARKETS}`])),
);
process.exit(results.every(Boolean) ? 0 : 1);
