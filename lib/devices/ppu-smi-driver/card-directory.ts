import { normalisePciBusId } from '../pci.ts';
import { type DeviceArch, type DeviceInfo, type DeviceRef, DriverCode, DriverError } from '../types.ts';
import { type CardDetails, type CardPlace, deviceNodeOf, IDENTITY_COLUMNS, infoOf, placeOf } from './card-list.ts';
import type { CardTable } from './card-table.ts';
import { Coalescer } from './coalescer.ts';
import { type PpuSmiConnection, TIMEOUT_MS } from './connection.ts';
import { parseLinkLines } from './links.ts';
import { parseReport, uuidOf, wholeNumber } from './report.ts';
import { parseTopology } from './topology.ts';
import { readTool, unreadable } from './tool-text.ts';

type Listing = { readonly infos: readonly DeviceInfo[]; readonly numbers: ReadonlyMap<number, string> };
type KnownDetails = CardDetails & { readonly isRefused: boolean };

/**
 * Who the cards of a server are. Details that hold for a boot are read once per place; a card once seen keeps its uuid
 * by its bus id, so that one that left the list can still be named.
 */
export class CardDirectory {
  readonly #connection: PpuSmiConnection;
  readonly #table: CardTable;
  readonly #lists: Coalescer<null, Listing>;
  readonly #uuidAtBus = new Map<string, string>();
  readonly #details = new Map<string, KnownDetails>();
  readonly #infos = new Map<string, DeviceInfo>();
  readonly #archs = new Map<string, DeviceArch>();
  readonly #refused = new Set<string>();

  constructor(connection: PpuSmiConnection, table: CardTable) {
    this.#connection = connection;
    this.#table = table;
    this.#lists = new Coalescer(() => this.#readList());
  }

  /** The cards that can be worked with, by index. */
  async list(): Promise<readonly DeviceInfo[]> {
    return (await this.#lists.ask(null)).infos;
  }

  /** The uuids behind the numbers of this boot, of refused cards too. */
  async numbers(): Promise<ReadonlyMap<number, string>> {
    return (await this.#lists.ask(null)).numbers;
  }

  /** The uuid of the card last seen at each bus id. */
  get uuidAtBus(): ReadonlyMap<string, string> {
    return this.#uuidAtBus;
  }

  /** How its XIDs are read; `unknown` for a card that was never listed. */
  archOf(uuid: string): DeviceArch {
    return this.#archs.get(uuid) ?? 'unknown';
  }

  /** True for a card whose device node is not its own. */
  isRefused(uuid: string): boolean {
    return this.#refused.has(uuid);
  }

  /** What holds for a boot is forgotten: a new one may have begun. */
  forgetBoot(): void {
    this.#details.clear();
    this.#infos.clear();
  }

  /** Rejects `NOT_FOUND` for a name of no card, `INVALID_STATE` for a card that is refused. */
  async uuidOf(op: string, ref: DeviceRef): Promise<string> {
    const uuid = 'uuid' in ref ? ref.uuid : await this.#find(op, ref);
    if (this.isRefused(uuid)) throw new DriverError(DriverCode.INVALID_STATE, op, uuid);
    return uuid;
  }

  async #find(op: string, ref: { pciBusId: string } | { index: number }): Promise<string> {
    const pciBusId = 'pciBusId' in ref ? normalisePciBusId(ref.pciBusId) : null;
    if ('pciBusId' in ref && pciBusId === null) throw new DriverError(DriverCode.INVALID_ARGUMENT, op);
    const listed = await this.list();
    const found = listed.find((info) => ('index' in ref ? info.index === ref.index : info.pciBusId === pciBusId));
    const uuid = found?.uuid ?? this.#uuidAtBus.get(pciBusId ?? '');
    if (uuid === undefined) throw new DriverError(DriverCode.NOT_FOUND, op);
    return uuid;
  }

  async #readList(): Promise<Listing> {
    const rows = await this.#table.read(IDENTITY_COLUMNS, null, { timeoutMs: this.#timeoutMs }).catch(noneFound);
    const cards = rows.map((row) => ({ row, place: placeOf(row) }));
    if (cards.some(({ place }) => !this.#details.has(keyOf(place)))) {
      await this.#readDetails(cards.map(({ place }) => place));
    }
    const infos = cards.flatMap(({ row, place }) => {
      this.#uuidAtBus.set(place.pciBusId, place.uuid);
      const details = this.#details.get(keyOf(place));
      if (!details) throw unreadable('list');
      if (details.isRefused) this.#refused.add(place.uuid);
      else this.#refused.delete(place.uuid);
      if (details.isRefused) return [];
      // A card that cannot answer now is still what it was.
      const info = infoOf(row, place, details) ?? this.#infos.get(keyOf(place));
      if (info) this.#infos.set(keyOf(place), info);
      return info ?? [];
    });
    for (const { uuid, arch } of infos) this.#archs.set(uuid, arch);
    return {
      infos: infos.sort((a, b) => a.index - b.index),
      numbers: new Map(cards.map(({ place }) => [place.index, place.uuid])),
    };
  }

  async #readDetails(places: readonly CardPlace[]): Promise<void> {
    const { ppuSmi } = this.#connection;
    const options = { timeoutMs: this.#timeoutMs };
    const [report, topology, links] = await Promise.all([
      readTool(ppuSmi, ['-q'], options, parseReport),
      readTool(ppuSmi, ['topo', '-m'], options, parseTopology).catch(unlessSupported),
      readTool(ppuSmi, ['icn', '-s'], options, parseLinkLines).catch(unlessSupported),
    ]);
    for (const place of places) {
      const own = report.cards.find((card) => uuidOf(card) === place.uuid);
      if (!own) throw unreadable('-q');
      const details: CardDetails = {
        minor: wholeNumber(own, 'Minor Number'),
        rearId: wholeNumber(own, 'Rear ID'),
        numaNode: topology?.numaOf(place.index) ?? null,
        cpuAffinity: topology?.cpusOf(place.index) ?? null,
        icnLinks: links?.get(place.uuid)?.size ?? 0,
      };
      this.#details.set(keyOf(place), { ...details, isRefused: await this.#isRefused(place, details) });
    }
  }

  /** A card whose node belongs to another card would hand its holder a stranger's. */
  async #isRefused({ index }: CardPlace, { minor }: CardDetails): Promise<boolean> {
    const actual = (await this.#connection.nodeMinor?.(deviceNodeOf(index))) ?? null;
    return actual !== null && minor !== null && actual !== minor;
  }

  get #timeoutMs(): number {
    return this.#connection.timeoutMs ?? TIMEOUT_MS;
  }
}

function keyOf({ uuid, index, pciBusId }: CardPlace): string {
  return `${uuid}/${index}/${pciBusId}`;
}

/** A server on which every card is drained or lost has an empty list. */
function noneFound(error: unknown): [] {
  if (error instanceof DriverError && error.code === DriverCode.NOT_FOUND) return [];
  throw error;
}

function unlessSupported(error: unknown): null {
  if (error instanceof DriverError && error.code === DriverCode.NOT_SUPPORTED) return null;
  throw error;
}
