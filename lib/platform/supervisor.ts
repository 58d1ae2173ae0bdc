import 'server-only';
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './clock.ts';
import { errorText } from './log.ts';
import { startScript, stopChild } from './process.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A process that is to run for as long as the supervisor does. */
export type Service = { readonly name: string; readonly start: () => ChildProcess };

/** A service that keeps dying right after its start is started again ever later, at most this much. */
const PAUSE_MS_MAX = 10_000;
const STABLE_MS = 30_000;
const STOP_SECONDS_MAX = 15;
const LOOK_EVERY_MS = 1_000;

/** The engine as a child of this process. */
export function engineService(variables: Readonly<Record<string, string>>): Service {
  return { name: 'engine', start: () => startScript('bin/engine.ts', variables) };
}

/** The pages as a child of this process; without the engine's module conditions, which React's server build must not see. */
export function webService(variables: Readonly<Record<string, string>>): Service {
  const options = {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'] as ('ignore' | 'inherit' | 'ipc')[],
  };
  return {
    name: 'web',
    start: () =>
      spawn(process.execPath, ['--disable-warning=DeprecationWarning', path.join(ROOT, 'bin/serve.mjs')], {
        ...options,
        env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...variables },
      }),
  };
}

async function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`)));
}

async function keepAlive(service: Service, signal: AbortSignal, onEvent: (line: string) => void): Promise<void> {
  let pauseMs = 250;
  while (!signal.aborted) {
    const startedMs = monotonicMs();
    const child = service.start();
    const stop = (): void => void stopChild(child, STOP_SECONDS_MAX);
    signal.addEventListener('abort', stop, { once: true });
    const how = await ended(child);
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return;
    pauseMs = monotonicMs() - startedMs > STABLE_MS ? 250 : Math.min(pauseMs * 2, PAUSE_MS_MAX);
    onEvent(`${service.name} ended (${how}); it is started again`);
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
  }
}

/**
 * Looks after a database server of ours until `signal`: `revive` starts it again where it is gone. What is connected to it finds it
 * again by itself.
 */
export async function keepDatabase(
  revive: () => Promise<boolean>,
  signal: AbortSignal,
  onEvent: (line: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      if (await revive()) onEvent('database ended; it was started again');
    } catch (error) {
      // Its last sessions may still be there: the next look tries again.
      onEvent(errorText(error));
    }
  }
}

/** Keeps services running until `signal`, then stops all of them and returns when the last is gone. */
export async function supervise(
  services: readonly Service[],
  signal: AbortSignal,
  onEvent: (line: string) => void,
): Promise<void> {
  await Promise.all(services.map((service) => keepAlive(service, signal, onEvent)));
}
