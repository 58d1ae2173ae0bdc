import 'server-only';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '#lib/core/assert.ts';
import { stopChild } from './process.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STAMP = path.join(ROOT, '.next/KASHI_BUILD');
const STOP_SECONDS_MAX = 5;
/** What the pages are built from. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'next.config.ts',
  'proxy.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];

function* filesIn(target: string): Generator<string> {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    yield target;
    return;
  }
  for (const name of readdirSync(target).sort()) yield* filesIn(path.join(target, name));
}

/** The digest of everything that the pages are built from; tests do not count. */
function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesIn(path.join(ROOT, source))) {
      if (/\.test\.tsx?$|\.md$/.test(file)) continue;
      hash.update(path.relative(ROOT, file)).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** Runs Next's build; answers what it printed when it failed, null when it is done or was stopped. */
async function build(signal: AbortSignal): Promise<string | null> {
  const next = path.join(ROOT, 'node_modules/next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: ROOT,
    // Its own group: Ctrl-C reaches it only through us.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', NODE_OPTIONS: '' },
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => printed.push(text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop = (): void => void stopChild(child, STOP_SECONDS_MAX);
  signal.addEventListener('abort', stop, { once: true });
  const status = await ended;
  signal.removeEventListener('abort', stop);
  return status === 0 || signal.aborted ? null : printed.join('');
}

/**
 * Builds the pages unless they are built from exactly these sources. Throws one sentence when the build fails; a signal
 * ends it without.
 */
export async function buildWebIfNeeded(onBuild: () => void, signal: AbortSignal): Promise<void> {
  const digest = sourceDigest();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  onBuild();
  const failure = await build(signal);
  if (failure !== null) throw new InfrastructureError(`The pages could not be built:\n${failure}`);
  if (!signal.aborted) writeFileSync(STAMP, digest);
}
