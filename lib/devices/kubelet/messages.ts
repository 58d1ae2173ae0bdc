/** The messages of the three protocols as they are decoded: every field is there, an absent message is null. */

export type Empty = Readonly<Record<never, never>>;

export type DevicePluginOptionsMessage = {
  readonly pre_start_required: boolean;
  readonly get_preferred_allocation_available: boolean;
};

export type RegisterRequest = {
  readonly version: string;
  readonly endpoint: string;
  readonly resource_name: string;
  readonly options: DevicePluginOptionsMessage | null;
};

export type TopologyMessage = { readonly nodes: readonly { readonly ID: number }[] };
export type DeviceMessage = { readonly ID: string; readonly health: string; readonly topology: TopologyMessage | null };
export type ListAndWatchResponse = { readonly devices: readonly DeviceMessage[] };

export type PreferredAllocationRequest = {
  readonly container_requests: readonly {
    readonly available_deviceIDs: readonly string[];
    readonly must_include_deviceIDs: readonly string[];
    readonly allocation_size: number;
  }[];
};
export type PreferredAllocationResponse = {
  readonly container_responses: readonly { readonly deviceIDs: readonly string[] }[];
};

export type AllocateRequest = { readonly container_requests: readonly { readonly devices_ids: readonly string[] }[] };
export type ContainerAllocateResponse = {
  readonly envs: Readonly<Record<string, string>>;
  readonly mounts: readonly {
    readonly container_path: string;
    readonly host_path: string;
    readonly read_only: boolean;
  }[];
  readonly devices: readonly {
    readonly container_path: string;
    readonly host_path: string;
    readonly permissions: string;
  }[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly cdi_devices: readonly { readonly name: string }[];
};
export type AllocateResponse = { readonly container_responses: readonly ContainerAllocateResponse[] };
export type PreStartContainerRequest = { readonly devices_ids: readonly string[] };

export type ContainerDevices = {
  readonly resource_name: string;
  readonly device_ids: readonly string[];
  readonly topology: TopologyMessage | null;
};
/** We hand out devices only, so processors, memory and claims stay empty; a real kubelet fills them. */
export type ContainerResources = { readonly name: string; readonly devices: readonly ContainerDevices[] };
export type PodResources = {
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly ContainerResources[];
};
export type ListPodResourcesResponse = { readonly pod_resources: readonly PodResources[] };
export type AllocatableResourcesResponse = { readonly devices: readonly ContainerDevices[] };
export type GetPodResourcesRequest = { readonly pod_name: string; readonly pod_namespace: string };
export type GetPodResourcesResponse = { readonly pod_resources: PodResources | null };

export type PluginInfo = {
  readonly type: string;
  readonly name: string;
  readonly endpoint: string;
  readonly supported_versions: readonly string[];
};
export type RegistrationStatus = { readonly plugin_registered: boolean; readonly error: string };
