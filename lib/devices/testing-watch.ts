import { toIso } from '#lib/core/instant.ts';
import { at, openTestFleet, type TestFleet, withOverrides } from './testing.ts';
import type { DeviceDriver } from './types.ts';
import { FleetWatch } from './watch.ts';
import type { HealthChange } from './watched-cards.ts';

/** `03 unhealthy/device_lost/no work since 06:10:00.000`, with the slot for the uuid. */
function tell(fleet: TestFleet, changes: readonly HealthChange[]): string[] {
  const slotOf = new Map(fleet.specs.flatMap(({ cards }) => cards.map(({ uuid, slot }) => [uuid, slot] as const)));
  return changes.map(({ uuid, verdict, since }) => {
    const slot = String(slotOf.get(uuid)).padStart(2, '0');
    const work = verdict.takesNewWork ? 'work' : 'no work';
    return `${slot} ${verdict.health}/${verdict.reason}/${work} since ${toIso(since).slice(11, 23)}`;
  });
}

/** A watch over a small fleet, whose drivers may be changed. */
export async function openTestWatch(
  options: { nodes?: number; modelId?: string; change?: (driver: DeviceDriver) => Partial<DeviceDriver> } = {},
) {
  const { change = () => ({}), ...rest } = options;
  const fleet = openTestFleet(rest);
  const drivers = fleet.world.nodeIds.map((nodeId) => {
    const driver = fleet.world.driver(nodeId);
    return [nodeId, withOverrides(driver, change(driver))] as const;
  });
  const watch = new FleetWatch(new Map(drivers));
  const settle = async (): Promise<string[]> => {
    await watch.settled();
    return tell(fleet, watch.take());
  };
  return {
    ...fleet,
    watch,
    settle,
    injectAt: (kind: 'lost' | 'kill_overtime', slot: number, when: string) =>
      fleet.world.injector.inject({ target: { uuid: fleet.uuid(slot) }, kind, at: at(when) }),
  };
}
