import type { PluginDevice } from '../types.ts';
import type { ContainerDevices, PodResources } from './messages.ts';
import { toTopologyMessage } from './translate.ts';

/** Which devices a container holds. They stay its own whatever their health, until its pod is released. */
export type Assignment = {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly resourceName: string;
  readonly deviceIds: readonly string[];
};

export type ResourceDevices = ReadonlyMap<string, readonly PluginDevice[]>;

/** Healthy devices of a resource that nobody holds. */
export function freeDevices(devices: readonly PluginDevice[], assignments: readonly Assignment[]): string[] {
  const held = new Set(assignments.flatMap((assignment) => assignment.deviceIds));
  return devices.filter(({ id, health }) => health === 'Healthy' && !held.has(id)).map(({ id }) => id);
}

/**
 * `count` of the free ones: the preferred first, since a preference is a hint that may name fewer, others, or the same
 * twice. Null when there are not enough.
 */
export function chooseDevices(free: readonly string[], preferred: readonly string[], count: number): string[] | null {
  const wanted = preferred.filter((id) => free.includes(id));
  const chosen = [...new Set([...wanted, ...free])].slice(0, count);
  return chosen.length < count ? null : chosen;
}

/** Every pod with what its containers hold, in the order of allocation. */
export function podResources(assignments: readonly Assignment[], devices: ResourceDevices): PodResources[] {
  const pods = Map.groupBy(assignments, ({ namespace, pod }) => `${namespace}/${pod}`);
  return [...pods.values()].map((ofPod) => ({
    name: ofPod[0]?.pod ?? '',
    namespace: ofPod[0]?.namespace ?? '',
    containers: [...Map.groupBy(ofPod, ({ container }) => container)].map(([name, ofContainer]) => ({
      name,
      devices: ofContainer.flatMap(({ resourceName, deviceIds }) => {
        const known = devices.get(resourceName) ?? [];
        const held = deviceIds.map((id) => known.find((device) => device.id === id) ?? { id, numa: [] });
        return byTopology(resourceName, held);
      }),
    })),
  }));
}

/** Healthy devices, held or not. */
export function allocatable(devices: ResourceDevices): ContainerDevices[] {
  return [...devices].flatMap(([resourceName, all]) =>
    byTopology(
      resourceName,
      all.filter(({ health }) => health === 'Healthy'),
    ),
  );
}

/** One entry for each set of NUMA nodes, as a kubelet tells it. */
function byTopology(resourceName: string, devices: readonly Pick<PluginDevice, 'id' | 'numa'>[]): ContainerDevices[] {
  return [...Map.groupBy(devices, ({ numa }) => numa.join()).values()].map((near) => ({
    resource_name: resourceName,
    device_ids: near.map(({ id }) => id),
    topology: toTopologyMessage(near[0]?.numa ?? []),
  }));
}
