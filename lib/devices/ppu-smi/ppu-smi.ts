import { errorTextOf } from '../tool/error-text.ts';
import { err, out, type ToolProgram, type ToolRun, type ToolShelf } from '../tool/program.ts';
import { DriverCode, DriverError } from '../types.ts';
import { type OptionSpec, parseOptions, UsageError } from './arguments.ts';
import { change, changeOf, drain, UNSUPPORTED_CHANGES } from './controls.ts';
import { HELP_TEXT } from './help.ts';
import { icn } from './icn.ts';
import { lspci } from './lspci.ts';
import { dmon, pmon } from './monitors.ts';
import { QUERIES, queryOf } from './query.ts';
import { reportText } from './report.ts';
import type { Session, ToolHost } from './session.ts';
import { stats } from './stats.ts';
import { listText, summaryText } from './summary.ts';
import { topo } from './topo.ts';

/** Exit status for a command line that makes no sense. */
const USAGE_STATUS = 2;

type Command = (session: Session, args: readonly string[]) => ToolRun;

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly isMonitor: boolean }>> = {
  stats: { run: stats, isMonitor: true },
  dmon: { run: dmon, isMonitor: true },
  pmon: { run: pmon, isMonitor: true },
  icn: { run: icn, isMonitor: false },
  topo: { run: topo, isMonitor: false },
  drain: { run: drain, isMonitor: false },
  mig: { run: unsupported, isMonitor: false },
  vgpu: { run: unsupported, isMonitor: false },
  gpm: { run: unsupported, isMonitor: false },
};

/** The tools of a server: `ppu-smi`, and as much of `lspci` as finding its cards takes. They share who watches. */
export function ppuTools(host: ToolHost): ToolShelf {
  const monitors = new Set<AbortSignal>();
  const open = (signal: AbortSignal): Session => ({ driver: host.openDriver(), host, signal, monitors });
  return new Map<string, ToolProgram>([
    ['ppu-smi', (args, signal) => runPpuSmi(open(signal), args)],
    ['lspci', (args, signal) => runLspci(open(signal), args)],
  ]);
}

/**
 * Runs the tool. It exits with 0 when the driver does not answer, and says so in its text, as the real one does; only
 * a command line that makes no sense has a status of its own.
 */
async function* runPpuSmi(session: Session, args: readonly string[]): ToolRun {
  const [first = '', ...rest] = args;
  const command = COMMANDS[first];
  if (command?.isMonitor) session.monitors.add(session.signal);
  try {
    if (!command) return yield* runPlain(session, args);
    await attach(session);
    return yield* command.run(session, rest);
  } catch (error) {
    if (error instanceof UsageError) {
      yield out(`${error.message}\n`);
      return USAGE_STATUS;
    }
    if (!(error instanceof DriverError)) throw error;
    yield out(`${failureText(error.code)}\n`);
    return 0;
  } finally {
    session.monitors.delete(session.signal);
  }
}

/** On a server with cards of another vendor this vendor's driver is not there. */
async function attach({ driver }: Session): Promise<void> {
  await driver.init();
  const { vendor } = await driver.system();
  if (vendor !== 'thead') throw new DriverError(DriverCode.DRIVER_NOT_LOADED, 'init');
}

const PLAIN_OPTIONS: OptionSpec = {
  '-h': ['nothing', '--help'],
  '-L': ['nothing', '--list-ppus', '--list-gpus'],
  '-i': ['value', '--id'],
  '-q': ['nothing', '--query'],
  '-d': ['value', '--display'],
  '--format': ['value'],
  ...Object.fromEntries(Object.keys(QUERIES).flatMap(queryOptions)),
  '-pl': ['value', '--power-limit'],
  '-r': ['nothing', '--ppu-reset', '--gpu-reset'],
  '--reset': ['value'],
  '-mig': ['value', '--multi-instance-ppu'],
  '-eow': ['nothing', '--error-on-warning'],
  ...Object.fromEntries(UNSUPPORTED_CHANGES.map((name) => [name, ['optional'] as const])),
};

/** A query under both of its names, and its help. */
function queryOptions(name: string): [string, OptionSpec[string]][] {
  const other = name === '--query-ppu' ? ['--query-gpu'] : [];
  const help = [name, ...other].map((spelling) => spelling.replace('--query', '--help-query'));
  const [firstHelp = '', ...otherHelp] = help;
  return [
    [name, ['value', ...other]],
    [firstHelp, ['nothing', ...otherHelp]],
  ];
}

async function* runPlain(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, PLAIN_OPTIONS);
  const ids = options.get('-i');
  const help = Object.entries(QUERIES).find(([name]) => options.has(name.replace('--query', '--help-query')));
  if (options.has('-h') || help) {
    yield out(help?.[1].help ?? HELP_TEXT);
    return 0;
  }
  const wanted = queryOf(options);
  const wantedChange = changeOf(options);
  await attach(session);
  if (wanted) yield out(await wanted.query.run(session, wanted.asked, options));
  else if (options.has('-L')) yield out(await listText(session, ids));
  else if (options.has('-q')) yield out(await reportText(session, options));
  else if (wantedChange) return yield* change(session, wantedChange, options);
  else yield out(await summaryText(session, ids));
  return 0;
}

async function* unsupported(): ToolRun {
  yield out('Not Supported\n');
  return 0;
}

/** Codes under which the tool cannot even begin, and what it says then. */
const INIT_FAILURES: Readonly<Partial<Record<DriverCode, string>>> = {
  [DriverCode.DRIVER_NOT_LOADED]: 'init HGML error: driver is not loaded',
  [DriverCode.LIB_RM_MISMATCH]: 'init HGML error: driver/library version mismatch',
  [DriverCode.NOT_FOUND]: 'No devices were found',
};

function failureText(code: DriverCode): string {
  return INIT_FAILURES[code] ?? `HGML error: ${errorTextOf(code)}`;
}

async function* runLspci(session: Session, args: readonly string[]): ToolRun {
  try {
    await session.driver.init();
    return yield* lspci(session, args);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof DriverError)) throw error;
    yield err(`lspci: ${error.message}\n`);
    return 1;
  }
}
