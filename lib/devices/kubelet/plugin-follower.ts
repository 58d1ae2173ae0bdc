import type { PluginDevice } from '../types.ts';
import { type PluginSocketOptions, SocketDevicePlugin } from './plugin-client.ts';

export type PluginFollowerOptions = PluginSocketOptions & {
  /** What an earlier plugin of the resource told; unhealthy until this one tells. */
  readonly lastKnown: readonly PluginDevice[];
  readonly listed: (devices: readonly PluginDevice[]) => void;
  /** Called once, when the list broke; not when we close. */
  readonly gone: (error: unknown) => void;
};

/** A registered plugin: dialled back and followed from the start until its list breaks or we close. */
export class PluginFollower {
  readonly endpoint: string;
  readonly plugin: SocketDevicePlugin;
  #devices: readonly PluginDevice[];
  #isAlive = true;
  readonly #closing = new AbortController();

  constructor(options: PluginFollowerOptions) {
    this.endpoint = options.socketPath.slice(options.socketPath.lastIndexOf('/') + 1);
    this.plugin = new SocketDevicePlugin(options);
    this.#devices = options.lastKnown.map(asUnhealthy);
    void this.#follow(options);
  }

  get devices(): readonly PluginDevice[] {
    return this.#devices;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  close(): void {
    this.#isAlive = false;
    this.#closing.abort();
  }

  async #follow({ listed, gone }: PluginFollowerOptions): Promise<void> {
    try {
      for await (const devices of this.plugin.listAndWatch(this.#closing.signal)) {
        this.#devices = devices;
        listed(devices);
      }
    } catch (error) {
      this.#devices = this.#devices.map(asUnhealthy);
      this.#isAlive = false;
      gone(error);
    }
  }
}

function asUnhealthy(device: PluginDevice): PluginDevice {
  return { ...device, health: 'Unhealthy' };
}
