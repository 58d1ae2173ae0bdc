// Starts a script under the pinned Node.js, installing what is missing first. Plain JavaScript that Node 20 runs too.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const stampFile = path.join(modules, '.kashi-installed');

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function run(command, args, environment = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...environment },
  });
  if (done.status !== 0) {
    console.error(
      `\n"${command} ${args.join(' ')}" failed${done.error ? `: ${done.error.message}` : ''}. Nothing was started.`,
    );
    process.exit(1);
  }
}

/** The Node.js that the lockfile pins; on a system without such a package, the one that runs this, if it is new enough. */
function pinnedNode() {
  const pinned = path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(pinned)) return pinned;
  const [major] = process.versions.node.split('.').map(Number);
  if (major >= 24) return process.execPath;
  console.error(
    `Kashi needs Node.js 24 here: there is no package of it for ${process.platform}-${process.arch}, and this is ${process.version}.`,
  );
  process.exit(1);
}

/** True when npm notes that it has put everything of the lockfile there, as after an `npm ci` by hand. */
function isInstalledByHand() {
  const noteFile = path.join(modules, '.package-lock.json');
  if (!existsSync(noteFile)) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  const there = packagesOf(noteFile);
  return Object.entries(packagesOf(path.join(root, 'package-lock.json'))).every(
    ([name, { version, optional }]) =>
      name === '' || (there[name] ? there[name].version === version : optional === true),
  );
}

const lock = digest(['package-lock.json']);
const known = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').split('\n') : [];
if (known[0] !== lock && !isInstalledByHand()) {
  console.error('Installing packages (npm ci)…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
const models = readdirSync(path.join(root, 'prisma/models'))
  .sort()
  .map((name) => `prisma/models/${name}`);
const schema = digest(['prisma/schema.prisma', ...models]);
if (known[0] !== lock || known[1] !== schema || !existsSync(path.join(root, 'lib/platform/generated/client.ts'))) {
  // The schema engine that Prisma would download is not needed to generate; any existing file satisfies its check.
  run(pinnedNode(), [path.join(modules, 'prisma/build/index.js'), 'generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  mkdirSync(modules, { recursive: true });
  writeFileSync(stampFile, `${lock}\n${schema}\n`);
}

const [script, ...args] = process.argv.slice(2);
const flags = [
  '--conditions=react-server',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DeprecationWarning',
];
const child = spawn(pinnedNode(), [...flags, path.resolve(root, script), ...args], { cwd: root, stdio: 'inherit' });
// Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  if (signal) process.kill(process.pid, signal === 'SIGINT' ? 'SIGKILL' : signal);
  process.exit(code ?? 1);
});
