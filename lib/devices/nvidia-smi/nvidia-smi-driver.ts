import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../pci.ts';
import { bounded } from '../tool/bounded.ts';
import {
  type CallOptions,
  type DeviceDriver,
  type DeviceEventType,
  type DeviceInfo,
  type DeviceProcess,
  type DeviceRef,
  DriverCode,
  DriverError,
  type EventStream,
  type Fabric,
  type IcnLink,
  type NumberReading,
  type Presence,
  type Reading,
  type RecoveryAction,
  type SampleField,
  type SystemInfo,
  type Topology,
} from '../types.ts';
import { indexOf, infosOf } from './card-info.ts';
import { actionsOf, lostBuses } from './changes.ts';
import { readAction, readFabric, readGauge } from './gpu-row.ts';
import type { NvidiaServer } from './nvidia-server.ts';
import { linksOf } from './nvlink.ts';
import { PROCESS_ARGS, processesOf } from './processes.ts';
import * as controls from './controls.ts';
import type { ListedCard, ServerState } from './server-state.ts';
import { topologyOf } from './topo.ts';

/** The limit of a call that names none: a few runs of a tool that is slow but alive. */
const CALL_TIMEOUT_MS = 60_000;

type Found =
  | { readonly kind: 'listed'; readonly state: ServerState; readonly card: ListedCard }
  | { readonly kind: 'lost'; readonly state: ServerState; readonly busId: string };

/** A handle on a server with NVIDIA cards, over `nvidia-smi` and the kernel's log. */
export class NvidiaSmiDriver implements DeviceDriver {
  readonly #server: NvidiaServer;
  #isInitialised = false;

  constructor(server: NvidiaServer) {
    this.#server = server;
  }

  /** Needs no working driver: a server whose driver is away must be watched too. */
  async init(options?: CallOptions): Promise<void> {
    await bounded('init', options, CALL_TIMEOUT_MS, async () => {
      const log = this.#server.feed.start();
      await Promise.all([swallow(log), swallow(this.#server.state.run())]);
      this.#isInitialised = true;
    });
  }

  async shutdown(options?: CallOptions): Promise<void> {
    await bounded('shutdown', options, CALL_TIMEOUT_MS, async () => {
      this.#isInitialised = false;
    });
  }

  /** The library refuses a driver of another version, so where both answer they are of one. */
  async system(options?: CallOptions): Promise<SystemInfo> {
    return this.#call('system', options, async () => {
      const [card] = this.#cardsOf(await this.#server.state.run(), 'system');
      if (!card) throw new DriverError(DriverCode.NOT_FOUND, 'system');
      const version = card.row('driverVersion') ?? '';
      return { driver: version, library: version, runtime: null, vendor: 'nvidia' };
    });
  }

  async list(options?: CallOptions): Promise<DeviceInfo[]> {
    return this.#call('list', options, async () => {
      const cards = this.#cardsOf(await this.#server.state.run(), 'list');
      return (await infosOf(this.#server, cards)).sort((a, b) => a.index - b.index);
    });
  }

  async presence(options?: CallOptions): Promise<Presence[]> {
    return this.#call('presence', options, async () => {
      const { presence } = await this.#server.state.run();
      if (!presence.ok) throw new DriverError(presence.code, 'presence');
      const removed = [...this.#server.removedBuses].filter((busId) => !presence.value.has(busId));
      const entries = [...presence.value, ...removed.map((busId) => [busId, 'removed'] as const)];
      return entries.map(([pciBusId, state]) => ({ pciBusId, uuid: this.#server.uuidOf(pciBusId), state }));
    });
  }

  async info(ref: DeviceRef, options?: CallOptions): Promise<DeviceInfo> {
    return this.#call('info', options, async () => {
      const [info] = await infosOf(this.#server, [(await this.#reach('info', ref)).card]);
      if (!info) throw new DriverError(DriverCode.UNKNOWN, 'info');
      return info;
    });
  }

  async sample<F extends SampleField>(
    ref: DeviceRef,
    fields: readonly F[],
    options?: CallOptions,
  ): Promise<Record<F, NumberReading>> {
    return this.#call('sample', options, async () => {
      const found = await this.#find('sample', ref);
      const read = (field: F): NumberReading =>
        found.kind === 'lost'
          ? { ok: false, code: DriverCode.DEVICE_LOST }
          : readGauge(field, found.card.row, found.card.remap, found.state.at);
      return Object.fromEntries(fields.map((field) => [field, read(field)])) as Record<F, NumberReading>;
    });
  }

  async processes(ref: DeviceRef, options?: CallOptions): Promise<DeviceProcess[]> {
    return this.#call('processes', options, async () => {
      const { card } = await this.#reach('processes', ref);
      const at = this.#server.clock();
      return processesOf(await this.#server.ask('processes', PROCESS_ARGS), card.row('uuid') ?? '', at);
    });
  }

  async links(ref: DeviceRef, options?: CallOptions): Promise<IcnLink[]> {
    return this.#call('links', options, async () => {
      const at = this.#server.clock();
      const { card, state } = await this.#reach('links', ref);
      const uuid = card.row('uuid') ?? '';
      const buses = new Set(state.presence.ok ? state.presence.value.keys() : []);
      return linksOf(uuid, await this.#server.linksWith([uuid]), buses, at);
    });
  }

  async topology(options?: CallOptions): Promise<Topology> {
    return this.#call('topology', options, async () => {
      const [state, rows] = await Promise.all([this.#server.state.run(), this.#server.topo.run()]);
      const cards = this.#cardsOf(state, 'topology').map((card) => ({
        index: indexOf(card, state.at),
        uuid: card.row('uuid') ?? '',
      }));
      return topologyOf(
        rows,
        cards.sort((a, b) => a.index - b.index),
      );
    });
  }

  async fabric(ref: DeviceRef, options?: CallOptions): Promise<Reading<Fabric>> {
    return this.#call('fabric', options, async () => {
      const found = await this.#find('fabric', ref);
      return found.kind === 'lost'
        ? { ok: false, code: DriverCode.DEVICE_LOST }
        : readFabric(found.card.row, found.state.at);
    });
  }

  async recoveryAction(ref: DeviceRef, options?: CallOptions): Promise<Reading<RecoveryAction>> {
    return this.#call('recoveryAction', options, async () => {
      const found = await this.#find('recoveryAction', ref);
      if (found.kind === 'listed') return readAction(found.card.row, found.state.at);
      return { ok: true, value: actionsOf(found.state).get(found.busId) ?? 'cold_reboot', at: found.state.at };
    });
  }

  events(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    this.#requireInit('events');
    return this.#server.feed.subscribe(mask, signal);
  }

  async setDrain(pciBusId: string, on: boolean, options?: CallOptions): Promise<void> {
    await this.#control('setDrain', options, async (limits) =>
      controls.setDrain(this.#server, await this.#onBus('setDrain', pciBusId), on, limits),
    );
  }

  async remove(pciBusId: string, options?: CallOptions): Promise<void> {
    await this.#control('remove', options, async (limits) =>
      controls.remove(this.#server, await this.#onBus('remove', pciBusId), limits),
    );
  }

  async rediscover(options?: CallOptions): Promise<void> {
    await this.#control('rediscover', options, (limits) => controls.rediscover(this.#server, limits));
  }

  async reset(ref: DeviceRef, what: 'ppu' | 'icn' | 'ppu_icn', options?: CallOptions): Promise<void> {
    await this.#control('reset', options, async (limits) => {
      const { card, state } = await this.#reach('reset', ref);
      if (what === 'icn') throw new DriverError(DriverCode.RESET_TYPE_NOT_SUPPORTED, 'reset');
      await controls.reset(this.#server, card.busId, limits);
      if (!readAction(card.row, state.at).ok) this.#server.feed.mended(card.busId);
    });
  }

  async setPowerLimit(ref: DeviceRef, milliwatts: number, options?: CallOptions): Promise<void> {
    await this.#control('setPowerLimit', options, async (limits) =>
      controls.setPowerLimit(this.#server, (await this.#reach('setPowerLimit', ref)).card.busId, milliwatts, limits),
    );
  }

  async setPartitionMode(ref: DeviceRef, on: boolean, options?: CallOptions): Promise<void> {
    await this.#control('setPartitionMode', options, async (limits) =>
      controls.setPartitionMode(this.#server, (await this.#reach('setPartitionMode', ref)).card.busId, on, limits),
    );
  }

  #requireInit(op: string): void {
    if (!this.#isInitialised) throw new DriverError(DriverCode.UNINITIALIZED, op);
  }

  #call<T>(op: string, options: CallOptions | undefined, work: () => Promise<T>): Promise<T> {
    return bounded(op, options, CALL_TIMEOUT_MS, () => {
      this.#requireInit(op);
      return work();
    });
  }

  #control(op: string, options: CallOptions | undefined, work: (limits: CallOptions) => Promise<void>): Promise<void> {
    return this.#call(op, options, () => work(options ?? {}));
  }

  #cardsOf({ cards }: ServerState, op: string): ListedCard[] {
    if (!cards.ok) throw new DriverError(cards.code, op);
    return [...cards.value.values()];
  }

  /** A lost card is known by uuid and bus, but by no index. */
  async #find(op: string, ref: DeviceRef): Promise<Found> {
    const state = await this.#server.state.run();
    const card = this.#cardsOf(state, op).find((candidate) => isNamed(candidate, ref, state.at));
    if (card) return { kind: 'listed', state, card };
    const busId = lostBuses(state).find((bus) => this.#isAt(bus, ref));
    if (busId === undefined) throw new DriverError(DriverCode.NOT_FOUND, op, 'uuid' in ref ? ref.uuid : null);
    return { kind: 'lost', state, busId };
  }

  async #reach(op: string, ref: DeviceRef): Promise<Found & { kind: 'listed' }> {
    const found = await this.#find(op, ref);
    if (found.kind === 'listed') return found;
    throw new DriverError(DriverCode.DEVICE_LOST, op, this.#server.uuidOf(found.busId));
  }

  #isAt(busId: string, ref: DeviceRef): boolean {
    if ('uuid' in ref) return this.#server.uuidOf(busId) === ref.uuid;
    return 'pciBusId' in ref && normalisePciBusId(ref.pciBusId) === busId;
  }

  /** A card on the bus that answers there, listed or drained. */
  async #onBus(op: string, pciBusId: string): Promise<string> {
    const busId = normalisePciBusId(pciBusId);
    if (busId === null) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
    const { cards, presence } = await this.#server.state.run();
    if (!cards.ok) throw new DriverError(cards.code, op);
    if (!presence.ok) throw new DriverError(presence.code, op);
    const state = presence.value.get(busId);
    if (state === undefined) throw new DriverError(DriverCode.NOT_FOUND, op);
    if (state === 'lost') throw new DriverError(DriverCode.DEVICE_LOST, op, this.#server.uuidOf(busId));
    return busId;
  }
}

function isNamed(card: ListedCard, ref: DeviceRef, at: Instant): boolean {
  if ('uuid' in ref) return card.row('uuid') === ref.uuid;
  if ('pciBusId' in ref) return card.busId === normalisePciBusId(ref.pciBusId);
  return indexOf(card, at) === ref.index;
}

/** What does not work yet shows in later calls. */
async function swallow(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
  }
}
