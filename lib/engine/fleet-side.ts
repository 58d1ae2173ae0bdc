import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import type { FaultRates } from '#lib/devices/fault-rates.ts';
import type { DeviceFleet } from '#lib/devices/fleet.ts';
import { type Hosts, joinFleets, openHosts, type RealFleet } from '#lib/devices/hosts.ts';
import { InBackground } from '#lib/devices/in-background.ts';
import { EventTally } from '#lib/devices/metrics/event-tally.ts';
import { FleetReader } from '#lib/devices/metrics/fleet-reader.ts';
import { WATCHED_EVENTS } from '#lib/devices/node-watch.ts';
import type { CardReadings } from '#lib/devices/records.ts';
import { ppuTools } from '#lib/devices/ppu-smi/ppu-smi.ts';
import { openFleet } from '#lib/devices/registry.ts';
import { parseAct, type Recovery } from '#lib/devices/request-types.ts';
import { resetInOrder } from '#lib/devices/reset-card.ts';
import type { OpenFault, SimulatedHost, SimulatedWorld } from '#lib/devices/simulation.ts';
import { pauseFor } from '#lib/devices/tool/pause.ts';
import type { ToolShelf } from '#lib/devices/tool/program.ts';
import {
  type DeviceDriver,
  DriverCode,
  DriverError,
  type NumberReading,
  type PluginAllocation,
  type SampleField,
} from '#lib/devices/types.ts';
import { FleetWatch } from '#lib/devices/watch.ts';
import type { HealthChange } from '#lib/devices/watched-cards.ts';
import type { FleetCard, PoolFleet } from '#lib/inventory/types.ts';
import { errorText, log } from '#lib/platform/log.ts';
import type { HostPort } from '#lib/workloads/simulated-backend.ts';

export type FleetSideOptions = {
  readonly seed: number;
  readonly rates: FaultRates | null;
  readonly startAt: Instant;
  readonly openFaults: readonly OpenFault[];
  /** The servers that are real, of whatever pool, and how they are reached. */
  readonly hosts: Hosts;
};

/** The fields that pages show, sampled of cards in use. */
const SHOWN_FIELDS = [
  'utilPct',
  'memUsedBytes',
  'memUsableBytes',
  'powerMw',
  'tempC',
  'memTempC',
  'cuClockMhz',
  'throttleBits',
] as const satisfies readonly SampleField[];

/** Waits before a server that broke off is tried again. */
const RETRY_MS = 1_000;

/** The device interface of one pool: drivers, plugins and the watch over its servers. Owns no rule and no row. */
export class FleetSide {
  readonly cards: ReadonlyMap<string, FleetCard>;
  /** What a scrape of the metrics reads of this pool. */
  readonly metrics: FleetReader;
  /** The tools of each server, as a person on that host would find them. */
  readonly tools: ReadonlyMap<string, ToolShelf>;
  /** All that deciding needs: drivers and plugins, of whatever adapter. */
  readonly #fleet: DeviceFleet;
  /** What only a simulated fleet has: time of its own, hosts that spawn and reboot, faults on demand. */
  readonly #simulation: SimulatedWorld;
  readonly #real: RealFleet;
  /** What cards of real servers last told, asked for beside the rounds. */
  readonly #told = new Map<string, { readonly asking: InBackground; readings: CardReadings | null }>();
  readonly #watch: FleetWatch;
  readonly #drivers: ReadonlyMap<string, DeviceDriver>;
  #now: Instant;
  #rereads = 0;

  constructor(fleet: PoolFleet, options: FleetSideOptions) {
    this.#now = options.startAt;
    this.cards = new Map(fleet.cards.map((card) => [card.uuid, card]));
    const cardsByServer = Map.groupBy(fleet.cards, (card) => card.serverId);
    const isReal = (serverId: string): boolean => options.hosts.has(serverId);
    this.#real = openHosts(new Map([...options.hosts].filter(([id]) => cardsByServer.has(idFrom('server', id)))), {
      clock: () => this.#now,
      pause: (signal) => pauseFor(RETRY_MS, signal),
    });
    const simulated = fleet.servers.filter((server) => !isReal(server.id));
    this.#simulation = openFleet('simulated', {
      nodes: simulated.map((server) => ({
        nodeId: server.id,
        modelId: fleet.modelId,
        driverVersion: server.driverVersion,
        cards: present(cardsByServer.get(server.id), `cards of ${server.id}`),
      })),
      seed: options.seed,
      startAt: options.startAt,
      rates: options.rates,
      clock: () => this.#now,
    });
    this.#simulation.restore(options.openFaults.filter(({ uuid }) => !isReal(this.cards.get(uuid)?.serverId ?? '')));
    this.#fleet = joinFleets([this.#real, this.#simulation]);
    this.#drivers = new Map(this.#fleet.nodeIds.map((id) => [id, this.#fleet.driver(id)]));
    const events = new EventTally([...WATCHED_EVENTS, 'overflow']);
    this.#watch = new FleetWatch(this.#drivers, (event) => events.hear(event), new Set(this.#real.nodeIds));
    this.metrics = new FleetReader({
      siteId: fleet.siteId,
      poolId: fleet.poolId,
      modelId: fleet.modelId,
      servers: fleet.servers.map(({ id, supernodeId }) => ({
        serverId: id,
        // The inventory knows no other name of a host.
        hostname: id,
        supernodeId,
        driver: present(this.#drivers.get(id), `driver of ${id}`),
        cards: present(cardsByServer.get(id), `cards of ${id}`).map((card) => ({ cardId: card.id, uuid: card.uuid })),
      })),
      health: this.#watch,
      events,
      clock: () => this.#now,
    });
    this.tools = new Map(
      this.#simulation.nodeIds.map((id) => [
        id,
        ppuTools({ openDriver: () => this.#fleet.driver(id), now: () => this.#now, wait: pauseFor }),
      ]),
    );
  }

  /** Lets the fleet live up to `at` and hears everything it has to tell; answers the changes of health. */
  async observe(at: Instant): Promise<HealthChange[]> {
    this.#now = at;
    this.#simulation.runTo(at);
    await this.#watch.settled();
    await this.#rereadNext();
    // Events are counted as they come; kept XIDs that nobody takes would only grow.
    this.#watch.takeXids();
    return this.#watch.take();
  }

  /** Some faults (a link at half width, a drain by hand) come without an event: every round reads one server again. */
  async #rereadNext(): Promise<void> {
    const { nodeIds } = this.#fleet;
    this.#rereads += 1;
    await this.#watch.reread(nodeIds.slice(this.#rereads % nodeIds.length).slice(0, 1));
  }

  /** From when to when a card is proven up without a break; null when it is not. */
  proof(uuid: string): ClosedInterval | null {
    return this.#watch.proof(uuid);
  }

  /** When something will happen by itself, for a clock that is paced; real hardware would not say. */
  nextEventAt(): Instant | null {
    return this.#simulation.nextEventAt();
  }

  /** Asks a server's plugin for cards; what a workload on it is given. Rejects when the plugin refuses. */
  async grant(serverId: string, uuids: readonly string[]): Promise<PluginAllocation> {
    const [granted] = await this.#fleet.plugin(serverId).allocate([{ deviceIds: uuids }]);
    return present(granted, `grant of ${serverId}`);
  }

  /** A card's readings; null where the device does not tell. A real server is asked beside the round, for the next one. */
  async sample(card: FleetCard): Promise<CardReadings | null> {
    if (!this.#real.nodeIds.includes(card.serverId)) return this.#read(card);
    const told = this.#told.get(card.uuid) ?? { asking: new InBackground(), readings: null };
    this.#told.set(card.uuid, told);
    told.asking.kick(async () => {
      told.readings = await this.#read(card).catch(() => null);
    });
    return told.readings;
  }

  async #read(card: FleetCard): Promise<CardReadings> {
    const driver = present(this.#drivers.get(card.serverId), `driver of ${card.serverId}`);
    const sample: Readonly<Record<string, NumberReading>> = await driver.sample({ uuid: card.uuid }, SHOWN_FIELDS);
    return Object.fromEntries(
      Object.entries(sample).map(([field, reading]) => [field, reading.ok ? reading.value : null]),
    );
  }

  /** The hosts, for the simulated execution backend. */
  readonly hosts: HostPort = {
    spawn: (serverId, request) => this.#host(serverId, 'spawn').spawn({ ...request, load: 'training' }),
    kill: (serverId, pid) => {
      this.#host(serverId, 'kill').kill(pid, 'SIGKILL');
    },
    process: (serverId, pid) => this.#host(serverId, 'process').process(pid),
  };

  /** Does what ops asked of a card or a server; answers in a word how it went. */
  async perform(request: { readonly target: string; readonly kind: string }): Promise<string> {
    const card = this.cards.get(request.target) ?? null;
    const serverId = card?.serverId ?? request.target;
    const asked = parseAct(request.kind);
    if (asked === null) return `nothing is known of ${request.kind}`;
    try {
      if (asked.act === 'recover') await this.#recover(asked.recovery, serverId, card);
      else {
        const target = card ? { uuid: card.uuid } : { nodeId: serverId };
        await this.#simulation.injector.inject({ target, kind: asked.fault });
      }
      await this.#watch.reread([serverId]);
      return 'done';
    } catch (error) {
      // What a device refuses is an answer; anything else is a fault of ours, and still answers whoever asked.
      if (!(error instanceof DriverError))
        log.error('a device request failed', { ...request, reason: errorText(error) });
      return errorText(error);
    }
  }

  /** A card is reset through its driver; everything else is the business of its host. */
  async #recover(recovery: Recovery, serverId: string, card: FleetCard | null): Promise<void> {
    if (recovery !== 'device_reset') {
      this.#host(serverId, recovery).perform(recovery);
      return;
    }
    if (!card) throw new DriverError(DriverCode.INVALID_ARGUMENT, 'reset');
    await resetInOrder(present(this.#drivers.get(serverId), `driver of ${serverId}`), card);
  }

  /** Real hosts are started, rebooted and stopped by whoever runs them: we have no hand there. */
  #host(serverId: string, op: string): SimulatedHost {
    if (this.#real.nodeIds.includes(serverId)) throw new DriverError(DriverCode.NOT_SUPPORTED, op);
    return this.#simulation.host(serverId);
  }

  close(): void {
    this.#watch.close();
    void this.#real.close();
  }
}
