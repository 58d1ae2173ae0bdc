import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as setTimer } from 'node:timers/promises';
import { DriverCode, DriverError } from '../types.ts';

/** What a tool did. The status alone proves nothing: management tools fail with 0 and say why in their text. */
export type ToolResult = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

export type ToolRunOptions = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

/** A vendor's command line tool, wherever it runs: here, behind a remote shell, or in a simulated server. */
export interface ToolCommand {
  /** Runs to the end. Rejects `TIMEOUT` when out of time or aborted, `UNKNOWN` when it cannot run or prints too much. */
  run(args: readonly string[], options: ToolRunOptions): Promise<ToolResult>;
  /** The lines of a run that goes on until it is aborted. Rejects `UNKNOWN` when the tool ends by itself. */
  follow(args: readonly string[], signal: AbortSignal): AsyncIterable<string>;
}

const OUTPUT_BYTES_MAX = 16 * 1_048_576;
/** How long a tool may take to go after it was asked to, before it is killed. */
const GRACE_MS = 200;

/** A tool that runs as a process of its own: the program, and the arguments that come before ours. */
export function processCommand(program: string, firstArgs: readonly string[] = []): ToolCommand {
  return {
    run: (args, options) => runProcess(program, [...firstArgs, ...args], options),
    follow: (args, signal) => followProcess(program, [...firstArgs, ...args], signal),
  };
}

function runProcess(program: string, args: readonly string[], options: ToolRunOptions): Promise<ToolResult> {
  const op = args.join(' ');
  const { promise, resolve, reject } = Promise.withResolvers<ToolResult>();
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const stop = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  if (stop.aborted) return Promise.reject(new DriverError(DriverCode.TIMEOUT, op));

  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  const end = (code: DriverCode): void => {
    reject(new DriverError(code, op));
    // A tool that hangs in its driver may not even die: nobody waits for it.
    child.kill('SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  };
  const onStop = (): void => end(DriverCode.TIMEOUT);
  stop.addEventListener('abort', onStop, { once: true });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      if (output[name].length > OUTPUT_BYTES_MAX) end(DriverCode.UNKNOWN);
    });
  }
  child.once('error', () => end(DriverCode.UNKNOWN));
  child.once('close', (exitCode) => resolve({ ...output, exitCode: exitCode ?? -1 }));
  return promise.finally(() => stop.removeEventListener('abort', onStop));
}

async function* followProcess(program: string, args: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  if (signal.aborted) return;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const lines = createInterface({ input: child.stdout });
  const stop = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    lines.close();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* lines;
    if (!signal.aborted) throw new DriverError(DriverCode.UNKNOWN, args.join(' '));
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    // Some tools refuse to work while another of them runs, so one that was let go is gone, as far as it can be ended.
    await Promise.race([gone, setTimer(2 * GRACE_MS, undefined, { ref: false })]);
  }
}
