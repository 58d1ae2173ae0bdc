import path from 'node:path';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { InfrastructureError } from '#lib/core/assert.ts';
import { endpointOf } from './kubelet-link.ts';
import type { Empty, PluginInfo, RegistrationStatus } from './messages.ts';
import { PLUGIN_VERSION, PLUGIN_WATCHER } from './protocol.ts';
import { openSocketServer } from './socket-server.ts';

export type PluginRegistrationOptions = {
  readonly resourceName: string;
  /** The socket that serves the plugin. */
  readonly endpoint: string;
  /** The kubelet's folder of plugins, which it watches; usually `/var/lib/kubelet/plugins_registry`. */
  readonly registryFolder: string;
  readonly registered: () => void;
};

/**
 * Lets a kubelet that watches its folder of plugins find a plugin that serves already, until `signal` is aborted:
 * removing the socket takes the registration back. Rejects when the kubelet says that it will not have the plugin.
 */
export async function offerRegistration(options: PluginRegistrationOptions, signal: AbortSignal): Promise<void> {
  const outcome = Promise.withResolvers<void>();
  const info: PluginInfo = {
    type: 'DevicePlugin',
    name: options.resourceName,
    endpoint: options.endpoint,
    supported_versions: [PLUGIN_VERSION],
  };
  const getInfo: handleUnaryCall<Empty, PluginInfo> = (_, respond) => respond(null, info);
  const notify: handleUnaryCall<RegistrationStatus, Empty> = ({ request }, respond) => {
    respond(null, {});
    if (request.plugin_registered) options.registered();
    else outcome.reject(new InfrastructureError(`the kubelet refused ${options.resourceName}: ${request.error}`));
  };
  const server = await openSocketServer(path.join(options.registryFolder, endpointOf(options.resourceName)), [
    { definition: PLUGIN_WATCHER, handlers: { GetInfo: getInfo, NotifyRegistrationStatus: notify } },
  ]);
  const stop = (): void => outcome.resolve();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await outcome.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    await server.close();
  }
}
