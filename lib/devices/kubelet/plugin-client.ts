import { setTimeout as delay } from 'node:timers/promises';
import {
  type DevicePlugin,
  DriverCode,
  DriverError,
  type PluginAllocation,
  type PluginDevice,
  type PluginOptions,
  type PreferredRequest,
} from '../types.ts';
import { callUnary, followStream, type Rpc } from './calls.ts';
import { CALL_LIMITS_MS, type CallLimitsMs, type LimitedCall } from './limits.ts';
import { DEVICE_PLUGIN } from './protocol.ts';
import {
  fromContainerMessage,
  fromDeviceMessage,
  fromOptionsMessage,
  onePerRequest,
  toPreferredMessage,
} from './translate.ts';

export type PluginSocketOptions = {
  readonly socketPath: string;
  /** The socket does not tell: a plugin names its resource when it registers. */
  readonly resourceName: string;
  readonly limitsMs?: Partial<CallLimitsMs>;
  /** How often a silent `ListAndWatch` is checked for a plugin that hangs. */
  readonly pulseMs?: number;
};

const PULSE_MS = 10_000;

/** The plugin behind a socket, whoever wrote it. Every call is bounded; see `callUnary` for how calls fail. */
export class SocketDevicePlugin implements DevicePlugin {
  readonly resourceName: string;
  readonly #socketPath: string;
  readonly #limitsMs: CallLimitsMs;
  readonly #pulseMs: number;

  constructor({ socketPath, resourceName, limitsMs = {}, pulseMs = PULSE_MS }: PluginSocketOptions) {
    this.resourceName = resourceName;
    this.#socketPath = socketPath;
    this.#limitsMs = { ...CALL_LIMITS_MS, ...limitsMs };
    this.#pulseMs = pulseMs;
  }

  async options(): Promise<PluginOptions> {
    return fromOptionsMessage(await this.#call('GetDevicePluginOptions', DEVICE_PLUGIN.GetDevicePluginOptions, {}));
  }

  async *listAndWatch(signal: AbortSignal): AsyncGenerator<readonly PluginDevice[]> {
    const lists = followStream(
      this.#socketPath,
      DEVICE_PLUGIN.ListAndWatch,
      {},
      {
        limitMs: this.#limitsMs.ListAndWatch,
        signal,
        guard: (ended) => this.#feelPulse(ended),
      },
    );
    for await (const { devices } of lists) yield devices.map(fromDeviceMessage);
  }

  async getPreferredAllocation(requests: readonly PreferredRequest[]): Promise<readonly (readonly string[])[]> {
    const op = 'GetPreferredAllocation';
    const answer = await this.#call(op, DEVICE_PLUGIN[op], toPreferredMessage(requests));
    return onePerRequest(answer.container_responses, requests.length, op).map(({ deviceIDs }) => deviceIDs);
  }

  async allocate(requests: readonly { readonly deviceIds: readonly string[] }[]): Promise<PluginAllocation[]> {
    const container_requests = requests.map(({ deviceIds }) => ({ devices_ids: deviceIds }));
    const answer = await this.#call('Allocate', DEVICE_PLUGIN.Allocate, { container_requests });
    return onePerRequest(answer.container_responses, requests.length, 'Allocate').map(fromContainerMessage);
  }

  async preStartContainer(deviceIds: readonly string[]): Promise<void> {
    await this.#call('PreStartContainer', DEVICE_PLUGIN.PreStartContainer, { devices_ids: deviceIds });
  }

  #call<Q, A>(op: LimitedCall, rpc: Rpc<Q, A>, request: Q): Promise<A> {
    return callUnary(this.#socketPath, rpc, request, { limitMs: this.#limitsMs[op] });
  }

  /** A plugin that hangs and one with nothing to say look the same, until the one is asked and does not answer. */
  async #feelPulse(ended: AbortSignal): Promise<void> {
    for (;;) {
      await delay(this.#pulseMs, null, { signal: ended, ref: false }).catch(() => null);
      if (ended.aborted) return;
      await this.options().catch((error: unknown) => {
        if (isSignOfDeath(error)) throw error;
      });
    }
  }
}

/** Any other status comes from somebody alive. */
function isSignOfDeath(error: unknown): boolean {
  return !(error instanceof DriverError) || error.code === DriverCode.TIMEOUT || error.code === DriverCode.NOT_READY;
}
