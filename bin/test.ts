// npm test: types, lint, unit, database, house and browser tests. Brings its own database and browser.
// `npm test -- unit` or `npm test -- browser` runs a part. The last line has the true totals.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  type Outcome,
  type PlaywrightReport,
  playwrightOutcome,
  type VitestReport,
  vitestOutcome,
} from './test-reports.ts';

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');
const bin = (tool: string): string => path.join(root, 'node_modules/.bin', tool);
const flags = [
  '--conditions=react-server',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DeprecationWarning',
];

function run(title: string, command: string, args: readonly string[]): boolean {
  console.log(`\n── ${title}`);
  return (
    spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, KASHI_LOG: 'error' } }).status === 0
  );
}

/** A check without a count of its own is one test. */
const asOne = (name: string, isOk: boolean): Outcome => ({
  passed: isOk ? 1 : 0,
  failed: isOk ? 0 : 1,
  failures: isOk ? [] : [{ file: 'bin/test.ts', name, why: 'see above' }],
});

/** A run that ended badly without a failed test has failed all the same: what it was is above. */
const unlessEndedBadly = (name: string, isOk: boolean, outcome: Outcome): Outcome =>
  isOk || outcome.failed > 0
    ? outcome
    : { ...outcome, failed: 1, failures: [...outcome.failures, ...asOne(name, false).failures] };

function vitest(): Outcome {
  const title = 'unit, database and house tests';
  const report = path.join(results, 'vitest.json');
  const isOk = run(title, process.execPath, [
    bin('vitest'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) return asOne(title, false);
  const found = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  if (found.numPendingTests > 0)
    console.log(`${found.numPendingTests} tests were skipped: see above which data they need.`);
  return unlessEndedBadly(`${title}: a file or what ran beside it`, isOk, vitestOutcome(found));
}

function browser(): Outcome {
  const isOk = run('browser tests', process.execPath, [...flags, path.join(root, 'bin/e2e.ts')]);
  const outcomes = readdirSync(results)
    .filter((each) => /^report-[\d-]+\.json$/.test(each))
    .map((each) => playwrightOutcome(JSON.parse(readFileSync(path.join(results, each), 'utf8')) as PlaywrightReport));
  return unlessEndedBadly('browser tests: a market did not come up, or a proof does not hold', isOk, sumOf(outcomes));
}

const sumOf = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
  failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  failures: outcomes.flatMap(({ failures }) => failures),
});

const wanted = process.argv[2];
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const outcomes: Outcome[] = [];
if (wanted === undefined || wanted === 'unit') {
  outcomes.push(
    asOne('types', run('types', bin('tsc'), ['--noEmit', '-p', '.'])),
    asOne('lint', run('lint', bin('biome'), ['check', '--error-on-warnings', '.'])),
    vitest(),
  );
}
if (wanted === undefined || wanted === 'browser') outcomes.push(browser());
const { passed, failed, failures } = sumOf(outcomes);
for (const { file, name, why } of failures) console.log(`\nFAILED ${path.relative(root, file)}: ${name}\n${why}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
