import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { closeEvidence } from '#lib/metering/evidence-log.ts';
import { isConnectionLost } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { notify } from '#lib/platform/notifications.ts';
import { saveChanges } from '#lib/reservations/book-keeping.ts';
import { writeAnswers, writeDecided } from '#lib/reservations/command-log.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import { hasDue } from '#lib/reservations/timers.ts';
import type { LogEntry, Round } from './batch.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import { Deposed, isDeposed, proveLeadership, readDecisions } from './leadership.ts';
import { cardOf, type Doubt, type Pool, rememberFailure } from './pool.ts';
import { afterFailure, fewerCommands, fewerDues } from './round-size.ts';
import type { Unsettled } from './settling.ts';

/** Numbers decisions and writes them: commands get their answers, timers and reports become entries of the log. */
async function writeLog(ctx: Ctx, tx: Tx, pool: Pool, entries: readonly LogEntry[]): Promise<void> {
  const numbered = entries.map((entry, i) => ({ ...entry, decisionNumber: pool.lease.decisions + BigInt(i) + 1n }));
  const { epoch } = pool.lease;
  writeDecided(
    ctx,
    tx,
    pool.id,
    epoch,
    numbered.filter(({ command }) => command === null),
  );
  const decided = numbered.flatMap(({ command, ...rest }) => (command ? [{ commandId: command.id, ...rest }] : []));
  await writeAnswers(ctx, tx, epoch, decided);
}

function endsOf(changes: readonly Change[]) {
  return changes.flatMap((change) =>
    change.kind === 'bindingsClosed' ? change.ids.map((allocationId) => ({ allocationId, endAt: change.endAt })) : [],
  );
}

/** Sends all rows of a decided round, its journals and the log; nothing of it need be carried out yet. */
export async function sendRound(ctx: Ctx, tx: Tx, pool: Pool, round: Round, keeper: EvidenceKeeper): Promise<void> {
  const { reservations } = pool.mind.book;
  const organisationOf = (id: string): string =>
    present(reservations.get(id as Id<'reservation'>) ?? round.ended.get(id), `reservation ${id}`).organisationId;
  const names = { poolId: pool.id, cardId: (ordinal: number) => cardOf(pool, ordinal).id };
  await closeEvidence(tx, keeper.release(endsOf(round.changes)));
  await saveChanges(ctx, tx, names, round.changes, organisationOf);
  await writeLog(ctx, tx, pool, round.entries);
  const touched = round.changes.flatMap((change) =>
    change.kind === 'event' ? [`reservation:${change.reservationId}`] : [],
  );
  await notify(tx, 'kashi_change', touched);
}

/** Writes a decided round: rows, journals, the log, the proof of leadership, in the transaction that it is given. */
export async function writeRound(ctx: Ctx, tx: Tx, pool: Pool, round: Round, keeper: EvidenceKeeper): Promise<void> {
  await sendRound(ctx, tx, pool, round, keeper);
  // The first answer that is waited for since the round was decided: by then all of it is written.
  await proveLeadership(tx, pool.lease, round.entries.length);
}

/** Reservations that ended in a round and now wait to be settled. */
function endedIn({ changes, ended }: Round): Unsettled[] {
  return changes.flatMap((change) => {
    if (change.kind !== 'reservationEnded') return [];
    const { id, organisationId, skuId, name, purchase, payBy, interval } = present(
      ended.get(change.id),
      `reservation ${change.id}`,
    );
    const leftEarly = purchase === 'by-card' && change.reason === 'released';
    return [
      {
        id,
        organisationId,
        skuId,
        name,
        purchase,
        isOnAccount: payBy === 'account',
        startAt: interval.startAt,
        endedAt: change.at,
        settleAt: leftEarly ? (interval.endAt ?? interval.startAt) : change.at,
        wasCancelled: change.state === 'cancelled',
        isRefunded: change.reason === 'refunded',
      },
    ];
  });
}

/** The one command of a round failed to be written: it is answered so, and the queue goes on. */
async function answerFailed(ctx: Ctx, pool: Pool, command: Command, error: unknown): Promise<void> {
  log.error('a command could not be decided', { command: command.id, reason: errorText(error) });
  const answer = { ok: false, refusal: { code: 'decisionFailed' } } as const;
  const entry: LogEntry = { command, payload: command.payload, answer, inputs: {} };
  const round: Round = { changes: [], entries: [entry], ended: new Map(), dues: 0, undo: () => {} };
  pool.doubt = { round, reportCount: 0, keeper: pool.keeper };
  await withTx(
    ctx,
    async (tx) => {
      await writeLog(ctx, tx, pool, round.entries);
      await proveLeadership(tx, pool.lease, 1);
    },
    { epoch: pool.lease.epoch },
  );
  keep(pool, pool.doubt);
}

/** The transaction of a round is committed: memory keeps what it already shows, and the rest of the pool follows. */
export function keep(pool: Pool, { round, reportCount, keeper }: Doubt): void {
  pool.doubt = null;
  pool.reports = pool.reports.slice(reportCount);
  pool.keeper = keeper;
  pool.lease = { ...pool.lease, decisions: pool.lease.decisions + BigInt(round.entries.length) };
  pool.unsettled.push(...endedIn(round));
}

/**
 * Finds out whether a round whose end was not heard is committed, and keeps it or takes it back: the lease counts
 * decisions in the same transaction. Throws while the database does not say (until then nothing else is decided), and
 * `Deposed` when the leadership is over.
 */
export async function clearDoubt(ctx: Ctx, pool: Pool, doubt: Doubt): Promise<'committed' | 'takenBack'> {
  const decisions = await withTx(ctx, (tx) => readDecisions(tx, pool.lease));
  const { entries, undo } = doubt.round;
  if (entries.length > 0 && decisions === pool.lease.decisions + BigInt(entries.length)) {
    keep(pool, doubt);
    return 'committed';
  }
  pool.doubt = null;
  undo();
  // Whatever the round was refused for: it was no longer ours to write.
  if (decisions === null) throw new Deposed(`another leads ${pool.id}`);
  return 'takenBack';
}

/** What a round that could not be written leads to: nothing, when it was written after all; else see {@link afterFailure}. */
export async function recover(ctx: Ctx, pool: Pool, commands: readonly Command[], error: unknown): Promise<void> {
  pool.mayHaveCommands = true;
  const mayBeDue = hasDue(pool.mind, ctx.now) ? pool.duesPerRound : 0;
  const dues = pool.doubt ? pool.doubt.round.dues : mayBeDue;
  if (pool.doubt && (await clearDoubt(ctx, pool, pool.doubt)) === 'committed') return;
  if (isDeposed(error)) throw new Deposed(`another leads ${pool.id}`, { cause: error });
  // Nobody's command is at fault when the line is cut: all of them wait, and the next round decides them.
  if (isConnectionLost(error)) throw error;
  rememberFailure(pool, { reason: errorText(error), commandIds: commands.map(({ id }) => id) });
  const next = afterFailure({ dues, commands: commands.length, duesPerRound: pool.duesPerRound });
  if (next === 'sameAgain') throw error;
  if (next === 'answerFailed') return answerFailed(ctx, pool, present(commands[0], 'a command'), error);
  if (next === 'fewerCommands') pool.commandsPerRound = fewerCommands(commands.length);
  else {
    log.error('what is due could not be written together', {
      pool: pool.id,
      dues: `${dues}`,
      reason: errorText(error),
    });
    pool.duesPerRound = fewerDues(dues);
  }
}
