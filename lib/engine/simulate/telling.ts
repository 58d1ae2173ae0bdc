import { toIso } from '#lib/core/instant.ts';
import type { Violation } from './invariants.ts';
import type { MemoryWorld } from './memory-world.ts';
import { printScript, type Script, type Step } from './steps.ts';

/** What a step led to, one line a round: comments of a log that can be read back as a script. */
export function tellStep(step: Step | undefined, world: MemoryWorld): string {
  const lines = world.attempts.map(({ now, epoch, outcome, decided, error }) => {
    const answers = (decided?.entries ?? []).map(({ command, payload, answer }) => {
      const who = command === null ? '' : `${command.id} `;
      return `${who}${payload.kind}${answer.ok ? '' : ` refused: ${answer.refusal.code}`}`;
    });
    const changes = Map.groupBy(decided?.changes ?? [], ({ kind }) => kind);
    const counts = [...changes].map(([kind, list]) => `${list.length} ${kind}`);
    const end = outcome === 'committed' ? '' : ` [${outcome}: ${error}]`;
    return `#   ${toIso(now)} epoch ${epoch}: ${answers.join('; ') || 'nothing'} → ${counts.join(', ') || 'no change'}${end}`;
  });
  return [step === undefined ? '' : JSON.stringify(step), ...lines].filter((line) => line !== '').join('\n');
}

/** A script that breaks, as text that `--replay` reads back. */
export function tellBroken(seed: number, script: Script, violations: readonly Violation[]): string {
  const what = violations.map(({ invariant, what: how }) => `# ${invariant}: ${how.replaceAll('\n', ' ')}\n`);
  return `# seed ${seed} breaks, cut down to ${script.steps.length} steps\n${what.join('')}${printScript(script)}`;
}
