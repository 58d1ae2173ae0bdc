// Closes a month of many charges as finance does: seconds, processor time with the database's, the most memory; then writes
// every file of its largest customer, and where asked proves the whole database.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { closePeriod } from '#lib/billing/close.ts';
import { EXPORT_KINDS } from '#lib/billing/export-kinds.ts';
import { organisationsOf } from '#lib/billing/testing-month.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { monthCutoffAt } from '#lib/core/period.ts';
import { type BookingServer, openBookingServer } from './booking-server.ts';
import type { SeedOrder } from './close-seeder.ts';
import { type Bench, readFlags, readWhole } from './command-line.ts';
import { EXPORT_MONTH, HOURS_OF_MONTH } from './export-market.ts';
import { type FileFigure, measureFile, printFiles, workedBy } from './exports.ts';
import { rounded } from './figures.ts';
import { machine, memoryInUse } from './measure.ts';

const MIB = 1_048_576;
/** Cards of the largest customer at most: its files show the speed of all. */
const LARGEST_CARDS = 280;
const LOOK_AT_MEMORY_MS = 20;

const FINANCE: Ctx = {
  actor: { kind: 'staff', userId: idFrom('user', 'usr_bench'), roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_bench',
  now: monthCutoffAt(EXPORT_MONTH),
};

/** How many cards each organisation has: a tenth of all for the largest, the rest in equal parts. */
function cardsOf(organisations: number, charges: number): number[] {
  const total = Math.max(organisations, Math.ceil(charges / HOURS_OF_MONTH));
  const largest = organisations === 1 ? total : Math.max(1, Math.min(LARGEST_CARDS, Math.floor(total / 10)));
  const others = organisations - 1;
  const each = others === 0 ? 0 : Math.floor((total - largest) / others);
  const more = others === 0 ? 0 : total - largest - each * others;
  return [largest, ...Array.from({ length: others }, (_, i) => Math.max(1, each + (i < more ? 1 : 0)))];
}

/** Writes the month in a process of its own: what it needs in memory is not the close's. */
async function seedApart(order: SeedOrder): Promise<void> {
  const child = fork(path.join(import.meta.dirname, 'close-seeder.ts'), [], { execArgv: process.execArgv });
  child.send(order);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the month was not written: ${code}`);
}

/** Does some work and answers how long it took, what it worked, and the most memory of this process meanwhile. */
async function measured<T>(server: BookingServer, work: () => Promise<T>) {
  memoryInUse();
  let peakBytes = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, LOOK_AT_MEMORY_MS);
  const [startedMs, before, own] = [performance.now(), workedBy(server), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(own);
  clearInterval(timer);
  const seconds = rounded((performance.now() - startedMs) / 1_000);
  const workedSeconds = rounded(workedBy(server) - before);
  const processSeconds = rounded((user + system) / 1e6);
  return { value, seconds, workedSeconds, processSeconds, peakMiB: Math.round(peakBytes / MIB) };
}

/** Proves everything that must hold of the database, and names what does not. */
async function prove(server: BookingServer) {
  const { value, ...figures } = await measured(server, async () => verifyDatabase(await systemCtx('proving')));
  const broken = value.filter(({ violations }) => violations > 0).map(({ name }) => name);
  return { proofs: value.length, broken, ...figures };
}

async function run(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ['organisations', 'charges'], ['verify']);
  const organisations = readWhole(flags.organisations ?? '200', '--organisations', { min: 1, max: 10_000 });
  const charges = readWhole(flags.charges ?? '288000', '--charges', { min: HOURS_OF_MONTH, max: 20_000_000 });
  const before = machine();
  const server = await openBookingServer();
  try {
    const url = await server.enter('kashi_bench_close');
    const wish = {
      month: EXPORT_MONTH,
      cards: cardsOf(organisations, charges),
      hours: HOURS_OF_MONTH,
      hasEvidence: flags.verify,
    };
    const { seconds: seedingSeconds } = await measured(server, () => seedApart({ url, wish }));
    const { value: closed, ...figures } = await measured(server, () => closePeriod(FINANCE, EXPORT_MONTH));
    if (!closed.ok) throw new Error(`refused: ${JSON.stringify(closed.refusal)}`);
    const rows = wish.cards.reduce((sum, each) => sum + each, 0) * HOURS_OF_MONTH;
    const close = { organisations, charges: rows, invoices: closed.value.invoices, ...figures };
    const [largest] = organisationsOf(wish);
    const files: FileFigure[] = [];
    for (const kind of EXPORT_KINDS) files.push(await measureFile(server, kind, present(largest, 'a customer')));
    const proven = flags.verify ? await prove(server) : null;
    const report = { bench: 'close', close, files, seedingSeconds, proven, before, after: machine() };
    if (flags.json) return void console.log(JSON.stringify(report));
    console.log(
      `${close.invoices} invoices over ${rows} charges in ${close.seconds} s, ${close.workedSeconds} processor s (${close.processSeconds} of this process), peak ${close.peakMiB} MiB`,
    );
    printFiles(files);
    console.log(`the month was written in ${seedingSeconds} s`);
    if (proven)
      console.log(`${proven.proofs} proofs in ${proven.seconds} s: ${proven.broken.join(', ') || 'all hold'}`);
    console.log(`load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`);
  } finally {
    await server.close();
  }
}

export const closeBench: Bench = {
  name: 'close',
  usage: 'close [--organisations 200] [--charges 288000] [--verify] [--json]',
  run,
};
