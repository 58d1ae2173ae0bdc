// npm test: types, lint, unit, database, house and browser tests. Brings its own database and browser.
// `npm test -- unit` or `npm test -- browser` runs a part. The last line has the true totals.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');
const bin = (tool: string): string => path.join(root, 'node_modules/.bin', tool);
const flags = [
  '--conditions=react-server',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DeprecationWarning',
];

type Totals = { passed: number; failed: number };

function run(title: string, command: string, args: readonly string[]): boolean {
  console.log(`\n── ${title}`);
  return (
    spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, KASHI_LOG: 'error' } }).status === 0
  );
}

/** A check without a count of its own is one test. */
const asOne = (isOk: boolean): Totals => ({ passed: isOk ? 1 : 0, failed: isOk ? 0 : 1 });

function vitest(): Totals {
  const report = path.join(results, 'vitest.json');
  const isOk = run('unit, database and house tests', process.execPath, [
    bin('vitest'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) return asOne(false);
  const found = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
  };
  // A file that fails to load fails the run without a failed test.
  const failed = isOk ? found.numFailedTests : Math.max(1, found.numFailedTests);
  if (found.numPendingTests > 0)
    console.log(`${found.numPendingTests} tests were skipped: see above which data they need.`);
  return { passed: found.numPassedTests, failed };
}

function browser(): Totals {
  const isOk = run('browser tests', process.execPath, [...flags, path.join(root, 'bin/e2e.ts')]);
  const totals = { passed: 0, failed: 0 };
  for (const name of readdirSync(results).filter((each) => /^report-[\d-]+\.json$/.test(each))) {
    const { stats } = JSON.parse(readFileSync(path.join(results, name), 'utf8')) as {
      stats: { expected: number; unexpected: number; flaky: number };
    };
    totals.passed += stats.expected;
    totals.failed += stats.unexpected + stats.flaky;
  }
  // Proofs that do not hold, or a market that did not come up, fail the run without a failed test.
  return isOk ? totals : { ...totals, failed: Math.max(1, totals.failed) };
}

const wanted = process.argv[2];
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const totals: Totals[] = [];
if (wanted === undefined || wanted === 'unit') {
  totals.push(
    asOne(run('types', bin('tsc'), ['--noEmit', '-p', '.'])),
    asOne(run('lint', bin('biome'), ['check', '--error-on-warnings', '.'])),
    vitest(),
  );
}
if (wanted === undefined || wanted === 'browser') totals.push(browser());
const passed = totals.reduce((sum, total) => sum + total.passed, 0);
const failed = totals.reduce((sum, total) => sum + total.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
