import { normalisePciBusId } from '../pci.ts';
import { errorTextOf } from '../tool/error-text.ts';
import { out, type ToolRun } from '../tool/program.ts';
import { DriverCode, DriverError, type DeviceDriver } from '../types.ts';
import { type Options, parseOptions, UsageError } from './arguments.ts';
import { busText, wattsText } from './format.ts';
import { selectCards, type Session, type ToolCard } from './session.ts';

/** What is done to one card; what is printed when it worked, and what the attempt is called when it did not. */
type Change = {
  readonly attempt: string;
  readonly act: (driver: DeviceDriver, card: ToolCard) => Promise<void>;
  readonly done: (bus: string) => string;
};

const RESET_WHAT = { PPU: 'ppu', ICN: 'icn', PPU_ICN: 'ppu_icn' } as const;

/** Options that change something which these cards have not. The real tool says so and exits with 0. */
export const UNSUPPORTED_CHANGES = [
  '-c',
  '-e',
  '-pm',
  '-mps',
  '-lpc',
  '-rpc',
  '-lmc',
  '-rmc',
  '-ac',
  '-rac',
  '--auto-reset',
] as const;

/** The change that the options ask for; null when they ask for none. */
export function changeOf(options: Options): Change | null {
  const limit = options.get('-pl');
  if (limit !== undefined) return powerChange(limit);
  const mode = options.get('-mig');
  if (mode !== undefined) return partitionChange(mode);
  const what = options.has('-r') ? 'PPU' : options.get('--reset');
  if (what !== undefined) return resetChange(what);
  const other = UNSUPPORTED_CHANGES.find((name) => options.has(name));
  return other === undefined ? null : unsupportedChange(other);
}

function powerChange(text: string): Change {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(text)) throw new UsageError(`"${text}" is not a valid power limit in watts.`);
  const milliwatts = Math.round(Number(text) * 1_000);
  return {
    attempt: 'set the power limit of',
    act: (driver, { uuid }) => driver.setPowerLimit({ uuid }, milliwatts),
    done: (bus) => `Power limit for PPU ${bus} was set to ${wattsText(milliwatts)} W.`,
  };
}

function partitionChange(mode: string): Change {
  const on = switchOf(mode, '-mig');
  return {
    attempt: 'set the MIG mode of',
    act: (driver, { uuid }) => driver.setPartitionMode({ uuid }, on),
    done: (bus) => `${on ? 'Enabled' : 'Disabled'} MIG Mode for PPU ${bus}`,
  };
}

function resetChange(asked: string): Change {
  const name = Object.keys(RESET_WHAT).find((known) => known === asked.toUpperCase());
  if (name === undefined) throw new UsageError(`"${asked}" is not a valid target of a reset.`);
  const what = RESET_WHAT[name as keyof typeof RESET_WHAT];
  return {
    attempt: 'reset',
    act: (driver, { uuid }) => driver.reset({ uuid }, what),
    done: (bus) => `PPU ${bus} was successfully reset.`,
  };
}

function unsupportedChange(name: string): Change {
  return {
    attempt: `change ${name} of`,
    act: async () => {
      throw new DriverError(DriverCode.NOT_SUPPORTED, name);
    },
    done: () => '',
  };
}

function switchOf(text: string, name: string): boolean {
  if (text !== '0' && text !== '1') throw new UsageError(`"${text}" is not a valid value for ${name}.`);
  return text === '1';
}

/**
 * Makes the change to every card selected; without `-i` that is every card of the host. The first failure ends it, with
 * status 0 unless `-eow` was given; what is not supported stays 0 even then.
 */
export async function* change(session: Session, { attempt, act, done }: Change, options: Options): ToolRun {
  const cards = await selectCards(session, options.get('-i'));
  // A monitor holds the cards open as a process does.
  const isWatched = attempt === 'reset' && [...session.monitors].some((signal) => !signal.aborted);
  for (const card of cards) {
    try {
      if (isWatched) throw new DriverError(DriverCode.IN_USE, 'reset', card.uuid);
      await act(session.driver, card);
      yield out(`${done(busText(card.pciBusId))}\n`);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      yield out(`Failed to ${attempt} PPU ${busText(card.pciBusId)}: ${errorTextOf(error.code)}\n`);
      if (error.code === DriverCode.NOT_SUPPORTED) continue;
      yield out('Terminating early due to previous errors.\n');
      return options.has('-eow') ? error.code : 0;
    }
  }
  yield out('All done.\n');
  return 0;
}

/** `drain`: keeps new work off a card, takes it off the bus, finds removed cards again. */
export async function* drain(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, {
    '-p': ['value', '--pciid'],
    '-m': ['value', '--modify'],
    '-q': ['nothing', '--query'],
    '-r': ['nothing', '--remove'],
    '-d': ['nothing', '--rediscover'],
    '-eow': ['nothing'],
  });
  const { driver } = session;
  try {
    if (options.has('-d')) {
      await driver.rediscover();
      yield out('Successfully rediscovered PPUs.\n');
      return 0;
    }
    const asked = options.get('-p');
    if (asked === undefined && !options.has('-q')) throw new UsageError('A PCI id must be given with -p.');
    const pciBusId = asked === undefined ? null : normalisePciBusId(asked);
    if (asked !== undefined && pciBusId === null) throw new UsageError(`"${asked}" is not a valid PCI id.`);
    yield out(await drainStep(driver, pciBusId, options));
    return 0;
  } catch (error) {
    if (!(error instanceof DriverError) || isOfServer(error.code)) throw error;
    yield out(`Failed to change the drain state: ${errorTextOf(error.code)}\n`);
    return options.has('-eow') ? error.code : 0;
  }
}

async function drainStep(driver: DeviceDriver, pciBusId: string | null, options: Options): Promise<string> {
  if (pciBusId === null || options.has('-q')) return drainStates(driver, pciBusId);
  const bus = busText(pciBusId);
  if (options.has('-r')) {
    await driver.remove(pciBusId);
    return `Successfully removed PPU ${bus}.\n`;
  }
  const on = switchOf(options.get('-m') ?? '', '-m');
  await driver.setDrain(pciBusId, on);
  return `Successfully set PPU ${bus} drain state to: ${on ? 'draining' : 'not draining'}.\n`;
}

async function drainStates(driver: DeviceDriver, pciBusId: string | null): Promise<string> {
  const onBus = (await driver.presence()).filter(
    (entry) => entry.state !== 'removed' && (pciBusId === null || entry.pciBusId === pciBusId),
  );
  if (onBus.length === 0) throw new DriverError(DriverCode.NOT_FOUND, 'drain');
  // The driver must answer for its own state, although the bus would not need it.
  await driver.list();
  return onBus
    .map(({ pciBusId: bus, state }) => {
      return `The current drain state of PPU ${busText(bus)} is: ${state === 'draining' ? 'draining' : 'not draining'}.\n`;
    })
    .join('');
}

function isOfServer(code: DriverCode): boolean {
  return code === DriverCode.DRIVER_NOT_LOADED || code === DriverCode.LIB_RM_MISMATCH;
}
