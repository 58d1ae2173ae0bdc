import type { ToolCommand } from '../tool/command.ts';
import { type DeviceInfo, DriverCode, DriverError, type Presence, type PresenceState } from '../types.ts';
import type { CardDirectory } from './card-directory.ts';
import { type PpuSmiConnection, TIMEOUT_MS } from './connection.ts';
import { type BusEntry, parseLspci, readDrain } from './pci-view.ts';
import { readTool, unreadable } from './tool-text.ts';
import { PPU_PCI_ID } from '../pci.ts';

/** Where the cards of a server are, whatever the driver lists. Remembers what it told, for when the driver is away. */
export class BusPresence {
  readonly #connection: PpuSmiConnection;
  readonly #directory: CardDirectory;
  readonly #last = new Map<string, PresenceState>();

  constructor(connection: PpuSmiConnection, directory: CardDirectory) {
    this.#connection = connection;
    this.#directory = directory;
  }

  /** Vanished from the list is not lost: what the bus still shows may be drained, and only the driver knows. */
  async read(): Promise<Presence[]> {
    const { lspci } = this.#connection;
    const [onBus, listed] = await Promise.all([lspci && this.#readBus(lspci), this.#listed()]);
    const entries = onBus ?? this.#asIfOnBus();
    const isContradiction =
      onBus && listed?.some(({ pciBusId }) => !onBus.some((entry) => entry.pciBusId === pciBusId));
    if (isContradiction) throw unreadable('lspci');
    const states = new Map<string, PresenceState>();
    for (const entry of entries) states.set(entry.pciBusId, await this.#stateOf(entry, listed, onBus !== null));
    for (const bus of this.#directory.uuidAtBus.keys()) if (!states.has(bus)) states.set(bus, this.#goneState(bus));
    for (const [bus, state] of states) this.#last.set(bus, state);
    return [...states].map(([pciBusId, state]) => ({
      pciBusId,
      uuid: this.#directory.uuidAtBus.get(pciBusId) ?? null,
      state,
    }));
  }

  /** Null while the driver is away: the bus needs none. */
  async #listed(): Promise<readonly DeviceInfo[] | null> {
    try {
      return await this.#directory.list();
    } catch (error) {
      const isAway =
        error instanceof DriverError &&
        (error.code === DriverCode.DRIVER_NOT_LOADED || error.code === DriverCode.LIB_RM_MISMATCH);
      if (isAway) return null;
      throw error;
    }
  }

  #readBus(lspci: ToolCommand): Promise<BusEntry[]> {
    return readTool(lspci, ['-D', '-d', PPU_PCI_ID], { timeoutMs: this.#timeoutMs }, parseLspci);
  }

  /** Without a PCI view the cards seen so far stand for it. */
  #asIfOnBus(): BusEntry[] {
    return [...this.#directory.uuidAtBus.keys()].map((pciBusId) => ({ pciBusId, isSilent: false }));
  }

  async #stateOf(
    { pciBusId, isSilent }: BusEntry,
    listed: readonly DeviceInfo[] | null,
    isSeen: boolean,
  ): Promise<PresenceState> {
    if (isSilent) return 'lost';
    if (listed === null) return this.#last.get(pciBusId) === 'draining' ? 'draining' : 'present';
    if (listed.some((info) => info.pciBusId === pciBusId)) return 'present';
    // The driver has a card that is refused; only we do not list it.
    if (this.#directory.isRefused(this.#directory.uuidAtBus.get(pciBusId) ?? '')) return 'present';
    return this.#vanishedState(pciBusId, isSeen);
  }

  async #vanishedState(pciBusId: string, isSeen: boolean): Promise<PresenceState> {
    try {
      const isDraining = await readDrain(this.#connection.ppuSmi, pciBusId, { timeoutMs: this.#timeoutMs });
      return isDraining ? 'draining' : 'lost';
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      if (error.code === DriverCode.DEVICE_LOST) return 'lost';
      if (error.code !== DriverCode.NOT_FOUND) throw error;
      return isSeen ? 'lost' : this.#goneState(pciBusId);
    }
  }

  /** A card that was drained before it left the bus was taken off it; any other fell off. */
  #goneState(pciBusId: string): PresenceState {
    const last = this.#last.get(pciBusId);
    return last === 'draining' || last === 'removed' ? 'removed' : 'lost';
  }

  /** Somebody drained or removed it through us: remembered even when nobody looked in between. */
  note(pciBusId: string, state: PresenceState): void {
    this.#last.set(pciBusId, state);
  }

  get #timeoutMs(): number {
    return this.#connection.timeoutMs ?? TIMEOUT_MS;
  }
}
