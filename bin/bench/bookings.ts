import { fork } from 'node:child_process';
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { decideOnce } from '#lib/engine/deciding-round.ts';
import { openPool } from '#lib/engine/opening.ts';
import { seedBookingMarket, seedQuotes, STANDS_AT, type BookingMarket, type BookingWish } from '#lib/engine/testing-bookings.ts';
import { openDatabase } from '#lib/platform/db.ts';
import { ensureDatabase, openEmbeddedPostgres, withAdmin } from '#lib/platform/embedded-postgres.ts';
import { listen } from '#lib/platform/notifications.ts';
import { applyMigrations } from '#lib/platform/schema-engine.ts';
import type { ClientReport, ClientWork } from './booking-clients.ts';
import type { Bench } from './command-line.ts';
import { percentile } from './figures.ts';
import { workedSeconds } from './measure.ts';
import { serverProcessorSeconds } from './server-work.ts';
import { makeSlots } from './slot-counter.ts';

function pick<T>(next: () => number, choices: readonly T[]): T { return choices[Math.floor(choices.length * next())] as T; }
function hours(next: () => number) { return Math.max(1, Math.round(Math.exp(next() * Math.log(72)))); }
const DAYS = 60;
function fillWish(market: BookingMarket, next: () => number): BookingWish {
  const kind = next();
  const organisationId = pick(next, market.organisations);
  const cards = kind < 0.45 ? pick(next, [1, 2, 4, 8]) : kind < 0.85 ? 16 * pick(next, [1, 2, 4, 8, 12]) : kind < 0.97 ? 384 : 768;
  return { organisationId, cards, topology: cards <= 8 ? pick(next, ['any', 'same-server']) : pick(next, ['any', 'whole-servers']), startHour: next() < 0.05 ? null : 1 + Math.floor(next() * DAYS * 24), hours: hours(next) };
}
function smeWish(market: BookingMarket, next: () => number): BookingWish {
  const organisationId = pick(next, market.organisations);
  const cards = pick(next, [1, 1, 1, 2, 2, 4, 8, 16]);
  return { organisationId, cards, topology: pick(next, ['any', 'same-server']), startHour: next() < 0.05 ? null : 1 + Math.floor(next() * DAYS * 24), hours: hours(next) };
}

export const bookingsBench: Bench = {
  name: 'bookings', usage: 'bookings',
  run: async (args) => {
    const N = Number(args[0] ?? 2000), CL = Number(args[1] ?? 64), FILL = Number(args[2] ?? 5000);
    const directory = await mkdtemp(path.join(tmpdir(), 'kashi-bench-'));
    await chmod(directory, 0o755);
    let server = await openEmbeddedPostgres({ directory });
    if (process.env['PSS']) { await withAdmin(server.urlOf('postgres'), (c) => c.query("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")); await withAdmin(server.urlOf('postgres'), (c) => c.query("ALTER SYSTEM SET pg_stat_statements.track = 'all'")); await withAdmin(server.urlOf('postgres'), (c) => c.query("ALTER SYSTEM SET pg_stat_statements.track_planning = on"));  await server.stop(); server = await openEmbeddedPostgres({ directory }); }
    const serverWork = () => serverProcessorSeconds(path.join(directory, 'postgres')) ?? 0;
    await ensureDatabase(server.urlOf('postgres'), 'bench');
    const url = server.urlOf('bench');
    await applyMigrations(url);
    await withAdmin(url, async (c) => { await c.query('CREATE EXTENSION pg_stat_statements').catch(() => {}); });
    openDatabase(url);
    const market = await seedBookingMarket(Number(process.env['CARDS'] ?? 10_000), 200);
    const next = mulberry32(7);
    const fill = await seedQuotes(market, Array.from({ length: FILL }, () => fillWish(market, next)));
    const timed = await seedQuotes(market, Array.from({ length: N }, () => smeWish(market, next)));
    const ctx = { scope: { kind: 'system' }, actor: { kind: 'system', job: 'engine' }, requestId: 'req_x', now: STANDS_AT } as const;
    const pool = await openPool(ctx, market.poolId, 'bench', { seed: 7, faultRates: 'none', hosts: NO_HOSTS });
    if (!pool) throw new Error('no pool');
    let wake = () => {};
    listen('kashi_command', () => { pool.mayHaveCommands = true; wake(); });
    const child = fork(path.join(import.meta.dirname, 'booking-clients.ts'), [], { execArgv: process.execArgv });
    const ask = (work: ClientWork) => new Promise<ClientReport>((resolve) => { child.once('message', (m) => resolve(m as ClientReport)); child.send(work); });
    const lead = async (work: ClientWork) => {
      let over = false; let rounds = 0;
      const c0 = process.cpuUsage(); const d0 = pool.decidingMs; const w0 = workedSeconds(); const s0 = serverWork();
      const report = ask(work).finally(() => { over = true; wake(); });
      while (!over) {
        if (await decideOnce(ctx, pool)) rounds++;
        else await new Promise<void>((r) => { wake = r; setTimeout(r, 50); });
      }
      const r = await report;
      const cpu = process.cpuUsage(c0);
      r.latenciesMs.length && console.log(work.kind, JSON.stringify(r.answers), 'rate', (r.latenciesMs.length / r.seconds).toFixed(0), '/s  p50', percentile(r.latenciesMs, .5).toFixed(1), 'p99', percentile(r.latenciesMs, .99).toFixed(1), 'rounds', rounds, 'deciding s', ((pool.decidingMs - d0) / 1000).toFixed(2), 'leader thread s', (workedSeconds() - w0).toFixed(2), 'leader cpu', ((cpu.user + cpu.system) / 1e6).toFixed(2), 'server cpu', (serverWork() - s0).toFixed(2), 'client cpu', r.processorSeconds.toFixed(2), 'wall', r.seconds.toFixed(2));
      return r;
    };
    if (FILL) await lead({ kind: 'book', url, clients: CL, seconds: 600, quotes: fill });
    await withAdmin(url, (c) => c.query('SELECT pg_stat_statements_reset()').catch(() => {}));
    await lead({ kind: 'book', url, clients: CL, seconds: 600, quotes: timed });
    await withAdmin(url, async (c) => { const { rows } = await c.query(`SELECT calls, round(total_exec_time) ms, round(total_plan_time) plan, rows, left(regexp_replace(query,'\\s+',' ','g'),150) q FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 45`).catch((e) => ({ rows: [String(e)] })); console.table(rows); });
    await makeSlots(url, 2160, 1_000_000);
    const s1 = serverWork();
    const r = await ask({ kind: 'count', url, clients: 8, seconds: 3, hours: 2160, seed: 1 });
    console.log('slots', r.answers, (r.latenciesMs.length / r.seconds).toFixed(0), '/s client cpu', r.processorSeconds, 'server cpu', serverWork() - s1);
    const t = performance.now();
    const p2 = await openPool({ ...ctx }, market.poolId, 'bench', { seed: 7, faultRates: 'none', hosts: NO_HOSTS });
    console.log('open ms', performance.now() - t, p2?.mind.book.reservations.size);
    child.kill();
    await server.stop(); await rm(directory, { recursive: true, force: true });
  },
};
