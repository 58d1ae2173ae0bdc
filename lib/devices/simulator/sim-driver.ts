import type { Instant } from '#lib/core/instant.ts';
import { EventBuffer } from '../event-buffer.ts';
import { normalisePciBusId } from '../pci.ts';
import {
  type CallOptions,
  type DeviceDriver,
  type DeviceEvent,
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
import { drain, remove, rediscover, setPartitionMode, setPowerLimit } from './controls.ts';
import { actionOf } from './faults.ts';
import {
  cardOf,
  fabricOf,
  infoOf,
  isListed,
  presenceOf,
  processesOf,
  resettableCardOf,
  topologyOf,
} from './inspect.ts';
import { readField, readLinks } from './readings.ts';
import { resetCard } from './repairs.ts';
import { driverFailure, isBound, type Sim, type SimCard, type SimNode } from './state.ts';

/** What a driver needs of the world around it. */
export type DriverHost = {
  readonly sim: Sim;
  readonly node: SimNode;
  /** Lets everything due happen first; counts the call as an operation when it is one. */
  catchUp(isOperation: boolean): void;
};

/** The management interface of a simulated server. Each handle is its own client: own `init`, own subscriptions. */
export class SimDriver implements DeviceDriver {
  readonly #host: DriverHost;
  #isInitialised = false;

  constructor(host: DriverHost) {
    this.#host = host;
  }

  async init(options?: CallOptions): Promise<void> {
    this.#begin('init', options);
    this.#isInitialised = true;
  }

  async shutdown(options?: CallOptions): Promise<void> {
    this.#begin('shutdown', options);
    this.#isInitialised = false;
  }

  async system(options?: CallOptions): Promise<SystemInfo> {
    const { driverVersion } = this.#ask('system', options);
    return { driver: driverVersion, library: driverVersion, runtime: null, vendor: this.#host.node.profile.vendor };
  }

  async list(options?: CallOptions): Promise<DeviceInfo[]> {
    return this.#ask('list', options)
      .cards.filter(isListed)
      .map(infoOf)
      .sort((a, b) => a.index - b.index);
  }

  /** The PCI view needs no driver. */
  async presence(options?: CallOptions): Promise<Presence[]> {
    this.#open('presence', options);
    return this.#host.node.cards.map((card) => ({
      pciBusId: card.pciBusId,
      uuid: card.uuid,
      state: presenceOf(card),
    }));
  }

  async info(ref: DeviceRef, options?: CallOptions): Promise<DeviceInfo> {
    return infoOf(this.#reach('info', ref, options));
  }

  async sample<F extends SampleField>(
    ref: DeviceRef,
    fields: readonly F[],
    options?: CallOptions,
  ): Promise<Record<F, NumberReading>> {
    const card = this.#find('sample', ref, options);
    const readings = fields.map((field) => [field, readField(card, field, this.#now)] as const);
    return Object.fromEntries(readings) as Record<F, NumberReading>;
  }

  async processes(ref: DeviceRef, options?: CallOptions): Promise<DeviceProcess[]> {
    return processesOf(this.#reach('processes', ref, options), this.#now);
  }

  async links(ref: DeviceRef, options?: CallOptions): Promise<IcnLink[]> {
    return readLinks(this.#reach('links', ref, options), this.#now);
  }

  async topology(options?: CallOptions): Promise<Topology> {
    return topologyOf(this.#ask('topology', options));
  }

  async fabric(ref: DeviceRef, options?: CallOptions): Promise<Reading<Fabric>> {
    return fabricOf(this.#find('fabric', ref, options), this.#now);
  }

  async recoveryAction(ref: DeviceRef, options?: CallOptions): Promise<Reading<RecoveryAction>> {
    return { ok: true, value: actionOf(this.#find('recoveryAction', ref, options)), at: this.#now };
  }

  events(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    this.#open('events');
    const { node } = this.#host;
    const buffer = new EventBuffer(mask, signal, (ended) => node.subscribers.delete(ended));
    if (!signal.aborted) node.subscribers.add(buffer);
    return new SimEventStream(buffer, this.#host);
  }

  async setDrain(pciBusId: string, on: boolean, options?: CallOptions): Promise<void> {
    drain(this.#atBus('setDrain', pciBusId, options), on);
  }

  async remove(pciBusId: string, options?: CallOptions): Promise<void> {
    remove(this.#host.sim, this.#atBus('remove', pciBusId, options));
  }

  async rediscover(options?: CallOptions): Promise<void> {
    rediscover(this.#host.sim, this.#ask('rediscover', options));
  }

  async reset(ref: DeviceRef, what: 'ppu' | 'icn' | 'ppu_icn', options?: CallOptions): Promise<void> {
    const card = resettableCardOf(this.#ask('reset', options), ref);
    if (!card) throw notFound('reset', ref);
    resetCard(this.#host.sim, card, what);
  }

  async setPowerLimit(ref: DeviceRef, milliwatts: number, options?: CallOptions): Promise<void> {
    setPowerLimit(this.#host.sim, this.#reach('setPowerLimit', ref, options), milliwatts);
  }

  async setPartitionMode(ref: DeviceRef, on: boolean, options?: CallOptions): Promise<void> {
    setPartitionMode(this.#host.sim, this.#reach('setPartitionMode', ref, options), on);
  }

  get #now(): Instant {
    return this.#host.sim.now;
  }

  #begin(op: string, options: CallOptions = {}): void {
    const { signal, timeoutMs = 1 } = options;
    if (!(timeoutMs > 0)) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
    if (signal?.aborted) throw new DriverError(DriverCode.TIMEOUT, op);
    this.#host.catchUp(true);
  }

  #open(op: string, options?: CallOptions): void {
    this.#begin(op, options);
    if (!this.#isInitialised) throw new DriverError(DriverCode.UNINITIALIZED, op);
  }

  /** Past the driver: the server whose driver answers. */
  #ask(op: string, options?: CallOptions): SimNode {
    this.#open(op, options);
    const code = driverFailure(this.#host.node);
    if (code !== null) throw new DriverError(code, op);
    return this.#host.node;
  }

  #find(op: string, ref: DeviceRef, options?: CallOptions): SimCard {
    const card = cardOf(this.#ask(op, options), ref);
    if (!card) throw notFound(op, ref);
    return card;
  }

  /** A card that can be talked to: a lost one cannot. */
  #reach(op: string, ref: DeviceRef, options?: CallOptions): SimCard {
    const card = this.#find(op, ref, options);
    if (presenceOf(card) === 'lost') throw new DriverError(DriverCode.DEVICE_LOST, op, card.uuid);
    return card;
  }

  #atBus(op: string, pciBusId: string, options?: CallOptions): SimCard {
    const node = this.#ask(op, options);
    const wanted = normalisePciBusId(pciBusId);
    if (wanted === null) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
    const card = node.cards.find(
      (candidate) => candidate.pciBusId === wanted && !candidate.isRemoved && isBound(candidate),
    );
    if (!card) throw new DriverError(DriverCode.NOT_FOUND, op);
    if (presenceOf(card) === 'lost') throw new DriverError(DriverCode.DEVICE_LOST, op, card.uuid);
    return card;
  }
}

function notFound(op: string, ref: DeviceRef): DriverError {
  return new DriverError(DriverCode.NOT_FOUND, op, 'uuid' in ref ? ref.uuid : null);
}

/** A look at the stream first lets happen what is due, so silence up to the clock is silence indeed. */
class SimEventStream implements EventStream {
  readonly #buffer: EventBuffer;
  readonly #host: DriverHost;

  constructor(buffer: EventBuffer, host: DriverHost) {
    this.#buffer = buffer;
    this.#host = host;
  }

  get pending(): number {
    this.#host.catchUp(false);
    return this.#buffer.pending;
  }

  get completeTo(): Instant {
    this.#host.catchUp(false);
    return this.#host.sim.now;
  }

  [Symbol.asyncIterator](): AsyncIterator<DeviceEvent> {
    return this.#buffer;
  }
}
