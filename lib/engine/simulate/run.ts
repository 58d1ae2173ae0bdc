import type { Instant } from '#lib/core/instant.ts';
import { drawScript } from './draw.ts';
import { finalViolationsOf, type Violation, violationsOf } from './invariants.ts';
import { STARTS_AT } from './market.ts';
import { MemoryWorld } from './memory-world.ts';
import { PARTS, type Parts } from './parts.ts';
import { sightOf } from './sight.ts';
import type { Script } from './steps.ts';

/** What became of a run. */
export type Outcome = {
  readonly violations: readonly Violation[];
  /** Steps that were done; the last one is where it broke. */
  readonly steps: number;
  readonly rounds: number;
  readonly commands: number;
  readonly accepted: number;
  readonly simulatedMs: number;
};

export type RunOptions = {
  readonly parts?: Parts;
  /** Hears of each step what the log shows. */
  readonly onStep?: (step: number, world: MemoryWorld) => void;
};

/** A fault that reaches the outside is the core's: the leader's loop lets nothing else through. */
function guarded(work: () => void): Violation[] {
  try {
    work();
    return [];
  } catch (error) {
    return [{ invariant: 'coreHolds', what: error instanceof Error ? error.message : `${error}` }];
  }
}

/** Does the steps of a script in memory until something does not hold, or to the end. */
export function runScript(script: Script, { parts = PARTS, onStep }: RunOptions = {}): Outcome {
  const world = new MemoryWorld(script.market, parts);
  let violations: Violation[] = [];
  let steps = 0;
  let rounds = 0;
  for (const step of script.steps) {
    violations = guarded(() => world.do(step));
    steps += 1;
    rounds += world.attempts.length;
    violations.push(...violationsOf(sightOf(world)));
    onStep?.(steps, world);
    if (violations.length > 0) break;
  }
  if (violations.length === 0) {
    violations = guarded(() => world.do({ do: 'advance', seconds: 1, isPaced: false }));
    violations.push(...violationsOf(sightOf(world)), ...finalViolationsOf(sightOf(world)));
  }
  const answered = [...world.committed.rows.commands.values()].filter(({ key }) => key !== '');
  return {
    violations,
    steps,
    rounds,
    commands: answered.length,
    accepted: answered.filter(({ answers }) => answers[0]?.ok).length,
    simulatedMs: world.now - (STARTS_AT satisfies Instant),
  };
}

/** The run of a seed. */
export function runSeed(seed: number, stepCount: number, options: RunOptions = {}): Outcome {
  return runScript(drawScript(seed, stepCount), options);
}

/**
 * The shortest script found that still breaks the same invariant: what comes after the break is cut off, then parts of
 * what is left are left out, half of it first, single steps last.
 */
export function shrink(script: Script, violation: Violation, parts: Parts = PARTS): Script {
  const breaks = (steps: Script['steps']): number | null => {
    const outcome = runScript({ ...script, steps }, { parts });
    return outcome.violations.some(({ invariant }) => invariant === violation.invariant) ? outcome.steps : null;
  };
  let steps = script.steps.slice(0, breaks(script.steps) ?? script.steps.length);
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < steps.length; ) {
      const without = [...steps.slice(0, from), ...steps.slice(from + size)];
      const at = breaks(without);
      if (at === null) from += size;
      else steps = without.slice(0, at);
    }
  }
  return { ...script, steps };
}
