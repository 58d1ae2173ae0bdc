import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DevicePlugin } from '../types.ts';
import type { ServedServer } from './card-source.ts';
import { CdiFolder, withCdi, withoutCdi } from './cdi-folder.ts';
import { endpointOf, type LinkNews, linkToKubelet } from './kubelet-link.ts';
import type { PluginCommand } from './plugin-command.ts';
import { offerRegistration } from './plugin-registration.ts';
import { servePlugin } from './plugin-service.ts';

/**
 * Serves this host's cards to its kubelet until `signal` is aborted; no socket is left then. Rejects when the kubelet
 * will not have them. With a folder of plugins the kubelet finds us there, else we register at its own socket.
 */
export async function serveCards(
  command: Omit<PluginCommand, 'source'>,
  server: ServedServer,
  report: (news: LinkNews) => void,
  signal: AbortSignal,
): Promise<void> {
  const { folder, registryFolder } = command;
  const plugin = await pluginOf(command, server);
  if (registryFolder === null) return linkToKubelet({ plugin, folder, report }, signal);
  const { resourceName } = plugin;
  const socketPath = path.join(folder, endpointOf(resourceName));
  const stopping = new AbortController();
  const served = await servePlugin(plugin, socketPath, stopping.signal);
  report({ kind: 'serving', socketPath });
  const registered = (): void => report({ kind: 'registered', resourceName });
  try {
    await offerRegistration({ resourceName, endpoint: socketPath, registryFolder, registered }, signal);
  } finally {
    stopping.abort();
    await served.close();
  }
}

async function pluginOf({ cdiFolder }: Pick<PluginCommand, 'cdiFolder'>, server: ServedServer): Promise<DevicePlugin> {
  if (cdiFolder === null) return withoutCdi(server.plugin);
  await mkdir(cdiFolder, { recursive: true });
  return withCdi(server.plugin, new CdiFolder(cdiFolder, server.driver, server.conventions));
}
