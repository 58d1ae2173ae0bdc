import type { Instant } from '#lib/core/instant.ts';
import { normalisePciBusId } from '../../pci.ts';
import type { ToolCommand, ToolResult, ToolRunOptions } from '../../tool/command.ts';
import { type DeviceDriver, type DeviceInfo, DriverCode, DriverError, type Presence } from '../../types.ts';
import type { NvidiaTools } from '../tools.ts';
import { ComposedJournal } from './composed-journal.ts';
import { lspciText, nvlinkText, processTable, procText, topoText } from './composed-layouts.ts';
import { helpText, queryTable, readCards, remapTable, type ToolAge } from './composed-query.ts';
import { failed, longBus, printed, shortBus, wattsOf } from './words.ts';

/**
 * The tools of a server with NVIDIA cards, composed: whatever stands behind a driver, printed in the layouts that
 * the tools have. It keeps no state of its own but the persistence modes and the identities that `/proc` keeps.
 */
export class ComposedHost {
  readonly journal: ComposedJournal;
  readonly tools: NvidiaTools;
  /** Every command that was run on it, as one text each. */
  readonly commands: string[] = [];
  readonly #driver: DeviceDriver;
  readonly #age: ToolAge;
  readonly #persistent: Set<string>;
  readonly #known: Map<string, DeviceInfo>;

  private constructor(driver: DeviceDriver, cards: readonly DeviceInfo[], at: Instant, age: ToolAge) {
    this.#driver = driver;
    this.#age = age;
    this.#persistent = new Set(cards.map((card) => card.pciBusId));
    this.#known = new Map(cards.map((card) => [card.pciBusId, card]));
    this.journal = new ComposedJournal(driver, at, age, (uuid) => cards.find((card) => card.uuid === uuid)?.pciBusId);
    this.tools = {
      nvidiaSmi: this.#tool('nvidia-smi', (args) => this.#smi(args)),
      lspci: this.#tool('lspci', async () => printed(lspciText(await this.#driver.presence()))),
      grep: this.#tool('grep', () => this.#proc()),
      journalctl: this.journal,
    };
  }

  /** Over an initialised driver of an idle, healthy server. */
  static async over(driver: DeviceDriver, at: Instant, age: ToolAge): Promise<ComposedHost> {
    return new ComposedHost(driver, await driver.list(), at, age);
  }

  #tool(name: string, run: (args: readonly string[]) => Promise<ToolResult>): ToolCommand {
    return {
      run: async (args, { signal, timeoutMs }: ToolRunOptions) => {
        if (signal?.aborted || timeoutMs <= 0) throw new DriverError(DriverCode.TIMEOUT, name);
        this.commands.push([name, ...args].join(' '));
        try {
          return await run(args);
        } catch (error) {
          if (error instanceof DriverError) return failed(error.code);
          throw error;
        }
      },
      follow: () => {
        throw new DriverError(DriverCode.NOT_SUPPORTED, name);
      },
    };
  }

  async #smi(args: readonly string[]): Promise<ToolResult> {
    const [first = '', second = ''] = args;
    if (first === '--help-query-gpu') return printed(helpText(this.#age));
    if (first === 'drain') return this.#drain(args);
    if (first === '-i' && args.length > 2) return this.#change(busOf(second), args.slice(2));
    const cards = await readCards(this.#driver, this.#persistent);
    for (const { info } of cards) this.#known.set(info.pciBusId, info);
    if (first.startsWith('--query-gpu=')) return this.#query(args);
    if (first.startsWith('--query-remapped-rows=')) return printed(remapTable(namesOf(first), cards));
    const infos = cards.map(({ info }) => info);
    if (first.startsWith('--query-compute-apps=')) {
      const used = infos.map(async (info) => ({ info, processes: await this.#driver.processes({ uuid: info.uuid }) }));
      return printed(processTable(namesOf(first), await Promise.all(used)));
    }
    if (first === 'topo') return printed(topoText(await this.#driver.topology(), infos));
    if (first !== 'nvlink') return printed('Invalid combination of input arguments.\n', 2);
    const linked = infos.map(async (info) => ({ info, links: await this.#driver.links({ uuid: info.uuid }) }));
    return printed(nvlinkText(second, await Promise.all(linked)));
  }

  /** An older tool gives up at a lost card; a newer one says so and goes on. */
  async #query(args: readonly string[]): Promise<ToolResult> {
    const at = args.indexOf('-i');
    const only = at === -1 ? null : busOf(args[at + 1] ?? '');
    const isAsked = ({ pciBusId }: Presence | DeviceInfo): boolean => only === null || pciBusId === only;
    const lost = (await this.#driver.presence()).filter((entry) => entry.state === 'lost' && isAsked(entry));
    const isOld = this.#age === 'r535';
    const words = isOld ? 'GPU is lost.  Reboot the system to recover this GPU' : 'Unknown Error';
    const sentences = lost.map(
      ({ pciBusId }) =>
        `Unable to determine the device handle for GPU${isOld ? ' ' : ''}${shortBus(pciBusId)}: ${words}\n`,
    );
    if (isOld && lost.length > 0) return printed(sentences[0] ?? '', 15);
    const cards = (await readCards(this.#driver, this.#persistent)).filter(({ info }) => isAsked(info));
    if (cards.length === 0) return lost.length > 0 ? printed(sentences.join(''), 15) : failed(DriverCode.NOT_FOUND);
    const table = queryTable(namesOf(args[0] ?? ''), cards, this.#age);
    return table === null
      ? printed('Field "?" is not a valid field to query.\n', 2)
      : printed(sentences.join('') + table, lost.length > 0 ? 255 : 0);
  }

  async #drain(args: readonly string[]): Promise<ToolResult> {
    const busId = busOf(args[args.indexOf('-p') + 1] ?? '');
    const name = longBus(busId);
    if (args.includes('-q')) {
      const entry = (await this.#driver.presence()).find(({ pciBusId }) => pciBusId === busId);
      if (!entry || entry.state === 'removed' || entry.state === 'lost') return failed(DriverCode.NOT_FOUND);
      const state = entry.state === 'draining' ? 'draining' : 'not draining';
      return printed(`The current drain state of GPU ${name} is: ${state}.\n`);
    }
    if (args.includes('-d')) {
      await this.#driver.rediscover();
      return printed('Successfully rescanned for GPUs.\n');
    }
    if (args.includes('-r')) {
      await this.#driver.remove(busId);
      return printed(`Successfully removed GPU ${name}.\n`);
    }
    const on = args.at(-1) === '1';
    if (on && this.#persistent.has(busId))
      return printed(`Failed to drain GPU ${name}: In use by another client\n`, 255);
    await this.#driver.setDrain(busId, on);
    return printed(`Successfully set GPU ${name} drain state to: ${on ? 'draining' : 'not draining'}.\n`);
  }

  async #change(busId: string, [what = '', value = '']: readonly string[]): Promise<ToolResult> {
    const ref = { pciBusId: busId };
    const name = longBus(busId);
    if (what === '-pm') {
      if (value === '1') this.#persistent.add(busId);
      else this.#persistent.delete(busId);
      return printed(`${value === '1' ? 'Enabled' : 'Disabled'} persistence mode for GPU ${name}.\nAll done.\n`);
    }
    try {
      if (what === '-r') await this.#driver.reset(ref, 'ppu');
      if (what === '-pl') await this.#driver.setPowerLimit(ref, Math.round(Number(value) * 1_000));
      if (what === '-mig') await this.#driver.setPartitionMode(ref, value === '1');
    } catch (error) {
      if (error instanceof DriverError) return refused(what, value, name, error.code);
      throw error;
    }
    return printed(`${DONE[what]?.(name, value) ?? ''}All done.\n`);
  }

  async #proc(): Promise<ToolResult> {
    try {
      await this.#driver.list();
    } catch {
      return { exitCode: 2, stdout: '', stderr: 'grep: /proc/driver/nvidia/gpus: No such file or directory\n' };
    }
    const onBus = new Set(
      (await this.#driver.presence()).flatMap(({ pciBusId, state }) => (state === 'removed' ? [] : [pciBusId])),
    );
    return printed(procText([...this.#known.values()].filter(({ pciBusId }) => onBus.has(pciBusId))));
  }
}

const DONE: Readonly<Record<string, (name: string, value: string) => string>> = {
  '-r': (name) => `GPU ${name} was successfully reset.\n`,
  '-pl': (name, value) => `Power limit for GPU ${name} was set to ${wattsOf(Number(value) * 1_000)}.\n`,
  '-mig': (name, value) => `${value === '1' ? 'Enabled' : 'Disabled'} MIG Mode for GPU ${name}\n`,
};

const USERS =
  'currently being used by one or more other processes (e.g. CUDA application or a monitoring application such as another instance of nvidia-smi). Please first kill all processes using the device and retry the command or reboot the system to make MIG mode effective.\n';

function refused(what: string, value: string, name: string, code: DriverCode): ToolResult {
  if (code === DriverCode.IN_USE && what === '-mig') {
    return printed(
      `Warning: MIG mode is in pending enable state for GPU ${name}:In use by another client\n${name} is ${USERS}All done.\n`,
    );
  }
  if (code === DriverCode.IN_USE) {
    return printed(
      `The following GPUs could not be reset:\n  GPU ${name}: In use by another client\n\n1 device is ${USERS}`,
      255,
    );
  }
  if (code === DriverCode.INVALID_ARGUMENT && what === '-pl') {
    const range = 'which should be between 200.00 W and 700.00 W';
    return printed(
      `Provided power limit ${wattsOf(Number(value) * 1_000)} is not a valid power limit ${range} for GPU ${name}\nTerminating early due to previous errors.\n`,
      2,
    );
  }
  return failed(code);
}

function namesOf(argument: string): string[] {
  return argument.slice(argument.indexOf('=') + 1).split(',');
}

function busOf(text: string): string {
  return normalisePciBusId(text) ?? text;
}
