import { MIB } from '../card-profile.ts';
import { out, type ToolRun } from '../tool/program.ts';
import type { NumberReading, SampleField } from '../types.ts';
import { countOption, type Options, parseOptions, UsageError } from './arguments.ts';
import { sampleCard, selectCards, type Session, type ToolCard } from './session.ts';

const SECOND_MS = 1_000;

/** `field` null: the column stands there without values. */
type Column = {
  readonly name: string;
  readonly unit: string;
  readonly field: SampleField | null;
  readonly per: number;
};

/**
 * The groups of `dmon -s`, by letter. `v` (time lost to a limit of power or heat) and `t` (PCIe traffic) have their columns
 * and a dash in each: the vendor's library answers "not supported" for the one, our contract has no reading for the other.
 */
const GROUPS: Readonly<Record<string, readonly Column[]>> = {
  p: [
    { name: 'pwr', unit: 'W', field: 'powerMw', per: 1_000 },
    { name: 'temp', unit: 'C', field: 'tempC', per: 1 },
    { name: 'mtemp', unit: 'C', field: 'memTempC', per: 1 },
  ],
  u: [
    { name: 'ppu', unit: '%', field: 'utilPct', per: 1 },
    { name: 'mem', unit: '%', field: 'memUtilPct', per: 1 },
  ],
  c: [
    { name: 'mclk', unit: 'MHz', field: 'memClockMhz', per: 1 },
    { name: 'cuclk', unit: 'MHz', field: 'cuClockMhz', per: 1 },
  ],
  v: [
    { name: 'pviol', unit: '%', field: null, per: 1 },
    { name: 'tviol', unit: '%', field: null, per: 1 },
  ],
  m: [{ name: 'fb', unit: 'MB', field: 'memUsedBytes', per: MIB }],
  e: [
    { name: 'sbecc', unit: 'errs', field: 'eccCorVol', per: 1 },
    { name: 'dbecc', unit: 'errs', field: 'eccUncVol', per: 1 },
  ],
  t: [
    { name: 'rxpci', unit: 'MB/s', field: null, per: 1 },
    { name: 'txpci', unit: 'MB/s', field: null, per: 1 },
  ],
};

const WIDTH = 6;

/** `dmon`: a line per card and round under `#` headers. */
export async function* dmon(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, WATCH_OPTIONS);
  const columns = lettersOf(options, 'puc', GROUPS).flatMap((letter) => GROUPS[letter] ?? []);
  yield out(`# ppu ${columns.map(({ name }) => name.padStart(WIDTH)).join('')}\n`);
  yield out(`# Idx ${columns.map(({ unit }) => unit.padStart(WIDTH)).join('')}\n`);
  return yield* rounds(session, options, async (card, index) => {
    const sample = await sampleCard(session, card);
    const cells = columns.map(({ field, per }) => (field === null ? '-' : plain(sample[field], per)).padStart(WIDTH));
    return `${String(index).padStart(5)} ${cells.join('')}\n`;
  });
}

/** `pmon`: a line per process and round, and one of dashes for a card without any. */
export async function* pmon(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, WATCH_OPTIONS);
  const letters = lettersOf(options, 'um', { u: [], m: [] });
  const hasMemory = letters.includes('m');
  yield out(`# ppu        pid  type    ppu    mem${hasMemory ? '        fb' : ''}   command\n`);
  yield out(`# Idx          #   C/G      %      %${hasMemory ? '        MB' : ''}   name\n`);
  return yield* rounds(session, options, async (card, index) => {
    const processes = await session.driver.processes({ uuid: card.uuid });
    const shown = processes.map(({ pid, name, usedBytes }) => ({
      pid: String(pid),
      type: 'C',
      used: plain(usedBytes, MIB),
      name,
    }));
    const rows = shown.length > 0 ? shown : [{ pid: '-', type: '-', used: '-', name: null }];
    return rows
      .map(({ pid, type, used, name }) => {
        const share = '-'.padStart(7);
        const memory = hasMemory ? used.padStart(10) : '';
        return `${String(index).padStart(5)} ${pid.padStart(10)} ${type.padStart(5)}${share}${share}${memory}   ${name ?? '-'}\n`;
      })
      .join('');
  });
}

const WATCH_OPTIONS = {
  '-i': ['value', '--id'],
  '-s': ['value', '--select'],
  '-c': ['value', '--count'],
  '-d': ['value', '--delay'],
} as const;

function lettersOf(options: Options, standard: string, known: Readonly<Record<string, unknown>>): string[] {
  const letters = [...(options.get('-s') ?? standard)];
  const wrong = letters.find((letter) => !(letter in known));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not a valid group of metrics.`);
  return letters;
}

async function* rounds(
  session: Session,
  options: Options,
  line: (card: ToolCard, index: number) => Promise<string>,
): ToolRun {
  const roundsMax = countOption(options, '-c') ?? Number.POSITIVE_INFINITY;
  const everyMs = (countOption(options, '-d') ?? 1) * SECOND_MS;
  for (let round = 1; !session.signal.aborted; round += 1) {
    for (const card of await selectCards(session, options.get('-i'))) {
      if (card.info.ok) yield out(await line(card, card.info.value.index));
    }
    if (round >= roundsMax) return 0;
    await session.host.wait(everyMs, session.signal);
  }
  return 0;
}

function plain(reading: NumberReading, per: number): string {
  return reading.ok ? String(Math.round(reading.value / per)) : '-';
}
