/** What a command does on a simulated host, where there is no shell: how long it works and with what code it ends. */
export type ScriptPlan = { readonly runSeconds: number; readonly exitCode: number };

/** Where a command says nothing about its length, it works for this part of its walltime. */
const DEFAULT_WALLTIME_PERCENT = 60;

/**
 * Reads a command for the simulator: `sleep N` works N seconds, `exit N` ends with that code, anything else works for
 * six tenths of its walltime and ends with 0. A command that would outlast its walltime is stopped there by the engine.
 */
export function planScript(command: string, walltimeSeconds: number): ScriptPlan {
  const sleeps = [...command.matchAll(/(?:^|[\s;&|])sleep\s+(\d{1,9})\b/g)].map((match) =>
    Number.parseInt(match[1] ?? '0', 10),
  );
  const exit = /(?:^|[\s;&|])exit\s+(\d{1,3})\b/.exec(command);
  const runSeconds =
    sleeps.length > 0
      ? sleeps.reduce((a, b) => a + b, 0)
      : Math.ceil((walltimeSeconds * DEFAULT_WALLTIME_PERCENT) / 100);
  return { runSeconds, exitCode: exit ? Number.parseInt(exit[1] ?? '0', 10) : 0 };
}
