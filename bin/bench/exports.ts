// Writes every file of a month of many charges, beside reading those charges alone: rows a second, and the most memory.
import { present } from '#lib/core/assert.ts';
import { EXPORT_KINDS, EXPORTS, type ExportKind } from '#lib/billing/export-kinds.ts';
import { exportFile } from '#lib/billing/exports.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { openBookingServer } from './booking-server.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { EXPORT_MONTH, HOURS_OF_MONTH, seedCharges } from './export-market.ts';
import { rounded } from './figures.ts';
import { machine, memoryInUse, workedSeconds } from './measure.ts';

const MIB = 1_048_576;

type Figure = {
  readonly kind: ExportKind;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly workedSeconds: number;
  readonly rowsPerSecond: number;
  readonly peakMiB: number;
  readonly sha256: string;
};

/** Writes one file to nowhere; memory is looked at with every part. */
async function measure(kind: ExportKind, organisationId: string): Promise<Figure> {
  memoryInUse();
  const [startedMs, worked] = [performance.now(), workedSeconds()];
  const ctx = await systemCtx('exporting');
  const file = present(await exportFile(ctx, { kind, month: EXPORT_MONTH, organisationId }), kind);
  let peak = 0;
  for await (const part of file.parts) peak = Math.max(peak, process.memoryUsage.rss(), part.length);
  const { rows, bytes, sha256 } = present(file.seal(), 'a seal');
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    kind,
    rows,
    bytes,
    seconds: rounded(seconds),
    workedSeconds: rounded(workedSeconds() - worked),
    rowsPerSecond: Math.round(rows / seconds),
    peakMiB: Math.round(peak / MIB),
    sha256,
  };
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
    await measure('usage-csv', organisationId);
    const figures: Figure[] = [];
    for (const kind of EXPORT_KINDS.filter((each) => !EXPORTS[each].needsInvoice))
      figures.push(await measure(kind, organisationId));
    const report = { bench: 'exports', figures, before, after: machine() };
    if (flags.json) return void console.log(JSON.stringify(report));
    printTable([
      ['file', 'rows', 'MiB', 'seconds', 'processor s', 'rows/s', 'peak MiB'],
      ...figures.map((figure) => [
        figure.kind,
        `${figure.rows}`,
        `${rounded(figure.bytes / MIB)}`,
        `${figure.seconds}`,
        `${figure.workedSeconds}`,
        `${figure.rowsPerSecond}`,
        `${figure.peakMiB}`,
      ]),
    ]);
    console.log(`load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`);
  } finally {
    await server.close();
  }
}

export const exportsBench: Bench = { name: 'exports', usage: 'exports [--charges 200000] [--json]', run };
