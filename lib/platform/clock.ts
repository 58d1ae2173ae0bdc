import 'server-only';
import { fromDate, type Instant, instant } from '#lib/core/instant.ts';
import { Prisma, type Tx } from './db.ts';

/** The clock's row: how business time runs in this database. */
export type ClockState =
  | { readonly mode: 'real'; readonly now: Instant }
  | {
      readonly mode: 'demo';
      readonly now: Instant;
      /** Up to where the engine may step the clock at this moment. */
      readonly targetAt: Instant;
      /** Business seconds per real second; 0 stands still until somebody advances it. */
      readonly ratePerSecond: number;
    };

/** The business time of this moment, the only clock that ever bills anybody. */
export async function readNow(tx: Tx): Promise<Instant> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT kashi_now() AS now`;
  return fromDate(row?.now ?? new Date(Number.NaN));
}

/** How the clock runs. */
export async function readClock(tx: Tx): Promise<ClockState> {
  const [row] = await tx.$queryRaw<{ mode: string; now: Date; target: Date; rate: number }[]>`
    SELECT mode, kashi_now() AS now, kashi_clock_target() AS target, rate_per_second AS rate FROM clock`;
  const now = fromDate(row?.now ?? new Date(Number.NaN));
  if (row?.mode !== 'demo') return { mode: 'real', now };
  return { mode: 'demo', now, targetAt: fromDate(row.target), ratePerSecond: row.rate };
}

/** Puts the clock into demo mode, standing still at `startAt` or where it is. Going back is refused. */
export async function startDemoClock(tx: Tx, startAt: Instant | null): Promise<void> {
  const at = startAt === null ? Prisma.sql`NULL` : Prisma.sql`${new Date(startAt)}`;
  await tx.$executeRaw`SELECT kashi_clock_demo(${at}::timestamptz)`;
}

/** Puts the clock back on real time; refused while business time is ahead of it. */
export async function startRealClock(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT kashi_clock_real()`;
}

/** Asks the engine to run business time to `targetAt`, then on at `ratePerSecond`. */
export async function demandClock(tx: Tx, targetAt: Instant, ratePerSecond: number): Promise<void> {
  await tx.$executeRaw`SELECT kashi_clock_demand(${new Date(targetAt)}::timestamptz, ${ratePerSecond}::int)`;
}

/** The engine's step: business time becomes `to`, at most the target. */
export async function stepClock(tx: Tx, to: Instant): Promise<void> {
  await tx.$executeRaw`SELECT kashi_clock_step(${new Date(to)}::timestamptz)`;
}

/** Milliseconds of a clock that only measures spans of real time: leases, pauses. It never enters a record. */
export function monotonicMs(): number {
  return performance.now();
}

/** Milliseconds of work that this thread has done: for figures of what something costs, whatever else runs. */
export function workedMs(): number {
  // Linux counts a thread's time at its ticks, but brings it up to date when the whole process is asked for.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The host's time of day, for device interfaces that run where there is no database. It never bills anybody. */
export function hostNow(): Instant {
  return instant(Math.floor(performance.timeOrigin + performance.now()));
}
