// npm run e2e [-- playwright arguments]: browser tests against several Kashis of their own on the demo clock. Each takes
// the next file of tests when it is through with the last. With arguments, all that they choose run against one.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium } from '#lib/platform/chromium.ts';
import { freePort } from '#lib/platform/ports.ts';
import { startScript, stopChild, stopSignal } from '#lib/platform/process.ts';
import { buildWebIfNeeded } from '#lib/platform/web-build.ts';

const root = path.resolve(import.meta.dirname, '..');
/**
 * Tests of one market share its clock, so they run one after the other; markets run beside each other. Two of them keep
 * two cores busy most of the time, and leave each page the time that its test gives it.
 */
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

/** The files of tests, longest first, so that no market is left with a long one at the end. */
async function testFiles(): Promise<string[]> {
  const names = (await readdir(path.join(root, 'e2e'))).filter((name) => name.endsWith('.spec.ts'));
  const sized = names.map(async (name) => ({ name, bytes: (await stat(path.join(root, 'e2e', name))).size }));
  return (await Promise.all(sized)).sort((a, b) => b.bytes - a.bytes).map(({ name }) => path.join('e2e', name));
}

/** Runs Playwright once; true when nothing failed. `report` names what it leaves in the folder of results. */
async function runTests(report: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const cli = path.join(root, 'node_modules/@playwright/test/cli.js');
  const env = { ...environment, KASHI_E2E_REPORT: report };
  return (await exitCode(spawn(process.execPath, [cli, 'test', ...args], { cwd: root, stdio: 'inherit', env }))) === 0;
}

/**
 * Starts a market, runs tests against it, proves what they left behind, and takes everything away again. `nextRun` gives
 * the arguments of one run of tests after the other, until there is none left.
 */
async function runMarket(
  name: string,
  chromium: string,
  nextRun: () => readonly string[] | undefined,
): Promise<boolean> {
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
      KASHI_E2E_URL: url,
      KASHI_E2E_DATA_DIR: dataDir,
      KASHI_E2E_PID: `${kashi.pid}`,
      CHROMIUM_PATH: chromium,
      DATABASE_URL: await databaseUrl(dataDir),
    };
    let didPass = true;
    for (let run = 1, args = nextRun(); args !== undefined; run += 1, args = nextRun())
      didPass = (await runTests(`${name}-${run}`, args, environment)) && didPass;
    console.log(`\nWhat the journeys left behind in market ${name}:`);
    const proofs = await exitCode(startScript('bin/verify.ts', { DATABASE_URL: environment.DATABASE_URL }));
    return didPass && proofs === 0;
  } finally {
    await stopChild(kashi, 60);
    await rm(dataDir, { recursive: true, force: true });
  }
}

const args = process.argv.slice(2);
const chromium = await findChromium((what) => console.log(`Installing a browser: ${what}…`));
await buildWebIfNeeded(() => console.log('Building the pages…'), stopSignal());
const runs = args.length > 0 ? [args] : (await testFiles()).map((file) => [file]);
const names = Array.from({ length: Math.min(MARKETS, runs.length) }, (_, i) => `${i + 1}`);
const results = await Promise.all(names.map((name) => runMarket(name, chromium, () => runs.shift())));
process.exit(results.every(Boolean) ? 0 : 1);
