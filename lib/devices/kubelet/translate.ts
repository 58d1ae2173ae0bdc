import {
  DriverCode,
  DriverError,
  type PluginAllocation,
  type PluginDevice,
  type PluginOptions,
  type PreferredRequest,
} from '../types.ts';
import type {
  ContainerAllocateResponse,
  DeviceMessage,
  DevicePluginOptionsMessage,
  PreferredAllocationRequest,
  TopologyMessage,
} from './messages.ts';

export function toOptionsMessage(options: PluginOptions): DevicePluginOptionsMessage {
  return {
    pre_start_required: options.preStartRequired,
    get_preferred_allocation_available: options.preferredAllocation,
  };
}

export function fromOptionsMessage(message: DevicePluginOptionsMessage): PluginOptions {
  return {
    preStartRequired: message.pre_start_required,
    preferredAllocation: message.get_preferred_allocation_available,
  };
}

/** No node is no topology: an empty one would tell the kubelet's topology manager that the card fits nowhere. */
export function toTopologyMessage(numa: readonly number[]): TopologyMessage | null {
  return numa.length === 0 ? null : { nodes: numa.map((ID) => ({ ID })) };
}

export function toDeviceMessage({ id, health, numa }: PluginDevice): DeviceMessage {
  return { ID: id, health, topology: toTopologyMessage(numa) };
}

/** Whatever is not plainly `Healthy` is not. */
export function fromDeviceMessage({ ID, health, topology }: DeviceMessage): PluginDevice {
  return {
    id: ID,
    health: health === 'Healthy' ? 'Healthy' : 'Unhealthy',
    numa: topology?.nodes.map((node) => node.ID) ?? [],
  };
}

export function toPreferredMessage(requests: readonly PreferredRequest[]): PreferredAllocationRequest {
  return {
    container_requests: requests.map(({ available, mustInclude, size }) => ({
      available_deviceIDs: available,
      must_include_deviceIDs: mustInclude,
      allocation_size: size,
    })),
  };
}

export function fromPreferredMessage(message: PreferredAllocationRequest): PreferredRequest[] {
  return message.container_requests.map((request) => ({
    available: request.available_deviceIDs,
    mustInclude: request.must_include_deviceIDs,
    size: request.allocation_size,
  }));
}

export function toContainerMessage(allocation: PluginAllocation): ContainerAllocateResponse {
  return {
    envs: allocation.envs,
    mounts: allocation.mounts.map((mount) => ({
      container_path: mount.containerPath,
      host_path: mount.hostPath,
      read_only: mount.readOnly,
    })),
    devices: allocation.devices.map((device) => ({
      container_path: device.containerPath,
      host_path: device.hostPath,
      permissions: device.permissions,
    })),
    annotations: allocation.annotations,
    cdi_devices: allocation.cdiDevices.map((name) => ({ name })),
  };
}

export function fromContainerMessage(message: ContainerAllocateResponse): PluginAllocation {
  return {
    envs: message.envs,
    mounts: message.mounts.map((mount) => ({
      containerPath: mount.container_path,
      hostPath: mount.host_path,
      readOnly: mount.read_only,
    })),
    devices: message.devices.map((device) => ({
      containerPath: device.container_path,
      hostPath: device.host_path,
      permissions: device.permissions,
    })),
    annotations: message.annotations,
    cdiDevices: message.cdi_devices.map((device) => device.name),
  };
}

/** The answers, when there is one for each request; a plugin that answers another number of them has a fault. */
export function onePerRequest<T>(answers: readonly T[], requestsCount: number, op: string): readonly T[] {
  if (answers.length !== requestsCount) throw new DriverError(DriverCode.UNKNOWN, op);
  return answers;
}
