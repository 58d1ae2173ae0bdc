import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type handleUnaryCall, status } from '@grpc/grpc-js';
import { present } from '#lib/core/assert.ts';
import { type DevicePlugin, DriverCode, DriverError, type PluginAllocation, type PluginDevice } from '../types.ts';
import { type Assignment, allocatable, chooseDevices, freeDevices, podResources } from './assignments.ts';
import type { CallLimitsMs } from './limits.ts';
import type {
  AllocatableResourcesResponse,
  Empty,
  GetPodResourcesRequest,
  GetPodResourcesResponse,
  ListPodResourcesResponse,
  RegisterRequest,
} from './messages.ts';
import { PluginFollower } from './plugin-follower.ts';
import { KUBELET_SOCKET, POD_RESOURCES, REGISTRATION } from './protocol.ts';
import { checkRegistration, type RegistrationRefusal } from './registration.ts';
import { openSocketServer, type Service, type SocketServer } from './socket-server.ts';
import { toStatus } from './status.ts';

/** What the manager saw, for a log. `gone` is a plugin whose list broke: its devices are unhealthy until it is back. */
export type ManagerNews =
  | { readonly kind: 'refused'; readonly resourceName: string; readonly why: string }
  | { readonly kind: 'registered'; readonly resourceName: string; readonly endpoint: string }
  | { readonly kind: 'listed'; readonly resourceName: string; readonly devices: readonly PluginDevice[] }
  | { readonly kind: 'gone'; readonly resourceName: string; readonly error: unknown };

export type DeviceManagerOptions = {
  /** Plugins put their sockets here, and `kubelet.sock` is served here. Sockets found in it are removed at the start. */
  readonly folder: string;
  /** Where `PodResources` is served; nowhere when not given. */
  readonly podResourcesPath?: string;
  /** What was handed out before this process began. */
  readonly assignments?: readonly Assignment[];
  readonly limitsMs?: Partial<CallLimitsMs>;
  readonly report: (news: ManagerNews) => void;
};

export type DeviceWish = Omit<Assignment, 'deviceIds'> & { readonly count: number };
export type DeviceGrant = { readonly assignment: Assignment; readonly allocation: PluginAllocation };

/**
 * The part of a kubelet that plugins see, for hosts without Kubernetes: plugins register, are dialled back and
 * followed, and containers are given devices. Nothing is written down: whoever runs it keeps `assignments`.
 */
export class DeviceManager {
  readonly #options: DeviceManagerOptions;
  readonly #plugins = new Map<string, PluginFollower>();
  readonly #servers: SocketServer[] = [];
  #assignments: readonly Assignment[];
  /** Grants run one after another, so that no device is chosen twice. */
  #lastGrant: Promise<unknown> = Promise.resolve();

  private constructor(options: DeviceManagerOptions) {
    this.#options = options;
    this.#assignments = options.assignments ?? [];
  }

  static async open(options: DeviceManagerOptions): Promise<DeviceManager> {
    const manager = new DeviceManager(options);
    await removeSockets(options.folder);
    try {
      const { podResourcesPath, folder } = options;
      if (podResourcesPath !== undefined) {
        await manager.#serve(podResourcesPath, { definition: POD_RESOURCES, handlers: manager.#podResources() });
      }
      const handlers = { Register: manager.#registration() };
      await manager.#serve(path.join(folder, KUBELET_SOCKET), { definition: REGISTRATION, handlers });
    } catch (error) {
      await manager.close();
      throw error;
    }
    return manager;
  }

  get assignments(): readonly Assignment[] {
    return this.#assignments;
  }

  /** The newest list of a resource; empty for an unknown one. */
  devices(resourceName: string): readonly PluginDevice[] {
    return this.#plugins.get(resourceName)?.devices ?? [];
  }

  /**
   * Gives a container devices: chosen among the healthy and free, as the plugin prefers. Rejects `NOT_FOUND` for a
   * resource without a plugin, `INVALID_ARGUMENT` for no whole number of devices, `IN_USE` when too few are free, and
   * with what the plugin answers; nothing is held then.
   */
  grant(wish: DeviceWish): Promise<DeviceGrant> {
    const granted = this.#lastGrant.then(() => this.#grant(wish));
    this.#lastGrant = granted.catch(() => undefined);
    return granted;
  }

  /** Frees what a pod holds; a pod that holds nothing is released all the same. Plugins are not told: they never are. */
  release(namespace: string, pod: string): void {
    this.#assignments = this.#assignments.filter((held) => held.namespace !== namespace || held.pod !== pod);
  }

  async close(): Promise<void> {
    for (const plugin of this.#plugins.values()) plugin.close();
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  async #grant({ count, ...wish }: DeviceWish): Promise<DeviceGrant> {
    const follower = this.#plugins.get(wish.resourceName);
    if (!follower) throw new DriverError(DriverCode.NOT_FOUND, 'grant');
    const { plugin } = follower;
    const free = freeDevices(
      follower.devices,
      this.#assignments.filter(({ resourceName }) => resourceName === wish.resourceName),
    );
    if (!Number.isInteger(count) || count < 1) throw new DriverError(DriverCode.INVALID_ARGUMENT, 'grant');
    if (free.length < count) throw new DriverError(DriverCode.IN_USE, 'grant');
    const options = await plugin.options();
    const preferred = options.preferredAllocation ? await preferenceOf(plugin, free, count) : [];
    const deviceIds = present(chooseDevices(free, preferred, count), 'enough free devices');
    const [allocation] = await plugin.allocate([{ deviceIds }]);
    if (options.preStartRequired) await plugin.preStartContainer(deviceIds);
    const assignment = { ...wish, deviceIds };
    this.#assignments = [...this.#assignments, assignment];
    return { assignment, allocation: present(allocation, 'an allocation') };
  }

  async #serve(socketPath: string, service: Service): Promise<void> {
    this.#servers.push(await openSocketServer(socketPath, [service]));
  }

  #registration(): handleUnaryCall<RegisterRequest, Empty> {
    return ({ request }, respond) => {
      const details = this.#register(request);
      const code = details === 'name_taken' ? status.ALREADY_EXISTS : status.INVALID_ARGUMENT;
      if (details === null) respond(null, {});
      else respond({ code, details });
    };
  }

  /** Why a registration is refused, or null. The same endpoint may register again; another one waits its turn. */
  #register(request: RegisterRequest): RegistrationRefusal | 'name_taken' | null {
    const { resource_name: resourceName, endpoint } = request;
    const known = this.#plugins.get(resourceName);
    const isTaken = known?.isAlive === true && known.endpoint !== endpoint;
    const refusal = checkRegistration(request) ?? (isTaken ? 'name_taken' : null);
    if (refusal !== null) {
      this.#options.report({ kind: 'refused', resourceName, why: refusal });
      return refusal;
    }
    known?.close();
    const { folder, limitsMs, report } = this.#options;
    const follower = new PluginFollower({
      socketPath: path.join(folder, endpoint),
      resourceName,
      lastKnown: known?.devices ?? [],
      ...(limitsMs && { limitsMs }),
      listed: (devices) => report({ kind: 'listed', resourceName, devices }),
      gone: (error) => report({ kind: 'gone', resourceName, error }),
    });
    this.#plugins.set(resourceName, follower);
    report({ kind: 'registered', resourceName, endpoint });
    return null;
  }

  #podResources(): PodResourcesHandlers {
    const devices = (): Map<string, readonly PluginDevice[]> =>
      new Map([...this.#plugins].map(([name, follower]) => [name, follower.devices]));
    const pods = (): ListPodResourcesResponse['pod_resources'] => podResources(this.#assignments, devices());
    return {
      List: (_, respond) => respond(null, { pod_resources: pods() }),
      GetAllocatableResources: (_, respond) => respond(null, { devices: allocatable(devices()) }),
      Get: ({ request }, respond) => {
        const found = pods().find((pod) => pod.name === request.pod_name && pod.namespace === request.pod_namespace);
        if (found) respond(null, { pod_resources: found });
        else respond(toStatus(new DriverError(DriverCode.NOT_FOUND, 'Get')));
      },
    };
  }
}

type PodResourcesHandlers = {
  readonly List: handleUnaryCall<Empty, ListPodResourcesResponse>;
  readonly GetAllocatableResources: handleUnaryCall<Empty, AllocatableResourcesResponse>;
  readonly Get: handleUnaryCall<GetPodResourcesRequest, GetPodResourcesResponse>;
};

/** A preference is a hint: a plugin that cannot give one, because a card has just gone, say, may still allocate. */
async function preferenceOf(plugin: DevicePlugin, free: readonly string[], size: number): Promise<readonly string[]> {
  try {
    const [preferred = []] = await plugin.getPreferredAllocation([{ available: free, mustInclude: [], size }]);
    return preferred;
  } catch (error) {
    if (error instanceof DriverError) return [];
    throw error;
  }
}

/** As a starting kubelet does, which is how plugins notice it; anything but sockets stays. */
async function removeSockets(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if ((await lstat(file)).isSocket()) await rm(file, { force: true });
  }
}
