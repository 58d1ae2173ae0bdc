import type { Instant } from '#lib/core/instant.ts';
import type { Pause } from '../device-plugin.ts';
import { DriverCode, DriverError } from '../types.ts';
import { failureOf } from './failure.ts';
import { isWhole, type LinkReports, parseLinkReport } from './nvlink.ts';
import { PROC_ARGS, type ProcInfo, parseProcInfo } from './proc-info.ts';
import type { QueryKeys } from './query-keys.ts';
import { readKeys, readServerState, type ServerState, TOOL_TIMEOUT_MS } from './server-state.ts';
import { SharedRun } from './shared-run.ts';
import type { NvidiaTools } from './tools.ts';
import { parseTopo, type TopoRow } from './topo.ts';
import { XidFeed } from './xid-feed.ts';

/** Cards that know no NVLink. */
const NO_LINKS: LinkReports = { status: new Map(), remote: new Map(), errors: new Map() };

export type NvidiaHost = {
  readonly tools: NvidiaTools;
  readonly clock: () => Instant;
  /** Waits between two beats of the event feed. */
  readonly pause: Pause;
};

/**
 * One server with NVIDIA cards, shared by all handles on it: what its tools say, and what must be remembered between
 * two looks. Every question is about all cards at once, so that a round of reading eight cards runs each tool twice
 * at most.
 */
export class NvidiaServer {
  readonly tools: NvidiaTools;
  readonly feed: XidFeed;
  readonly clock: () => Instant;
  readonly state = new SharedRun(() => this.#look());
  readonly topo = new SharedRun(() => this.#readTopo());
  readonly procInfo = new SharedRun(() => this.#readProcInfo());
  /** Buses from which we took the card: one that is missing there is removed, not lost. */
  readonly removedBuses = new Set<string>();
  /** Cards whose persistence was switched off for a drain, to be switched on after it. */
  readonly unpersisted = new Set<string>();
  readonly #links = new SharedRun(() => this.#readLinks());
  readonly #uuids = new Map<string, string>();
  /** How many links each card has shown: one that is down is still shown. */
  readonly #linkCounts = new Map<string, number>();
  #keys: QueryKeys | null = null;

  constructor({ tools, clock, pause }: NvidiaHost) {
    this.tools = tools;
    this.clock = clock;
    this.feed = new XidFeed({
      journalctl: tools.journalctl,
      clock,
      pause,
      look: () => this.state.run(),
      uuidOf: (busId) => this.uuidOf(busId),
    });
  }

  /** The uuid of the card that was last seen on a bus; null when none was. */
  uuidOf(busId: string): string | null {
    return this.#uuids.get(busId) ?? null;
  }

  /** The links of the server, in which a listed card that ever had some still has them. */
  async linksWith(uuids: readonly string[]): Promise<LinkReports> {
    const reports = await this.#links.run();
    const isShort = uuids.some((uuid) => (this.#linkCounts.get(uuid) ?? 0) > 0 && !reports.status.has(uuid));
    if (isShort) throw new DriverError(DriverCode.UNKNOWN, 'nvlink');
    return reports;
  }

  /** Runs `nvidia-smi` once and gives its output. Throws the code of a failure. */
  async ask(op: string, args: readonly string[]): Promise<string> {
    const result = await this.tools.nvidiaSmi.run(args, { timeoutMs: TOOL_TIMEOUT_MS });
    const code = failureOf(result);
    if (code !== null) throw new DriverError(code, op);
    return result.stdout;
  }

  async #look(): Promise<ServerState> {
    const at = this.clock();
    try {
      this.#keys ??= await readKeys(this.tools);
      const state = await readServerState(this.tools, this.#keys, at);
      await this.#remember(state);
      return state;
    } catch (error) {
      // Another version of the tool may know other names.
      if (error instanceof DriverError && error.code === DriverCode.INVALID_ARGUMENT) this.#keys = null;
      throw error;
    }
  }

  async #remember({ cards, presence }: ServerState): Promise<void> {
    for (const { busId, row } of cards.ok ? cards.value.values() : []) {
      this.#uuids.set(busId, row('uuid') ?? '');
      this.removedBuses.delete(busId);
    }
    const onBus = presence.ok ? [...presence.value.keys()] : [];
    if (onBus.every((busId) => this.#uuids.has(busId))) return;
    const infos = await this.procInfo.run();
    for (const [busId, { uuid }] of infos) if (uuid !== null) this.#uuids.set(busId, uuid);
  }

  async #readLinks(): Promise<LinkReports> {
    const report = async (flag: string): Promise<LinkReports['status']> =>
      parseLinkReport(await this.ask('nvlink', ['nvlink', flag]));
    try {
      const [status, remote, errors] = await Promise.all([report('-s'), report('-R'), report('-e')]);
      const reports = { status, remote, errors };
      if (!isWhole(reports, this.#linkCounts)) throw new DriverError(DriverCode.UNKNOWN, 'nvlink');
      for (const [uuid, links] of status) this.#linkCounts.set(uuid, links.size);
      return reports;
    } catch (error) {
      const hasNone = error instanceof DriverError && error.code === DriverCode.NOT_SUPPORTED;
      if (hasNone) return NO_LINKS;
      throw error;
    }
  }

  async #readTopo(): Promise<ReadonlyMap<number, TopoRow>> {
    return parseTopo(await this.ask('topo', ['topo', '-m']));
  }

  /** The files are not there while the driver is not loaded: then nothing is known, which is no failure. */
  async #readProcInfo(): Promise<ReadonlyMap<string, ProcInfo>> {
    const { stdout } = await this.tools.grep.run(PROC_ARGS, { timeoutMs: TOOL_TIMEOUT_MS });
    return parseProcInfo(stdout);
  }
}
