import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { workedMs } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { askPending, commandOf } from '#lib/reservations/command-log.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import { hasDue } from '#lib/reservations/timers.ts';
import { loadLines } from './account-round.ts';
import { decideRound, organisationsIn } from './batch.ts';
import { clearDoubt, keep, recover, sendRound } from './deciding-round.ts';
import { Handover } from './handover.ts';
import { proveLeadership } from './leadership.ts';
import type { Doubt, Pool } from './pool.ts';
import { loadRefunds } from './refund-round.ts';
import { readSeen, remember } from './round-reading.ts';
import { COMMANDS_PER_ROUND, commandsOfRound, moreCommands, moreDues } from './round-size.ts';

/** Then whatever else a leader does has its turn. */
const ROUNDS_IN_A_ROW = 8;

/** The round behind another, from the moment at which its transaction is opened. */
type Follower = { readonly handover: Handover; readonly done: Promise<Carried> };
/** How a round went: whether there was work, and the round that is already under way behind it. */
type Carried = { readonly didWork: boolean; readonly next: Follower | null };

/** A round while its transaction runs. */
type UnderWay = {
  /** From the round before, when it was opened behind one. */
  readonly from: Handover | null;
  /** How many rounds may come, this one counted. */
  readonly left: number;
  readonly mayHaveCommands: boolean;
  commands: readonly Command[];
  /** True when more waited than the round took. */
  hasMore: boolean;
  doubt: Doubt | null;
  next: Follower | null;
};

function hasWork(pool: Pool, ctx: Ctx): boolean {
  return pool.mayHaveCommands || pool.reports.length > 0 || hasDue(pool.mind, ctx.now);
}

/** Lets go of the round behind: its transaction is rolled back when this returns. */
async function withdraw(round: UnderWay): Promise<void> {
  round.next?.handover.withdraw();
  await round.next?.done;
  round.next = null;
}

/** Nothing to do, or a transaction that is tried again: what the attempt before decided and began is taken back. */
async function beginAgain(pool: Pool, round: UnderWay): Promise<void> {
  await withdraw(round);
  if (round.doubt === null) return;
  round.doubt.round.undo();
  round.doubt = null;
  pool.doubt = null;
}

/** Decides a round behind the lock of the wallets that it may touch. By then the round before is committed and kept. */
async function decideLocked(ctx: Ctx, tx: Tx, pool: Pool, round: UnderWay): Promise<Doubt> {
  const { mind } = pool;
  const { commands } = round;
  const seen = await readSeen(tx, pool, organisationsIn(mind, commands, ctx.now), ctx.now);
  await round.from?.kept;
  remember(mind, seen);
  await loadLines(tx, mind, commands, ctx.now);
  await loadRefunds(tx, mind, commands);
  const reports = [...pool.reports];
  const sinceMs = workedMs();
  const duesMax = pool.duesPerRound;
  const decided = decideRound(mind, { reports, commands, wallets: seen.wallets, now: ctx.now, duesMax });
  pool.decidingMs += workedMs() - sinceMs;
  return { round: decided, reportCount: reports.length, keeper: pool.keeper.copy() };
}

/** No command was decided, as what is due comes first: they wait for the next, and are not to blame for this one. */
function leaveCommands(round: UnderWay): void {
  round.hasMore ||= round.commands.length > 0;
  round.commands = [];
}

/** What a round does in its transaction: reads, decides, writes; behind its rows it reads what the next is to decide. */
async function attempt(ctx: Ctx, tx: Tx, pool: Pool, round: UnderWay): Promise<void> {
  const { from } = round;
  await beginAgain(pool, round);
  const waiting = round.mayHaveCommands ? askPending(tx, pool.id, pool.commandsPerRound) : [];
  const found = (await (from?.commands ?? waiting)).map(commandOf);
  round.commands = commandsOfRound(pool.mind, found, ctx.now);
  round.hasMore = found.length > round.commands.length || found.length === pool.commandsPerRound;
  if (from && round.commands.length === 0) return;
  const doubt = await decideLocked(ctx, tx, pool, round);
  round.doubt = doubt;
  pool.doubt = doubt;
  const { entries } = doubt.round;
  if (!entries.some(({ command }) => command !== null)) leaveCommands(round);
  if (entries.length === 0) return;
  await sendRound(ctx, tx, pool, doubt.round, doubt.keeper);
  // A batch that failed is decided in parts: none of them has another behind it.
  if (round.left > 1 && (pool.mayHaveCommands || round.hasMore) && pool.commandsPerRound === COMMANDS_PER_ROUND) {
    pool.mayHaveCommands = false;
    round.next = follow(ctx, pool, round.left - 1);
  }
  const [, pending] = await Promise.all([
    proveLeadership(tx, pool.lease, entries.length),
    round.next ? askPending(tx, pool.id, COMMANDS_PER_ROUND) : [],
  ]);
  round.next?.handover.give(pending);
}

/** Opens the transaction of a round behind the one that is being written. */
function follow(ctx: Ctx, pool: Pool, left: number): Follower {
  const handover = new Handover();
  return { handover, done: carryOut(ctx, pool, handover, left) };
}

async function carryOut(ctx: Ctx, pool: Pool, from: Handover | null, left: number): Promise<Carried> {
  // Lowered before looking: an announcement during the round raises it again.
  const mayHaveCommands = from === null && pool.mayHaveCommands;
  pool.mayHaveCommands = false;
  const round: UnderWay = { from, left, mayHaveCommands, commands: [], hasMore: false, doubt: null, next: null };
  try {
    await withTx(ctx, (tx) => attempt(ctx, tx, pool, round), { epoch: pool.lease.epoch });
  } catch (error) {
    await withdraw(round);
    if (from && !(await from.wasKept())) {
      pool.mayHaveCommands = true;
      return { didWork: false, next: null };
    }
    await recover(ctx, pool, round.commands, error);
    return { didWork: true, next: null };
  }
  const { doubt, next } = round;
  if (doubt === null) return { didWork: false, next };
  keep(pool, doubt);
  next?.handover.keep();
  // The round behind has read what this one left.
  pool.mayHaveCommands ||= round.hasMore && next === null;
  pool.commandsPerRound = moreCommands(pool.commandsPerRound);
  if (doubt.round.dues > 0) pool.duesPerRound = moreDues(pool.duesPerRound);
  return { didWork: doubt.round.entries.length > 0, next };
}

/**
 * Rounds of deciding, at most so many: each locks the wallets that it may touch, decides on memory, and writes everything
 * and the answers in one transaction under the pool's epoch. A failed transaction leaves memory as it was. While a round is
 * written, the transaction of the next is opened; while it is committed, the next reads and locks; it decides when the commit
 * is heard. So nothing is ever decided on what may not stay, and no second memory is needed. Answers how many had work.
 */
export async function decideRounds(ctx: Ctx, pool: Pool, roundsMax = ROUNDS_IN_A_ROW): Promise<number> {
  if (pool.doubt) await clearDoubt(ctx, pool, pool.doubt);
  if (!hasWork(pool, ctx)) return 0;
  let rounds = 0;
  let carried = await carryOut(ctx, pool, null, roundsMax);
  for (;;) {
    if (carried.didWork) rounds += 1;
    if (!carried.next) return rounds;
    carried = await carried.next.done;
  }
}

/** One round, with none behind it. True when there was work. */
export async function decideOnce(ctx: Ctx, pool: Pool): Promise<boolean> {
  return (await decideRounds(ctx, pool, 1)) > 0;
}
