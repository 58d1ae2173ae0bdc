import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readTrace } from './trace.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FLAGS = [
  '--conditions=react-server',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DeprecationWarning',
];
const PRICE_E10 = 125_000_000_000n;

async function setup(
  lines: readonly string[],
): Promise<{ trace: string; environment: NodeJS.ProcessEnv; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kashi-replay-'));
  await chmod(folder, 0o755);
  const trace = path.join(folder, 'trace.csv');
  await writeFile(trace, ['job_id,user,tenant,submit_time,num_chips,duration_s', ...lines].join('\n'));
  const environment = {
    ...process.env,
    KASHI_DATA_DIR: path.join(folder, 'data'),
    DATABASE_URL: '',
    KASHI_LOG: 'error',
  };
  return { trace, environment, remove: () => rm(folder, { recursive: true, force: true }) };
}

test('a trace is fed through everything, exactly, although its engine is killed in the middle', {
  timeout: 240_000,
}, async () => {
  const { trace, environment, remove } = await setup([
    'a,u1,t1,60000000,16,5000',
    'b,u2,t1,61000000,3,24.0',
    'c,u1,t2,3600000000,64,7201',
    'd,u3,t2,5400000000,9,86400',
    'bad,u3,t2,5400000000,1.5,86400',
    'e,u1,t1,90000000000,70,60',
    'f,u1,t1,90000000000,1,1',
  ]);
  try {
    const replay = spawn(
      process.execPath,
      [...FLAGS, 'bin/replay.ts', trace, '--price', '12.5', '--cards', '100', '--json'],
      { cwd: ROOT, env: environment },
    );
    let [output, progress, kills] = ['', '', 0];
    replay.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    replay.stderr.on('data', (chunk: Buffer) => {
      progress += chunk;
      const pids = [...progress.matchAll(/engine started \(pid (\d+)\)/g)].map((match) =>
        Number.parseInt(match[1] ?? '', 10),
      );
      const pid = pids[kills];
      // Twice, once while jobs are still coming.
      if (pid !== undefined && kills < 2) {
        kills += 1;
        setTimeout(() => process.kill(pid, 'SIGKILL'), 3_000);
      }
    });
    const code = await new Promise((resolve) => replay.once('exit', resolve));
    expect(code, progress).toBe(0);
    const result = JSON.parse(output);
    const jobs = readTrace(await readFile(trace, 'utf8')).jobs;
    const seconds = jobs.reduce((sum, job) => sum + job.cards * job.durationSeconds, 0);
    const units = jobs.reduce(
      (sum, job) => sum + BigInt(job.cards) * ((PRICE_E10 * BigInt(job.durationSeconds)) / 3_600n / 100n),
      0n,
    );
    expect(kills).toBe(2);
    expect(result).toMatchObject({
      jobs: 7,
      accepted: 6,
      refused: { badLine: 1 },
      cardSecondsUsed: seconds,
      chargedUnits: `${units}`,
      overlaps: 0,
      unbalancedJournals: 0,
      unaccountedCardSeconds: 0,
    });
    expect(BigInt(result.invoicedFen) * 1_000_000n + BigInt(result.roundingUnits)).toBe(units);
    const verified = await promisify(execFile)(process.execPath, [...FLAGS, 'bin/verify.ts', '--json'], {
      cwd: ROOT,
      env: environment,
    });
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, databases: { kashi_replay: { ok: true } } });
  } finally {
    await remove();
  }
});

const HELIOS = path.join(ROOT, '../shared/data/traces/helios_venus_2vc_sept.csv');
test.skipIf(!existsSync(HELIOS))(
  'the Helios slice reads whole (skipped loudly where ../shared is absent)',
  async () => {
    const { jobs, badLines } = readTrace(await readFile(HELIOS, 'utf8'));
    expect(badLines).toEqual([]);
    expect(jobs).toHaveLength(1_867);
    expect(jobs.reduce((sum, job) => sum + job.cards * job.durationSeconds, 0)).toBe(425_944_113);
  },
);
