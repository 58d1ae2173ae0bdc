import { workedMs } from '#lib/platform/clock.ts';
import { listen } from '#lib/platform/notifications.ts';
import { decideRounds } from '#lib/engine/deciding-rounds.ts';
import type { Pool } from '#lib/engine/pool.ts';
import { LEADER } from '#lib/engine/testing-contest.ts';
import type { ClientReport, ClientWork } from './booking-clients.ts';
import type { BookingServer, ClientProcess } from './booking-server.ts';
import { percentile } from './figures.ts';

/** What one stretch of work came to. Processor milliseconds are per piece of work, of all processes together or of each. */
export type Stretch = {
  readonly perSecond: number;
  readonly answers: ClientReport['answers'];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientMsEach: number;
  readonly databaseMsEach: number | null;
  readonly leaderMsEach: number;
  /** The part of the leader's work that is deciding. */
  readonly decidingMsEach: number;
  readonly commandsPerRound: number;
};

/** Looked at again after this long without an announcement. */
const LOOK_AFTER_MS = 50;

/** Lets a leader decide in rounds until it is over; answers how many rounds there were. */
async function lead(pool: Pool, isOver: () => boolean): Promise<number> {
  let rounds = 0;
  let wakeUp: () => void = () => {};
  const stop = listen('kashi_command', () => {
    pool.mayHaveCommands = true;
    wakeUp();
  });
  // An engine hears of changes too.
  const stopChanges = listen('kashi_change', () => {});
  pool.mayHaveCommands = true;
  while (!isOver()) {
    const made = await decideRounds(LEADER, pool);
    rounds += made;
    if (made > 0) continue;
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
      setTimeout(() => {
        pool.mayHaveCommands = true;
        resolve();
      }, LOOK_AFTER_MS);
    });
  }
  stop();
  stopChanges();
  return rounds;
}

/** Runs a piece of work in the process of clients, led by `pool` where there is something to decide. */
export async function measureStretch(
  server: BookingServer,
  clients: ClientProcess,
  work: ClientWork,
  pool: Pool | null,
): Promise<Stretch> {
  const before = { leaderMs: workedMs(), decidingMs: pool?.decidingMs ?? 0, server: server.workedSeconds() };
  let isOver = false;
  const reported = clients.run(work).finally(() => {
    isOver = true;
  });
  const rounds = pool ? await lead(pool, () => isOver) : 0;
  const report = await reported;
  const count = report.latenciesMs.length;
  const served = server.workedSeconds();
  return {
    perSecond: count / report.seconds,
    answers: report.answers,
    p50Ms: percentile(report.latenciesMs, 0.5),
    p99Ms: percentile(report.latenciesMs, 0.99),
    clientMsEach: (report.processorSeconds * 1_000) / count,
    databaseMsEach: served === null || before.server === null ? null : ((served - before.server) * 1_000) / count,
    leaderMsEach: pool ? (workedMs() - before.leaderMs) / count : 0,
    decidingMsEach: pool ? (pool.decidingMs - before.decidingMs) / count : 0,
    commandsPerRound: rounds === 0 ? 0 : count / rounds,
  };
}
