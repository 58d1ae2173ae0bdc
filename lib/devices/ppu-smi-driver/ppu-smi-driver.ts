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
import { bounded, type Limits } from '../tool/bounded.ts';
import { RESET_TIMEOUT_MS, TIMEOUT_MS } from './connection.ts';
import type { PpuSmiServer } from './server.ts';

/** A handle on a server that is managed through `ppu-smi`, ours or the vendor's. Handles of a server share its feed. */
export class PpuSmiDriver implements DeviceDriver {
  readonly #server: PpuSmiServer;
  #isInitialised = false;

  constructor(server: PpuSmiServer) {
    this.#server = server;
  }

  /** Resolves when events are heard, so that a subscription is live from its call. */
  init(options?: CallOptions): Promise<void> {
    return this.#bounded('init', options, async () => {
      await this.#server.listen(this);
      this.#isInitialised = true;
    });
  }

  async shutdown(options?: CallOptions): Promise<void> {
    this.#isInitialised = false;
    return this.#bounded('shutdown', options, () => this.#server.leave(this));
  }

  system(options?: CallOptions): Promise<SystemInfo> {
    return this.#ask('system', options, () => this.#server.system());
  }

  list(options?: CallOptions): Promise<readonly DeviceInfo[]> {
    return this.#ask('list', options, () => this.#server.list());
  }

  presence(options?: CallOptions): Promise<readonly Presence[]> {
    return this.#ask('presence', options, () => this.#server.presence.read());
  }

  info(ref: DeviceRef, options?: CallOptions): Promise<DeviceInfo> {
    return this.#ask('info', options, () => this.#server.info(ref));
  }

  sample<F extends SampleField>(
    ref: DeviceRef,
    fields: readonly F[],
    options?: CallOptions,
  ): Promise<Readonly<Record<F, NumberReading>>> {
    return this.#ask('sample', options, async () => {
      const uuid = await this.#server.directory.uuidOf('sample', ref);
      return Object.fromEntries(await this.#server.readings.sample(uuid, fields)) as Record<F, NumberReading>;
    });
  }

  processes(ref: DeviceRef, options?: CallOptions): Promise<readonly DeviceProcess[]> {
    return this.#ask('processes', options, async () => {
      const { uuid } = await this.#server.info(ref);
      return this.#server.readings.processes(uuid);
    });
  }

  links(ref: DeviceRef, options?: CallOptions): Promise<readonly IcnLink[]> {
    return this.#ask('links', options, async () => {
      return this.#server.readings.links(await this.#server.directory.uuidOf('links', ref));
    });
  }

  topology(options?: CallOptions): Promise<Topology> {
    return this.#ask('topology', options, () => this.#server.topology());
  }

  fabric(ref: DeviceRef, options?: CallOptions): Promise<Reading<Fabric>> {
    return this.#ask('fabric', options, () => this.#server.fabric(ref));
  }

  recoveryAction(ref: DeviceRef, options?: CallOptions): Promise<Reading<RecoveryAction>> {
    return this.#ask('recoveryAction', options, () => this.#server.recoveryAction(ref));
  }

  /** Live from this call when the handle was initialised and its feed has not broken since; `NOT_READY` otherwise. */
  events(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    this.#open('events');
    return this.#server.subscribe(mask, signal);
  }

  setDrain(pciBusId: string, on: boolean, options?: CallOptions): Promise<void> {
    return this.#ask('setDrain', options, (limits) => this.#server.controls.setDrain(pciBusId, on, limits));
  }

  remove(pciBusId: string, options?: CallOptions): Promise<void> {
    return this.#ask('remove', options, (limits) => this.#server.controls.remove(pciBusId, limits));
  }

  rediscover(options?: CallOptions): Promise<void> {
    return this.#ask('rediscover', options, (limits) => this.#server.controls.rediscover(limits));
  }

  /** The tool refuses to reset under a monitor, and the feed is one: it ends first, with every stream of the server. */
  reset(ref: DeviceRef, what: 'ppu' | 'icn' | 'ppu_icn', options?: CallOptions): Promise<void> {
    return this.#ask('reset', options, (limits) => this.#server.reset(ref, what, limits), RESET_TIMEOUT_MS);
  }

  setPowerLimit(ref: DeviceRef, milliwatts: number, options?: CallOptions): Promise<void> {
    return this.#ask('setPowerLimit', options, (limits) =>
      this.#server.controls.setPowerLimit(ref, milliwatts, limits),
    );
  }

  setPartitionMode(ref: DeviceRef, on: boolean, options?: CallOptions): Promise<void> {
    return this.#ask('setPartitionMode', options, (limits) => this.#server.controls.setPartitionMode(ref, on, limits));
  }

  async #ask<T>(
    op: string,
    options: CallOptions | undefined,
    work: (limits: Limits) => Promise<T>,
    standardMs?: number,
  ): Promise<T> {
    return this.#bounded(
      op,
      options,
      (limits) => {
        this.#open(op);
        return work(limits);
      },
      standardMs,
    );
  }

  /** A call may need several runs of the tool, each bounded by itself: twice that bound is the call's. */
  #bounded<T>(
    op: string,
    options: CallOptions | undefined,
    work: (limits: Limits) => Promise<T>,
    standardMs = 2 * (this.#server.connection.timeoutMs ?? TIMEOUT_MS),
  ): Promise<T> {
    return bounded(op, options, standardMs, work);
  }

  #open(op: string): void {
    if (!this.#isInitialised) throw new DriverError(DriverCode.UNINITIALIZED, op);
  }
}
