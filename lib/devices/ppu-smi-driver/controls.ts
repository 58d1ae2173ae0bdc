import { normalisePciBusId } from '../pci.ts';
import { codeOfText } from '../tool/error-text.ts';
import { type DeviceRef, DriverCode, DriverError } from '../types.ts';
import type { Limits } from '../tool/bounded.ts';
import type { BusPresence } from './bus-presence.ts';
import type { CardDirectory } from './card-directory.ts';
import type { CardReadings } from './card-readings.ts';
import type { PpuSmiConnection } from './connection.ts';
import { drainBusId, readDrain } from './pci-view.ts';
import { unreadable } from './tool-text.ts';

/** What controls need to know of the server they act on. */
type Server = {
  readonly directory: CardDirectory;
  readonly presence: BusPresence;
  readonly readings: CardReadings;
};

const RESET_ARGS = { ppu: ['-r'], icn: ['--reset', 'ICN'], ppu_icn: ['--reset', 'PPU_ICN'] } as const;
const MILLIWATTS_PER_WATT = 1_000;

/**
 * Changes through the tool. It may fail with status 0, so its text is read, and what can be read back is: a change that
 * does not show has not happened. Every change names its card, for without a name the tool changes all of them.
 */
export class CardControls {
  readonly #connection: PpuSmiConnection;
  readonly #server: Server;

  constructor(connection: PpuSmiConnection, server: Server) {
    this.#connection = connection;
    this.#server = server;
  }

  async setDrain(pciBusId: string, on: boolean, limits: Limits): Promise<void> {
    const bus = busOf('setDrain', pciBusId);
    await this.#change(['drain', '-p', drainBusId(bus), '-m', on ? '1' : '0'], limits);
    const isDraining = await readDrain(this.#connection.ppuSmi, bus, limits);
    if (isDraining !== on) throw unreadable('setDrain');
    this.#server.presence.note(bus, on ? 'draining' : 'present');
  }

  async remove(pciBusId: string, limits: Limits): Promise<void> {
    const bus = busOf('remove', pciBusId);
    await this.#change(['drain', '-p', drainBusId(bus), '-r'], limits);
    this.#server.presence.note(bus, 'removed');
  }

  async rediscover(limits: Limits): Promise<void> {
    await this.#change(['drain', '-d'], limits);
  }

  async reset(uuid: string, what: keyof typeof RESET_ARGS, limits: Limits): Promise<void> {
    await this.#change([...RESET_ARGS[what], '-i', uuid, '-eow'], limits);
  }

  /** The tool takes whole watts. */
  async setPowerLimit(ref: DeviceRef, milliwatts: number, limits: Limits): Promise<void> {
    const uuid = await this.#server.directory.uuidOf('setPowerLimit', ref);
    const watts = milliwatts / MILLIWATTS_PER_WATT;
    if (!Number.isInteger(watts) || watts <= 0) {
      throw new DriverError(DriverCode.INVALID_ARGUMENT, 'setPowerLimit', uuid);
    }
    await this.#change(['-pl', String(watts), '-i', uuid, '-eow'], limits);
    const [limit] = await this.#server.readings.sample(uuid, ['powerLimitMw']);
    if (!limit?.[1].ok || limit[1].value !== milliwatts) throw unreadable('setPowerLimit');
  }

  async setPartitionMode(ref: DeviceRef, on: boolean, limits: Limits): Promise<void> {
    const uuid = await this.#server.directory.uuidOf('setPartitionMode', ref);
    await this.#change(['-mig', on ? '1' : '0', '-i', uuid, '-eow'], limits);
    const info = (await this.#server.directory.list()).find((card) => card.uuid === uuid);
    if (info?.mig !== (on ? 'on' : 'off')) throw unreadable('setPartitionMode');
  }

  async #change(args: readonly string[], limits: Limits): Promise<void> {
    const { stdout, stderr, exitCode } = await this.#connection.ppuSmi.run(args, limits);
    const code = codeOfText(`${stdout}\n${stderr}`) ?? (exitCode === 0 ? null : DriverCode.UNKNOWN);
    if (code !== null) throw new DriverError(code, args.join(' '));
  }
}

function busOf(op: string, pciBusId: string): string {
  const bus = normalisePciBusId(pciBusId);
  if (bus === null) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
  return bus;
}
