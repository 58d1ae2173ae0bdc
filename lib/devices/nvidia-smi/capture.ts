import { type Instant, toIso } from '#lib/core/instant.ts';
import { type DeviceDriver, DriverError, SAMPLE_FIELDS } from '../types.ts';
import { openNvidiaFleet } from './fleet.ts';
import { type Recording, recordingTools } from './recording.ts';
import type { NvidiaTools } from './tools.ts';

/**
 * Asks a server everything that can be read of it, and keeps what its tools printed. Changes nothing there. A question
 * that fails is kept with its failure; the capture goes on.
 */
export async function captureRecording(
  tools: NvidiaTools,
  clock: () => Instant,
  about: Pick<Recording, 'origin' | 'note'>,
): Promise<Recording> {
  const at = clock();
  const kept = recordingTools(tools);
  const nodes = [{ nodeId: 'server', tools: kept.tools }];
  const fleet = openNvidiaFleet({ nodes, clock, pause: () => Promise.resolve() });
  const driver = fleet.driver('server');
  await driver.init();
  await tryAll(driver);
  return { ...about, at: toIso(at), runs: newestRuns(kept.runs) };
}

async function tryAll(driver: DeviceDriver): Promise<void> {
  await attempt(driver.presence());
  await attempt(driver.topology());
  for (const card of (await attempt(driver.list())) ?? []) {
    const ref = { uuid: card.uuid };
    await attempt(driver.sample(ref, SAMPLE_FIELDS));
    await attempt(driver.processes(ref));
    await attempt(driver.links(ref));
  }
}

/** Every command once, as it was answered last. */
function newestRuns(runs: Recording['runs']): Recording['runs'] {
  return [...new Map(runs.map((run) => [[run.tool, ...run.args].join(' '), run])).values()];
}

async function attempt<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DriverError) return null;
    throw error;
  }
}
