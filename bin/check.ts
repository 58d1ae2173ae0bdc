// npm run check: types and lint.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const run = (tool: string, ...args: string[]): boolean =>
  spawnSync(path.join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: 'inherit' }).status === 0;

const ok = [run('tsc', '--noEmit', '-p', '.'), run('biome', 'check', '--error-on-warnings', '.')].every(Boolean);
process.exit(ok ? 0 : 1);
