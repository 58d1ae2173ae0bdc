import {
  type DeviceEventType,
  type DeviceInfo,
  type DeviceRef,
  DriverCode,
  DriverError,
  type EventStream,
  type Fabric,
  type Reading,
  type RecoveryAction,
  type SystemInfo,
  type Topology,
} from '../types.ts';
import { decodeXid } from '../xid.ts';
import type { XidClass } from '../xid-row.ts';
import type { Limits } from '../tool/bounded.ts';
import { BusPresence } from './bus-presence.ts';
import { CardDirectory } from './card-directory.ts';
import { attemptCard, CardReadings } from './card-readings.ts';
import { CardTable } from './card-table.ts';
import { type PpuSmiConnection, TIMEOUT_MS } from './connection.ts';
import { CardControls } from './controls.ts';
import { EventFeed } from './event-feed.ts';
import { fabricOf, parseReport, recoveryOf } from './report.ts';
import { readTool, unreadable } from './tool-text.ts';
import { parseTopology, topologyOf } from './topology.ts';

const GRAVE: ReadonlySet<XidClass> = new Set(['blocked', 'interconnect', 'device_lost']);

/** One server behind its tool: who its cards are, what they say, what can be done to them, and one feed of its events. */
export class PpuSmiServer {
  readonly connection: PpuSmiConnection;
  readonly directory: CardDirectory;
  readonly presence: BusPresence;
  readonly readings: CardReadings;
  readonly controls: CardControls;
  /** The handles in use; the feed lives as long as there is one. */
  readonly #users = new Set<object>();
  #feed: EventFeed | null = null;

  constructor(connection: PpuSmiConnection) {
    this.connection = connection;
    const table = new CardTable(connection.ppuSmi);
    this.directory = new CardDirectory(connection, table);
    this.presence = new BusPresence(connection, this.directory);
    this.readings = new CardReadings(connection, table);
    this.controls = new CardControls(connection, this);
  }

  /** Counts a handle in, and resolves when events are heard. */
  async listen(user: object): Promise<void> {
    this.#users.add(user);
    if (!this.#feed || this.#feed.isOver) this.#feed = this.#openFeed();
    await this.#feed.started;
  }

  /** Counts a handle out; the last one ends the feed. */
  async leave(user: object): Promise<void> {
    this.#users.delete(user);
    if (this.#users.size === 0) await this.close();
  }

  /** Ends the feed, whoever uses it. */
  async close(): Promise<void> {
    this.#users.clear();
    const feed = this.#feed;
    this.#feed = null;
    await feed?.stop(new DriverError(DriverCode.UNINITIALIZED, 'shutdown'));
  }

  subscribe(mask: readonly DeviceEventType[], signal: AbortSignal): EventStream {
    if (!this.#feed) throw new DriverError(DriverCode.NOT_READY, 'events');
    return this.#feed.subscribe(mask, signal);
  }

  async list(): Promise<readonly DeviceInfo[]> {
    const infos = await this.directory.list();
    this.#feed?.check(new Map(infos.map(({ index, uuid }) => [index, uuid])));
    return infos;
  }

  /** Rejects with what the tool says of a card that is not listed: `DEVICE_LOST`, or `NOT_FOUND`. */
  async info(ref: DeviceRef): Promise<DeviceInfo> {
    const [uuid, infos] = await Promise.all([this.directory.uuidOf('info', ref), this.list()]);
    const found = infos.find((info) => info.uuid === uuid);
    if (found) return found;
    const [sampled] = await this.readings.sample(uuid, ['utilPct']);
    const reading = sampled?.[1];
    throw new DriverError(reading && !reading.ok ? reading.code : DriverCode.NOT_FOUND, 'info', uuid);
  }

  async system(): Promise<SystemInfo> {
    const { head } = await readTool(this.connection.ppuSmi, ['-q', '-d', 'VERSION'], this.#limits, parseReport);
    const driver = head.get('Driver Version');
    if (driver === undefined) throw unreadable('-q');
    const told = (key: string): string | null => {
      const text = head.get(key) ?? 'N/A';
      return text === 'N/A' ? null : text;
    };
    return { driver, library: told('HGML Version') ?? driver, runtime: told('HGGC Version'), vendor: 'thead' };
  }

  async topology(): Promise<Topology> {
    const [table, infos] = await Promise.all([
      readTool(this.connection.ppuSmi, ['topo', '-m'], this.#limits, parseTopology),
      this.list(),
    ]);
    return topologyOf(table, infos);
  }

  async fabric(ref: DeviceRef): Promise<Reading<Fabric>> {
    const uuid = await this.directory.uuidOf('fabric', ref);
    const report = await attemptCard(this.readings.report(uuid));
    return report.ok ? fabricOf(report.value.value, report.value.at) : report;
  }

  async recoveryAction(ref: DeviceRef): Promise<Reading<RecoveryAction>> {
    return this.#actionOf(await this.directory.uuidOf('recoveryAction', ref));
  }

  async #actionOf(uuid: string): Promise<Reading<RecoveryAction>> {
    const report = await attemptCard(this.readings.report(uuid));
    return report.ok ? recoveryOf(report.value.value, report.value.at) : report;
  }

  /** Rejects `IN_USE` before anything is given up: on a busy server a reset would be refused, and the feed lost for it. */
  async reset(ref: DeviceRef, what: 'ppu' | 'icn' | 'ppu_icn', limits: Limits): Promise<void> {
    const { uuid } = await this.info(ref);
    const infos = await this.list();
    const held = await Promise.all(infos.map((info) => this.readings.processes(info.uuid)));
    if (held.some((processes) => processes.length > 0)) throw new DriverError(DriverCode.IN_USE, 'reset', uuid);
    const feed = this.#feed;
    this.#feed = null;
    await feed?.stop(new DriverError(DriverCode.NOT_READY, 'reset'));
    try {
      await this.controls.reset(uuid, what, limits);
    } finally {
      if (this.#users.size > 0) this.#feed ??= this.#openFeed();
    }
  }

  #openFeed(): EventFeed {
    this.directory.forgetBoot();
    return new EventFeed(this.connection, {
      cardNumbers: async () => {
        this.directory.forgetBoot();
        return this.directory.numbers();
      },
      isGrave: (uuid, xid) => GRAVE.has(decodeXid(this.directory.archOf(uuid), xid).class),
      actions: async (uuids) => {
        const actions = uuids.map(async (uuid) => {
          const action = await this.#actionOf(uuid);
          return [uuid, action.ok ? action.value : null] as const;
        });
        return new Map(await Promise.all(actions));
      },
    });
  }

  get #limits(): { readonly timeoutMs: number } {
    return { timeoutMs: this.connection.timeoutMs ?? TIMEOUT_MS };
  }
}
