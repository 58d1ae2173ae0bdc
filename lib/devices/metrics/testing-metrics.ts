import { at, openTestFleet, withOverrides } from '../testing.ts';
import { WATCHED_EVENTS } from '../node-watch.ts';
import type { DeviceDriver } from '../types.ts';
import { FleetWatch } from '../watch.ts';
import { Collector } from './collector.ts';
import { EventTally } from './event-tally.ts';
import { FleetReader, type Patience } from './fleet-reader.ts';
import { renderSnapshot } from './render.ts';
import { type ParsedFamily, parseExposition } from './testing-exposition.ts';
import type { MetricFleet } from './types.ts';

/** A small fleet, watched and measured, whose drivers may be changed as metrics see them. */
export async function openTestMetrics(
  options: {
    readonly nodes?: number;
    readonly modelId?: string;
    readonly change?: (nodeId: string, driver: DeviceDriver) => Partial<DeviceDriver>;
    readonly patience?: Patience;
  } = {},
) {
  const { nodes = 1, modelId = 'zw810e', change = () => ({}), patience } = options;
  const fleet = openTestFleet({ nodes, modelId });
  const events = new EventTally([...WATCHED_EVENTS, 'overflow']);
  const drivers = new Map(fleet.world.nodeIds.map((nodeId) => [nodeId, fleet.world.driver(nodeId)]));
  const watch = new FleetWatch(drivers, (event) => events.hear(event));
  const metricFleet: MetricFleet = {
    siteId: 'sit_test',
    poolId: `pol_test-${modelId}`,
    modelId,
    servers: fleet.specs.map(({ nodeId, cards }) => {
      const driver = drivers.get(nodeId) ?? fleet.world.driver(nodeId);
      return {
        serverId: nodeId,
        hostname: `${nodeId}.test`,
        supernodeId: 'plc_test-s01',
        driver: withOverrides(driver, change(nodeId, driver)),
        cards: cards.map(({ uuid, slot }) => ({ uuid, cardId: `crd_${nodeId}-c${slot}` })),
      };
    }),
    health: watch,
    events,
    clock: () => at('2026-11-21T06:00:00Z'),
  };
  const reader = new FleetReader(metricFleet);
  const collector = new Collector(
    () => [reader],
    () => 0,
    patience === undefined ? {} : { patience },
  );
  await watch.settled();
  const text = async (): Promise<string> => [...renderSnapshot(await collector.collect())].join('');
  return { ...fleet, watch, events, reader, collector, text, scrape: async () => parseExposition(await text()) };
}

/** The value of the one series of a family that has all these labels; null when there is none. */
export function figureOf(
  families: ReadonlyMap<string, ParsedFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const wanted = Object.entries(labels);
  const found = (families.get(name)?.series ?? []).filter((series) =>
    wanted.every(([label, value]) => series.labels[label] === value),
  );
  if (found.length > 1) throw new Error(`${name} has ${found.length} series with ${JSON.stringify(labels)}`);
  return found[0]?.value ?? null;
}
