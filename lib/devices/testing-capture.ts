import { existsSync, readFileSync } from 'node:fs';
import { type CapturedCard, type NodeCapture, parseCapture, specOfCapture } from './capture.ts';
import { captureNode } from './capture-driver.ts';
import type { SimulatedNodeSpec } from './simulation.ts';
import type { DeviceDriver } from './types.ts';

const FOLDER = new URL('../../../shared/data/device/', import.meta.url);
const DETECTION = new URL('sample_thead_ppu_detect.json', FOLDER);
const TOPOLOGY = new URL('sample_thead_ppu_topology.json', FOLDER);

/** True where the recording of a real server does not lie beside the project; say so in the name of what is skipped. */
export const isRecordingAbsent = !existsSync(DETECTION) || !existsSync(TOPOLOGY);

/** Power is never still: a reading this near to the recorded one is the same. */
const POWER_TOLERANCE = 0.02;

export type RoundTrip = {
  readonly adapter: string;
  /** What the adapter does not carry; everything else must come back equal. */
  readonly lacks: readonly (keyof CapturedCard)[];
  /** A driver, ready to be asked, of a server simulated from the recording. */
  readonly open: (spec: SimulatedNodeSpec) => Promise<DeviceDriver>;
};

/**
 * Recording to server to adapter and back: what came back other than it went in, in words. Nothing: the round trip
 * holds. The paths between cards and the version of the driver are carried by every adapter.
 */
export async function differencesOf({ lacks, open }: RoundTrip, recorded: NodeCapture): Promise<string[]> {
  const again = await captureNode(await open(specOfCapture(recorded, 'recorded')));
  const differences = recorded.cards.flatMap((card, at) => {
    const keys = (Object.keys(card) as (keyof CapturedCard)[]).filter((key) => !lacks.includes(key));
    return keys.flatMap((key) => {
      const [before, after] = [card[key], again.cards[at]?.[key]];
      return isSame(key, before, after) ? [] : [`card ${at} ${key}: ${before} became ${after}`];
    });
  });
  if (again.cards.length !== recorded.cards.length) differences.push(`${again.cards.length} cards came back`);
  if (JSON.stringify(again.paths) !== JSON.stringify(recorded.paths)) differences.push('paths differ');
  if (again.driverVersion !== recorded.driverVersion) differences.push(`driver became ${again.driverVersion}`);
  return differences;
}

/** The recording that lies beside the project. */
export function recordedServer(): NodeCapture {
  const [detection, topology] = [DETECTION, TOPOLOGY].map((file): unknown => JSON.parse(readFileSync(file, 'utf8')));
  return parseCapture(detection, topology);
}

function isSame(key: keyof CapturedCard, before: unknown, after: unknown): boolean {
  if (key !== 'powerMw' || typeof before !== 'number' || typeof after !== 'number') return before === after;
  return Math.abs(after - before) <= POWER_TOLERANCE * before;
}
