import 'server-only';
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

/** Aborts when this process is asked to stop, or when the supervisor that started it is gone. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  // Whoever stops a whole group of processes reaches this one twice: by itself and through the one that started it.
  process.on('SIGTERM', stop);
  // Somebody who presses Ctrl-C once more does not want to wait.
  process.once('SIGINT', stop);
  // A child that was started with a channel to its parent does not outlive it.
  if (process.connected) process.once('disconnect', stop);
  return controller.signal;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const FLAGS = [
  '--conditions=react-server',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=DeprecationWarning',
];

/** Starts one of our own scripts as a child that ends with this process. `output` says where its standard output goes. */
export function startScript(
  script: string,
  variables: Readonly<Record<string, string>>,
  output: 'inherit' | 'ignore' = 'inherit',
): ChildProcess {
  return spawn(process.execPath, [...FLAGS, path.join(ROOT, script)], {
    cwd: ROOT,
    env: { ...process.env, ...variables },
    stdio: ['ignore', output, 'inherit', 'ipc'],
    // Its own group: Ctrl-C reaches it only through us, in the right order.
    detached: true,
  });
}

/** Asks a child to stop and waits; after `secondsMax` it is killed. */
export async function stopChild(child: ChildProcess, secondsMax: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), secondsMax * 1_000);
  await ended;
  clearTimeout(timer);
}
