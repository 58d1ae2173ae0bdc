import 'server-only';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '#lib/core/assert.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STAMP = path.join(ROOT, '.next/KASHI_BUILD');
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

/** Builds the pages unless they are built from exactly these sources. Throws one sentence when the build fails. */
export function buildWebIfNeeded(onBuild: () => void): void {
  const digest = sourceDigest();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  onBuild();
  const next = path.join(ROOT, 'node_modules/next/dist/bin/next');
  const environment = {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production' as const,
    NODE_OPTIONS: '',
  };
  const built = spawnSync(process.execPath, [next, 'build'], { cwd: ROOT, env: environment, encoding: 'utf8' });
  if (built.status !== 0)
    throw new InfrastructureError(`The pages could not be built:\n${built.stdout}${built.stderr}`);
  writeFileSync(STAMP, digest);
}
