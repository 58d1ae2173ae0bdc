// npm run simulate -- --seeds 1..1000: simulated markets, proven after every step. Exit code 0: everything held.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { drawScript } from '#lib/engine/simulate/draw.ts';
import { MUST_HOLD } from '#lib/engine/simulate/invariants.ts';
import { type Outcome, runScript, shrink } from '#lib/engine/simulate/run.ts';
import { readScript, type Script } from '#lib/engine/simulate/steps.ts';
import { tellBroken, tellStep } from '#lib/engine/simulate/telling.ts';
import { readWhole, roundedTo, UsageError } from './bench/command-line.ts';

const USAGE = `npm run simulate -- [--seeds 1..1000 | --seed N | --replay FILE] [--steps 80] [--on memory|postgres] [--log] [--json]`;
const SEED_BOUNDS = { min: 0, max: 999_999_999 };
const DAY_MS = 86_400_000;

type Flags = { seeds: string; seed?: string; replay?: string; steps: string; on: string; log: boolean; json: boolean };

function readFlags(): Flags {
  const options = {
    seeds: { type: 'string', default: '1..100' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    steps: { type: 'string', default: '80' },
    on: { type: 'string', default: 'memory' },
    log: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function seedsOf({ seeds, seed }: Flags): number[] {
  if (seed !== undefined) return [readWhole(seed, '--seed', SEED_BOUNDS)];
  const [first = '', last = first] = seeds.split('..');
  const from = readWhole(first, '--seeds', SEED_BOUNDS);
  const to = readWhole(last, '--seeds', { ...SEED_BOUNDS, min: from });
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

async function scriptOf(flags: Flags, seed: number): Promise<Script> {
  if (flags.replay === undefined) return drawScript(seed, readWhole(flags.steps, '--steps', { min: 1, max: 100_000 }));
  const text = await readFile(flags.replay, 'utf8').catch(() => {
    throw new UsageError(`${flags.replay} cannot be read.`);
  });
  try {
    return readScript(text);
  } catch {
    throw new UsageError(`${flags.replay} is no script: a market, then one step a line, as a failing seed prints it.`);
  }
}

type Runner = {
  readonly run: (script: Script, seed: number) => Promise<Outcome>;
  readonly close: () => Promise<void>;
};

function inMemory(isLogged: boolean): Runner {
  return {
    run: async (script) => {
      if (isLogged) console.log(JSON.stringify(script.market));
      const onStep = (count: number, world: Parameters<typeof tellStep>[1]): void =>
        console.log(tellStep(script.steps[count - 1], world));
      return runScript(script, isLogged ? { onStep } : {});
    },
    close: async () => {},
  };
}

async function runnerOf({ on, log }: Flags): Promise<Runner> {
  if (on === 'memory') return inMemory(log);
  if (on === 'postgres') return (await import('#lib/engine/simulate/postgres-run.ts')).onPostgres();
  throw new UsageError(`--on is memory or postgres, not "${on}".`);
}

function tellFailure(flags: Flags, seed: number, script: Script, { violations }: Outcome): string {
  const [first] = violations;
  // On PostgreSQL every try costs seconds: the script is cut where it broke, and no further.
  const short = first && flags.on === 'memory' ? shrink(script, first) : script;
  return tellBroken(seed, short, violations);
}

async function main(): Promise<number> {
  const flags = readFlags();
  const seeds = flags.replay === undefined ? seedsOf(flags) : [0];
  const runner = await runnerOf(flags);
  const startedMs = performance.now();
  const sums = { steps: 0, rounds: 0, commands: 0, accepted: 0, simulatedMs: 0 };
  const failures: { readonly seed: number; readonly violations: Outcome['violations']; readonly script: string }[] = [];
  for (const seed of seeds) {
    const script = await scriptOf(flags, seed);
    const outcome = await runner.run(script, seed);
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += outcome[name];
    if (outcome.violations.length === 0) continue;
    const { violations, steps } = outcome;
    const text = tellFailure(flags, seed, { ...script, steps: script.steps.slice(0, steps) }, outcome);
    failures.push({ seed, violations, script: text });
    if (!flags.json) console.log(text);
  }
  const wallSeconds = roundedTo((performance.now() - startedMs) / 1_000, 1);
  await runner.close();
  const { simulatedMs, ...counts } = sums;
  const report = {
    on: flags.on,
    seeds: seeds.length,
    violations: failures.length,
    ...counts,
    simulatedDays: roundedTo(simulatedMs / DAY_MS, 1),
    wallSeconds,
    simulatedToWall: Math.round(simulatedMs / 1_000 / wallSeconds),
    invariants: flags.on === 'postgres' ? MUST_HOLD.postgres : MUST_HOLD.memory,
    failures,
  };
  if (flags.json) console.log(JSON.stringify(report));
  else {
    console.log(
      `${report.seeds} seeds on ${report.on}, ${report.steps} steps, ${report.rounds} rounds, ${report.commands} commands (${report.accepted} accepted), ${report.invariants} invariants`,
    );
    console.log(
      `${report.simulatedDays} days simulated in ${report.wallSeconds} s (${report.simulatedToWall} times as fast as life)`,
    );
    console.log(failures.length === 0 ? 'Everything held: 0 violations.' : `${failures.length} seeds broke something.`);
  }
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n  ${USAGE}`);
  process.exit(2);
}
