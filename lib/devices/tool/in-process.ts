import { DriverCode, DriverError } from '../types.ts';
import type { ToolCommand, ToolResult, ToolRunOptions } from './command.ts';
import type { ToolProgram, ToolRun } from './program.ts';

/** A simulated tool as a command, without a process between: for adapters over the simulator, and for tests. */
export function programCommand(program: ToolProgram): ToolCommand {
  return {
    run: (args, options) => runProgram(program, args, options),
    follow: (args, signal) => followProgram(program, args, signal),
  };
}

async function runProgram(
  program: ToolProgram,
  args: readonly string[],
  { timeoutMs, signal }: ToolRunOptions,
): Promise<ToolResult> {
  const deadline = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline;
  const late = new DriverError(DriverCode.TIMEOUT, args.join(' '));
  if (stop.aborted) throw late;
  const gaveUp = Promise.withResolvers<never>();
  const onStop = (): void => gaveUp.reject(late);
  stop.addEventListener('abort', onStop, { once: true });
  try {
    return await Promise.race([collect(program(args, stop)), gaveUp.promise]);
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}

async function collect(run: ToolRun): Promise<ToolResult> {
  const output = { stdout: '', stderr: '' };
  for (;;) {
    const step = await run.next();
    if (step.done) return { ...output, exitCode: step.value };
    output[step.value.to] += step.value.text;
  }
}

async function* followProgram(
  program: ToolProgram,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  if (signal.aborted) return;
  const ending = new AbortController();
  const run = program(args, AbortSignal.any([signal, ending.signal]));
  let unfinished = '';
  try {
    for (;;) {
      const step = await run.next();
      if (signal.aborted) return;
      if (step.done) throw new DriverError(DriverCode.UNKNOWN, args.join(' '));
      if (step.value.to === 'stderr') continue;
      const lines = (unfinished + step.value.text).split('\n');
      unfinished = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    ending.abort();
  }
}
