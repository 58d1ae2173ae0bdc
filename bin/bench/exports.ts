// Writes every file of a month of many charges: rows a second, processor time with the database's, and the most memory.
import { present } from '#lib/core/assert.ts';
import { EXPORT_KINDS, EXPORTS, type ExportKind } from '#lib/billing/export-kinds.ts';
import { exportFile } from '#lib/billing/exports.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { type BookingServer, openBookingServer } from './booking-server.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { EXPORT_MONTH, HOURS_OF_MONTH, seedCharges } from './export-market.ts';
import { rounded } from './figures.ts';
import { machine, memoryInUse } from './measure.ts';

const MIB = 1_048_576;

export type FileFigure = {
  readonly kind: ExportKind;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Processor seconds of all threads of this process and of the database's server. */
  readonly workedSeconds: number;
  /** Of these, those of this process. */
  readonly processSeconds: number;
  readonly rowsPerSecond: number;
  /** What a machine would do on which nothing else runs, and a core for both. */
  readonly rowsPerWorkedSecond: number;
  readonly peakMiB: number;
  readonly sha256: string;
};

/** Processor seconds of this process, all its threads. */
function workedHere(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Processor seconds of this process and of the database's server. */
export function workedBy(server: BookingServer): number {
  return workedHere() + (server.workedSeconds() ?? 0);
}

/** Writes one file to nowhere; memory is looked at with every part. */
export async function measureFile(
  server: BookingServer,
  kind: ExportKind,
  organisationId: string,
): Promise<FileFigure> {
  memoryInUse();
  const [startedMs, before, here] = [performance.now(), workedBy(server), workedHere()];
  const ctx = await systemCtx('exporting');
  const file = present(await exportFile(ctx, { kind, month: EXPORT_MONTH, organisationId }), kind);
  let peak = 0;
  for await (const part of file.parts) peak = Math.max(peak, process.memoryUsage.rss(), part.length);
  const { rows, bytes, sha256 } = present(file.seal(), 'a seal');
  const seconds = (performance.now() - startedMs) / 1_000;
  const worked = workedBy(server) - before;
  return {
    kind,
    rows,
    bytes,
    seconds: rounded(seconds),
    workedSeconds: rounded(worked),
    processSeconds: rounded(workedHere() - here),
    rowsPerSecond: Math.round(rows / seconds),
    rowsPerWorkedSecond: Math.round(rows / worked),
    peakMiB: Math.round(peak / MIB),
    sha256,
  };
}

export function printFiles(figures: readonly FileFigure[]): void {
  printTable([
    ['file', 'rows', 'MiB', 'seconds', 'rows/s', 'processor s', 'of it here', 'rows/processor s', 'peak MiB'],
    ...figures.map((figure) => [
      figure.kind,
      `${figure.rows}`,
      `${rounded(figure.bytes / MIB)}`,
      `${figure.seconds}`,
      `${figure.rowsPerSecond}`,
      `${figure.workedSeconds}`,
      `${figure.processSeconds}`,
      `${figure.rowsPerWorkedSecond}`,
      `${figure.peakMiB}`,
    ]),
  ]);
}

async function run(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ['charges']);
  const charges =
    flags.charges === undefined ? 200_000 : readWhole(flags.charges, '--charges', { min: 720, max: 20_000_000 });
  const before = machine();
  const server = await openBookingServer();
  try {
    const url = await server.enter('kashi_bench_exports');
    const organisationId = await seedCharges(url, Math.ceil(charges / HOURS_OF_MONTH));
    await measureFile(server, 'usage-csv', organisationId);
    const figures: FileFigure[] = [];
    for (const kind of EXPORT_KINDS.filter((each) => !EXPORTS[each].needsInvoice))
      figures.push(await measureFile(server, kind, organisationId));
    const report = { bench: 'exports', figures, before, after: machine() };
    if (flags.json) return void console.log(JSON.stringify(report));
    printFiles(figures);
    console.log(`load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`);
  } finally {
    await server.close();
  }
}

export const exportsBench: Bench = { name: 'exports', usage: 'exports [--charges 200000] [--json]', run };
