import { Bell } from './bell.ts';
import { asksForReboot, assessHealth, type CardObservation, FAILED_READS_MAX, type HealthVerdict } from './health.ts';
import { NodeWatch } from './node-watch.ts';
import { isSilent, type NodeReadout, readCard, readNode } from './observe.ts';
import { preferCards } from './preferred.ts';
import type { ContainerConventions } from './containers.ts';
import {
  type DeviceDriver,
  type DeviceInfo,
  type DevicePlugin,
  DriverCode,
  DriverError,
  type PluginAllocation,
  type PluginDevice,
  type PluginOptions,
  type PreferredRequest,
} from './types.ts';

/** Waits before a broken subscription is tried again; a real host passes a timer, a test whatever it likes. */
export type Pause = (signal: AbortSignal) => Promise<void>;

/** The device plugin of a server, made of nothing but its driver, so one plugin serves every adapter. */
export class CardDevicePlugin implements DevicePlugin {
  readonly resourceName: string;
  readonly #conventions: ContainerConventions;
  readonly #driver: DeviceDriver;
  readonly #pause: Pause;
  /** The plugin answers for every card that it ever saw: a drained one is unhealthy, not gone. */
  readonly #infos = new Map<string, DeviceInfo>();
  readonly #followers = new Set<{ readonly watch: NodeWatch; readonly bell: Bell }>();

  constructor(driver: DeviceDriver, conventions: ContainerConventions, pause: Pause) {
    this.resourceName = conventions.resourceName;
    this.#conventions = conventions;
    this.#driver = driver;
    this.#pause = pause;
  }

  async options(): Promise<PluginOptions> {
    return { preStartRequired: false, preferredAllocation: true };
  }

  async *listAndWatch(signal: AbortSignal): AsyncGenerator<readonly PluginDevice[]> {
    const bell = new Bell();
    const watch = new NodeWatch('plugin', this.#driver, { changed: () => bell.ring(), heard: () => undefined });
    const stop = (): void => {
      watch.close();
      bell.ring();
    };
    const follower = { watch, bell };
    this.#followers.add(follower);
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!signal.aborted) {
        await watch.settled();
        if (signal.aborted) return;
        bell.silence();
        yield watch.cards.list().map(({ uuid, info, verdict }) => toPluginDevice(uuid, info, verdict));
        await (watch.isLive ? bell.rung() : this.#pause(signal));
      }
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener('abort', stop);
      watch.close();
    }
  }

  async getPreferredAllocation(requests: readonly PreferredRequest[]): Promise<string[][]> {
    await this.#meetCards();
    const topology = await this.#driver.topology();
    const numaOf = (uuid: string): number | null => this.#infos.get(uuid)?.numaNode ?? null;
    try {
      return requests.map((request) => preferCards(topology, numaOf, request));
    } catch (error) {
      if (error instanceof DriverError && error.code === DriverCode.NOT_FOUND) await this.#tellAgain();
      throw error;
    }
  }

  /** Rejects `INVALID_ARGUMENT` for a card asked for twice, `NOT_FOUND` or `INVALID_STATE` for one not to be had. */
  async allocate(requests: readonly { readonly deviceIds: readonly string[] }[]): Promise<PluginAllocation[]> {
    const asked = requests.flatMap((request) => request.deviceIds);
    if (new Set(asked).size !== asked.length) throw new DriverError(DriverCode.INVALID_ARGUMENT, 'allocate');
    const cards = await this.#usableCards(asked, 'allocate');
    return requests.map(({ deviceIds }) =>
      toAllocation(
        this.#conventions,
        deviceIds.flatMap((uuid) => cards.get(uuid) ?? []),
      ),
    );
  }

  async preStartContainer(deviceIds: readonly string[]): Promise<void> {
    await this.#usableCards(deviceIds, 'preStartContainer');
  }

  async #meetCards(): Promise<NodeReadout> {
    await this.#driver.init();
    const node = await readNode(this.#driver);
    for (const info of node.infos) this.#infos.set(info.uuid, info);
    return node;
  }

  /** Reads the whole server, since one card's pending reboot makes its neighbours unusable too. */
  async #usableCards(uuids: readonly string[], op: string): Promise<ReadonlyMap<string, DeviceInfo>> {
    const node = await this.#meetCards();
    const observations = new Map<string, CardObservation>();
    for (const [uuid, info] of this.#infos) {
      const readout = await readCard(this.#driver, { uuid, info }, node);
      // A grant rests on this one look: a card that tells nothing is not given out.
      observations.set(uuid, { ...readout, xids: [], failedReads: isSilent(readout) ? FAILED_READS_MAX : 0 });
    }
    const isRebootPending = asksForReboot(observations.values());
    for (const uuid of uuids) {
      const observation = observations.get(uuid);
      if (observation !== undefined && assessHealth(observation, isRebootPending).takesNewWork) continue;
      await this.#tellAgain();
      const isKnown = observation !== undefined || node.presence?.has(uuid);
      throw new DriverError(isKnown ? DriverCode.INVALID_STATE : DriverCode.NOT_FOUND, op, uuid);
    }
    return this.#infos;
  }

  /** Who asks for a card that is not to be had has an old list: draining, for one, has no event. */
  async #tellAgain(): Promise<void> {
    for (const { watch, bell } of this.#followers) {
      await watch.reread();
      bell.ring();
    }
  }
}

function toPluginDevice(uuid: string, info: DeviceInfo | null, verdict: HealthVerdict | null): PluginDevice {
  const numaNode = info?.numaNode ?? null;
  return {
    id: uuid,
    health: verdict?.takesNewWork ? 'Healthy' : 'Unhealthy',
    numa: numaNode === null ? [] : [numaNode],
  };
}

/** What a container is given for these cards, in their order. */
function toAllocation(conventions: ContainerConventions, cards: readonly DeviceInfo[]): PluginAllocation {
  const { commonNodes, nodePermissions, visibleDevicesVariables, resourceName } = conventions;
  const uuids = cards.map((card) => card.uuid);
  const visible = cards.map((card) => visibleName(conventions, card)).join(',');
  const nodes = [...commonNodes, ...cards.map((card) => card.deviceNode)];
  return {
    envs: Object.fromEntries(visibleDevicesVariables.map((name) => [name, visible])),
    annotations: { [`${resourceName}.uuids`]: uuids.join(',') },
    cdiDevices: uuids.map((uuid) => `${resourceName}=${uuid}`),
    mounts: [],
    devices: nodes.map((path) => ({ containerPath: path, hostPath: path, permissions: nodePermissions })),
  };
}

/** How a card is named in the variables that say which devices a process may use. */
function visibleName({ visibleDevice }: ContainerConventions, { uuid, index }: DeviceInfo): string {
  if (visibleDevice === 'index') return String(index);
  return visibleDevice === 'ppu_uuid' ? uuid.replace(/^GPU-/, 'PPU-') : uuid;
}
