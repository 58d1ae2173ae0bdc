import 'server-only';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Collector } from '#lib/devices/metrics/collector.ts';
import path from 'node:path';
import { monotonicMs } from '#lib/platform/clock.ts';
import { environment } from '#lib/platform/environment.ts';
import { listen } from '#lib/platform/notifications.ts';
import { Engine, runEngine, type Wake } from './engine.ts';
import { type MetricsPlace, serveMetrics } from './metrics-server.ts';
import type { FleetChoice } from './opening.ts';
import { ToolDoor } from './tool-door.ts';

/** How long an engine without work rests before it looks at the clock again; an announcement wakes it at once. */
const REST_MS = 200;
/** Announcements can be lost while the listener reconnects, so now and then it looks at everything but the catalog, which is read again then. */
const LOOK_EVERY_MS = 1_000;

const WAKES: Readonly<Record<string, Wake>> = { commands: 'commands', workloads: 'workloads', devices: 'devices' };

/**
 * Runs an engine until `signal`: leads what is free, sleeps when there is nothing to do, gives its leases back. Serves
 * metrics of the pools it leads where it is told to, or nowhere.
 */
export async function serveEngine(
  choice: FleetChoice,
  metrics: MetricsPlace | null,
  signal: AbortSignal,
): Promise<void> {
  const engine = new Engine(`${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`, choice);
  const collector = new Collector(() => engine.pools.map((pool) => pool.devices.metrics), monotonicMs, {
    poolsInTrouble: () => engine.poolsInTrouble,
  });
  const metricsServer = metrics && (await serveMetrics(metrics, collector));
  const door = new ToolDoor(() => engine.tools, path.join(environment().dataDir, 'devices.sock'));
  let wakeUp: () => void = () => {};
  let isAwake = false;
  const wake = (what: Wake | null): void => {
    if (what) engine.wake(what);
    isAwake = true;
    wakeUp();
  };
  signal.addEventListener('abort', () => wakeUp(), { once: true });
  const stopListening = [
    listen('kashi_command', (what) => wake(WAKES[what] ?? 'everything')),
    listen(
      'kashi_change',
      (what) => {
        if (what === 'catalog') wake('catalog');
        if (what === 'clock') wake(null);
      },
      () => wake('catalog'),
    ),
  ];
  const rest = async (): Promise<void> => {
    if (!isAwake && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, REST_MS);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    isAwake = false;
  };
  const looking = setInterval(() => {
    engine.wake('everything');
    if (engine.pools.length > 0) void door.open();
  }, LOOK_EVERY_MS);
  await runEngine(engine, rest, signal);
  clearInterval(looking);
  for (const stop of stopListening) stop();
  await metricsServer?.close();
  await door.close();
  await engine.close();
}
