import path from 'node:path';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { invariant } from '#lib/core/assert.ts';
import type {
  AllocatableResourcesResponse,
  AllocateRequest,
  AllocateResponse,
  DevicePluginOptionsMessage,
  Empty,
  GetPodResourcesRequest,
  GetPodResourcesResponse,
  ListAndWatchResponse,
  ListPodResourcesResponse,
  PluginInfo,
  PreferredAllocationRequest,
  PreferredAllocationResponse,
  PreStartContainerRequest,
  RegisterRequest,
  RegistrationStatus,
} from './messages.ts';

/** The only version of the device plugin contract there is. */
export const PLUGIN_VERSION = 'v1beta1';

/** Where a kubelet has its folders, and what its own socket is called in them. */
export const KUBELET_FOLDER = '/var/lib/kubelet/device-plugins';
export const KUBELET_SOCKET = 'kubelet.sock';

type Rpc<Q, A> = MethodDefinition<Q, A>;

export type RegistrationRpcs = { readonly Register: Rpc<RegisterRequest, Empty> };
export type DevicePluginRpcs = {
  readonly GetDevicePluginOptions: Rpc<Empty, DevicePluginOptionsMessage>;
  readonly ListAndWatch: Rpc<Empty, ListAndWatchResponse>;
  readonly GetPreferredAllocation: Rpc<PreferredAllocationRequest, PreferredAllocationResponse>;
  readonly Allocate: Rpc<AllocateRequest, AllocateResponse>;
  readonly PreStartContainer: Rpc<PreStartContainerRequest, Empty>;
};
export type PodResourcesRpcs = {
  readonly List: Rpc<Empty, ListPodResourcesResponse>;
  readonly GetAllocatableResources: Rpc<Empty, AllocatableResourcesResponse>;
  readonly Get: Rpc<GetPodResourcesRequest, GetPodResourcesResponse>;
};
export type PluginWatcherRpcs = {
  readonly GetInfo: Rpc<Empty, PluginInfo>;
  readonly NotifyRegistrationStatus: Rpc<RegistrationStatus, Empty>;
};

/** `keepCase`, or every name with an underscore is dropped in silence; `longs`, or numbers become objects. */
const DECODING = { keepCase: true, longs: Number, defaults: true } as const;

export const REGISTRATION: RegistrationRpcs = load('device-plugin-v1beta1.proto', 'v1beta1.Registration');
export const DEVICE_PLUGIN: DevicePluginRpcs = load('device-plugin-v1beta1.proto', 'v1beta1.DevicePlugin');
export const POD_RESOURCES: PodResourcesRpcs = load('pod-resources-v1.proto', 'v1.PodResourcesLister');
export const PLUGIN_WATCHER: PluginWatcherRpcs = load(
  'plugin-registration-v1.proto',
  'pluginregistration.Registration',
);

function load<S extends object>(file: string, service: string): S & ServiceDefinition {
  const definition = loadSync(path.join(import.meta.dirname, file), DECODING)[service];
  invariant(definition && !('format' in definition), `${file} has no service ${service}`);
  return definition as S & ServiceDefinition;
}
