import 'server-only';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { listen } from '#lib/platform/notifications.ts';
import { Engine, runEngine } from './engine.ts';
import type { FleetChoice } from './opening.ts';

/** How long an engine without work rests before it looks again; an announcement wakes it at once. */
const REST_MS = 200;

/** Runs an engine until `signal`: leads what is free, sleeps when there is nothing to do, gives its leases back. */
export async function serveEngine(choice: FleetChoice, signal: AbortSignal): Promise<void> {
  const engine = new Engine(`${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`, choice);
  let wakeUp: () => void = () => {};
  let isAwake = false;
  const wake = (what: 'commands' | 'catalog'): void => {
    engine.wake(what);
    isAwake = true;
    wakeUp();
  };
  signal.addEventListener('abort', () => wakeUp(), { once: true });
  const stopListening = [
    listen('kashi_command', () => wake('commands')),
    listen('kashi_change', (what) => {
      if (what === 'catalog') wake('catalog');
      if (what === 'clock') wake('commands');
    }),
  ];
  const rest = async (): Promise<void> => {
    if (!isAwake) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, REST_MS);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    isAwake = false;
    // Announcements can be lost while the listener reconnects; looking is cheap.
    engine.wake('commands');
  };
  await runEngine(engine, rest, signal);
  for (const stop of stopListening) stop();
  await engine.close();
}
