import { once } from 'node:events';
import type { handleServerStreamingCall, handleUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import type { DevicePlugin } from '../types.ts';
import { CALL_LIMITS_MS, type CallLimitsMs, within } from './limits.ts';
import type {
  AllocateRequest,
  AllocateResponse,
  DevicePluginOptionsMessage,
  Empty,
  ListAndWatchResponse,
  PreferredAllocationRequest,
  PreferredAllocationResponse,
  PreStartContainerRequest,
} from './messages.ts';
import { DEVICE_PLUGIN } from './protocol.ts';
import { openSocketServer, type SocketServer } from './socket-server.ts';
import { toStatus } from './status.ts';
import { fromPreferredMessage, toContainerMessage, toDeviceMessage, toOptionsMessage } from './translate.ts';

export type DevicePluginHandlers = {
  readonly GetDevicePluginOptions: handleUnaryCall<Empty, DevicePluginOptionsMessage>;
  readonly ListAndWatch: handleServerStreamingCall<Empty, ListAndWatchResponse>;
  readonly GetPreferredAllocation: handleUnaryCall<PreferredAllocationRequest, PreferredAllocationResponse>;
  readonly Allocate: handleUnaryCall<AllocateRequest, AllocateResponse>;
  readonly PreStartContainer: handleUnaryCall<PreStartContainerRequest, Empty>;
};

export type PluginServiceOptions = {
  /** Ends every list that is being followed. */
  readonly stopping: AbortSignal;
  readonly limitsMs?: Partial<CallLimitsMs>;
};

/** Serves a plugin on a socket; see `openSocketServer`. */
export function servePlugin(
  plugin: DevicePlugin,
  socketPath: string,
  stopping: AbortSignal,
  limitsMs: Partial<CallLimitsMs> = {},
): Promise<SocketServer> {
  const handlers = pluginHandlers(plugin, { stopping, limitsMs });
  return openSocketServer(socketPath, [{ definition: DEVICE_PLUGIN, handlers }]);
}

/** A plugin as the service that a kubelet calls. Every call is answered in bounded time. */
export function pluginHandlers(plugin: DevicePlugin, options: PluginServiceOptions): DevicePluginHandlers {
  const limitsMs = { ...CALL_LIMITS_MS, ...options.limitsMs };
  return {
    GetDevicePluginOptions: unary('GetDevicePluginOptions', limitsMs, async () =>
      toOptionsMessage(await plugin.options()),
    ),
    ListAndWatch: lists(plugin, options.stopping),
    GetPreferredAllocation: unary('GetPreferredAllocation', limitsMs, async (request) => {
      const chosen = await plugin.getPreferredAllocation(fromPreferredMessage(request));
      return { container_responses: chosen.map((deviceIDs) => ({ deviceIDs })) };
    }),
    Allocate: unary('Allocate', limitsMs, async ({ container_requests }) => {
      const requests = container_requests.map(({ devices_ids }) => ({ deviceIds: devices_ids }));
      return { container_responses: (await plugin.allocate(requests)).map(toContainerMessage) };
    }),
    PreStartContainer: unary('PreStartContainer', limitsMs, async ({ devices_ids }) => {
      await plugin.preStartContainer(devices_ids);
      return {};
    }),
  };
}

/** A handler that answers in time with what `answer` gives, or with the status of why it does not. */
function unary<Q, A>(
  op: keyof CallLimitsMs,
  limitsMs: CallLimitsMs,
  answer: (request: Q) => Promise<A>,
): handleUnaryCall<Q, A> {
  return ({ request }, respond) => {
    within(limitsMs[op], op, answer(request)).then(
      (value) => respond(null, value),
      (error: unknown) => respond(toStatus(error)),
    );
  };
}

function lists(plugin: DevicePlugin, stopping: AbortSignal): DevicePluginHandlers['ListAndWatch'] {
  return (call) => void sendLists(plugin, call, stopping);
}

/** A reader that is slow is waited for: it then gets the newest list, not all that came in between. */
async function sendLists(
  plugin: DevicePlugin,
  call: ServerWritableStream<Empty, ListAndWatchResponse>,
  stopping: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, stopping]);
  try {
    for await (const devices of plugin.listAndWatch(signal)) {
      if (signal.aborted) break;
      if (!call.write({ devices: devices.map(toDeviceMessage) })) await once(call, 'drain', { signal });
    }
    call.end();
  } catch (error) {
    if (signal.aborted) call.end();
    else call.emit('error', toStatus(error));
  }
}
