// Opens the explanation of an invoice line of many charges, part by part: processor time with the database's, against
// that of only adding the line up.
import { explainCharge } from '#lib/billing/explain/charges.ts';
import { explainInvoiceLine, type LineWish, listLinePart, type PartWish } from '#lib/billing/explain/lines.ts';
import { explainWholeLine } from '#lib/billing/explain/whole-line.ts';
import { present } from '#lib/core/assert.ts';
import { toIso } from '#lib/core/instant.ts';
import { monthCutoffAt } from '#lib/core/period.ts';
import { systemCtx } from '#lib/identity/context.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { type BookingServer, openBookingServer } from './booking-server.ts';
import { type Bench, printTable, readFlags, readWhole } from './command-line.ts';
import { EXPORT_MONTH, HOURS_OF_MONTH, seedCharges } from './export-market.ts';
import { median, rounded } from './figures.ts';
import { machine } from './measure.ts';

const ROUNDS = 5;
const PAGE = { skip: 0, take: 50 };
const INVOICE: LineWish = { invoiceId: 'inv_bench', line: 1 };

/** Issues the month's invoice of one line, as the close would, with the owner's rights: no clock runs here. */
const INVOICED = `WITH u AS (SELECT organisation_id, sku_id, price_version_id, sum(used_seconds) AS used, sum(amount_units)::bigint AS gross
    FROM usage_charge GROUP BY 1, 2, 3),
  p AS (INSERT INTO billing_period (month, state, cutoff_at) VALUES ('${EXPORT_MONTH}', 'closing', '${toIso(monthCutoffAt(EXPORT_MONTH))}')),
  i AS (INSERT INTO invoice (id, number, organisation_id, month, issued_at, gross_units, residue_units, gross_fen, net_fen, tax_fen, snapshot, snapshot_hash, previous_hash)
    SELECT 'inv_bench', 'KS-2026-000001', organisation_id, '${EXPORT_MONTH}', 'epoch', gross, gross % 1000000, gross / 1000000, gross / 1000000, 0,
      '{"lines":[],"buyer":{"name":"x"}}', '', '' FROM u)
  INSERT INTO invoice_line (invoice_id, line, organisation_id, sku_id, price_version_id, purchase, used_seconds, unused_seconds, gross_units, gross_fen, net_fen, tax_fen, tax_rate_bps)
    SELECT 'inv_bench', 1, organisation_id, sku_id, price_version_id, 'by-hour', used, 0, gross, gross / 1000000, gross / 1000000, 0, 0 FROM u`;

/** The proof of every charge: the used seconds of its hour, from its beginning. */
const PROVEN = `INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
  SELECT allocation_id, organisation_id, card_id, start_at, start_at + make_interval(secs => used_seconds) FROM usage_charge`;

const BARE = `SELECT count(*), sum(amount_units) FROM usage_charge WHERE hour_at >= '2026-10-31T16:00Z' AND hour_at < '2026-11-30T16:00Z'`;

type Figure = { readonly what: string; readonly workedMs: number; readonly wallMs: number; readonly timesBare: number };

/** The middle of some rounds, in processor milliseconds of this process and the server, and in those that passed. */
async function timed(
  server: BookingServer,
  work: () => Promise<unknown>,
): Promise<{ workedMs: number; wallMs: number }> {
  const worked = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3 + (server.workedSeconds() ?? 0) * 1e3;
  };
  await work();
  const rounds: { workedMs: number; wallMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [before, startedMs] = [worked(), performance.now()];
    await work();
    rounds.push({ workedMs: worked() - before, wallMs: performance.now() - startedMs });
  }
  return { workedMs: median(rounds.map((each) => each.workedMs)), wallMs: median(rounds.map((each) => each.wallMs)) };
}

async function run(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, ['charges']);
  const charges =
    flags.charges === undefined ? 720_000 : readWhole(flags.charges, '--charges', { min: 720, max: 20_000_000 });
  const before = machine();
  const server = await openBookingServer();
  try {
    const url = await server.enter('kashi_bench_explain');
    await seedCharges(url, Math.ceil(charges / HOURS_OF_MONTH));
    await withAdmin(url, async (client) => {
      await client.query(PROVEN);
      await client.query(INVOICED);
    });
    const ctx = await systemCtx('exporting');
    const part = (wish: PartWish) => () => listLinePart(ctx, { ...INVOICE, ...wish }, PAGE);
    const [day, reservationId, hour] = ['2026-11-15', 'rsv_bench0', '2026-11-15T04:00:00.000Z'];
    const bare = await withAdmin(url, (client) => timed(server, () => client.query(BARE)));
    const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the line, its steps and days', () => explainInvoiceLine(ctx, INVOICE)],
      ['a day by reservation', part({ day })],
      ['a reservation by hour', part({ day, reservationId })],
      ['an hour by card', part({ reservationId, hour })],
      ['a charge', () => explainCharge(ctx, { allocationId: 'alc_bench000001', hour, revision: 0 })],
    ];
    const figures: Figure[] = [{ what: 'adding up, bare', ...bare, timesBare: 1 }];
    for (const [what, work] of steps) {
      present(await work(), what);
      const found = await timed(server, work);
      figures.push({ what, ...found, timesBare: found.workedMs / bare.workedMs });
    }
    const startedMs = performance.now();
    let peak = 0;
    const whole = present(await explainWholeLine(ctx, INVOICE), 'the whole line');
    for await (const text of whole.parts) peak = Math.max(peak, process.memoryUsage.rss(), text.length);
    const file = { ...whole.seal(), seconds: rounded((performance.now() - startedMs) / 1_000), peakMiB: peak >> 20 };
    const report = { bench: 'explain', charges, figures, file, before, after: machine() };
    if (flags.json) return void console.log(JSON.stringify(report));
    printTable([
      ['opening', 'processor ms', 'ms', 'times bare'],
      ...figures.map((each) =>
        [each.what, rounded(each.workedMs), rounded(each.wallMs), rounded(each.timesBare)].map(String),
      ),
    ]);
    console.log(`the whole line as a file: ${JSON.stringify(file)}`);
    console.log(`load average ${before['loadAverageOneMinute']} before, ${report.after['loadAverageOneMinute']} after`);
  } finally {
    await server.close();
  }
}

export const explainBench: Bench = { name: 'explain', usage: 'explain [--charges 720000] [--json]', run };
