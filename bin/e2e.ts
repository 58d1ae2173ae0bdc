// npm run e2e [-- playwright arguments]: browser tests against a Kashi of their own, on the demo clock.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium } from '#lib/platform/chromium.ts';
import { freePort } from '#lib/platform/ports.ts';
import { startScript, stopChild } from '#lib/platform/process.ts';

const root = path.resolve(import.meta.dirname, '..');
const chromium = await findChromium((what) => console.log(`Installing a browser: ${what}…`));
const dataDir = await mkdtemp(path.join(tmpdir(), 'kashi-e2e-'));
await chmod(dataDir, 0o755);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const kashi = startScript('bin/start.ts', {
  KASHI_DATA_DIR: dataDir,
  PORT: `${port}`,
  KASHI_PUBLIC_URL: url,
  KASHI_DEMO_CLOCK: '1',
  DATABASE_URL: '',
});
let isGone = false;
kashi.once('exit', () => {
  isGone = true;
});

async function waitUntilUp(): Promise<boolean> {
  for (let tries = 0; tries < 1_200 && !isGone; tries += 1) {
    if ((await fetch(`${url}/api/health`).catch(() => null))?.ok) return true;
    await sleep(500);
  }
  return false;
}

/** The database that Kashi runs on, for helpers of the tests that act beside the browser. */
async function databaseUrl(): Promise<string> {
  const password = (await readFile(path.join(dataDir, 'postgres-password'), 'utf8')).trim();
  const lines = (await readFile(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  return `postgresql://kashi:${password}@127.0.0.1:${lines[3]}/kashi`;
}

const exitCode = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));

let code = 1;
if (await waitUntilUp()) {
  const environment = {
    ...process.env,
    KASHI_E2E_URL: url,
    KASHI_E2E_DATA_DIR: dataDir,
    KASHI_E2E_PID: `${kashi.pid}`,
    CHROMIUM_PATH: chromium,
    DATABASE_URL: await databaseUrl(),
  };
  const cli = path.join(root, 'node_modules/@playwright/test/cli.js');
  const tests = spawn(process.execPath, [cli, 'test', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  });
  code = await exitCode(tests);
  console.log('\nWhat the journeys left behind:');
  const proofs = await exitCode(startScript('bin/verify.ts', { DATABASE_URL: environment.DATABASE_URL }));
  if (proofs !== 0) code = 1;
} else console.error('Kashi did not come up for the browser tests.');
await stopChild(kashi, 60);
await rm(dataDir, { recursive: true, force: true });
process.exit(code);
