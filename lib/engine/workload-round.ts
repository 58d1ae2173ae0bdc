import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, secondsBetween, floorToSecond } from '#lib/core/instant.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { notify } from '#lib/platform/notifications.ts';
import { nextStep, type UsableCard, type WorkloadStep, walltimeEndsAt } from '#lib/workloads/run.ts';
import { readOpenWorkloads, writeEnded, writeStarted } from '#lib/workloads/run-log.ts';
import type { Launch, Workload } from '#lib/workloads/types.ts';
import { cardOf, type Pool } from './pool.ts';

/** A reservation's granted cards that no running workload uses; null when the reservation is over. */
function freeCardsOf(pool: Pool, workload: Workload, open: readonly Workload[]): UsableCard[] | null {
  const reservation = pool.mind.book.reservations.get(workload.reservationId);
  if (!reservation) return null;
  const taken = new Set(
    open
      .filter(({ state, reservationId }) => state === 'running' && reservationId === workload.reservationId)
      .flatMap(({ cardIds }) => cardIds),
  );
  return pool.mind.book
    .bindingsOf(reservation.id)
    .filter((bound) => pool.keeper.has(bound.id))
    .map(({ card }) => cardOf(pool, card))
    .filter(({ id, ordinal }) => !taken.has(id) && pool.mind.book.cards[ordinal]?.health !== 'unhealthy')
    .map(({ id, serverId, uuid }) => ({ cardId: id, serverId, uuid }));
}

/** False once a card that a workload runs on was given back or replaced. */
function hasItsCards(pool: Pool, workload: Workload): boolean {
  const own = new Set<string>(
    pool.mind.book.bindingsOf(workload.reservationId).map(({ card }) => cardOf(pool, card).id),
  );
  return workload.cardIds.every((id) => own.has(id));
}

function launchOf(workload: Workload, cards: readonly UsableCard[], ranSeconds: number): Launch {
  const servers = [...Map.groupBy(cards, ({ serverId }) => serverId)].map(([serverId, group]) => ({
    serverId,
    uuids: group.map(({ uuid }) => uuid),
  }));
  return {
    workloadId: workload.id,
    command: workload.command,
    walltimeSeconds: workload.walltimeSeconds,
    servers,
    ranSeconds,
  };
}

/** After a restart of the engine the simulated hosts are new: what was running goes on from where it was. */
export async function adoptWorkloads(ctx: Ctx, tx: Tx, pool: Pool): Promise<void> {
  for (const workload of await readOpenWorkloads(tx, pool.id)) {
    if (workload.state !== 'running' || workload.startedAt === null) continue;
    const cards = workload.cardIds
      .flatMap((id) => pool.cardById.get(id) ?? [])
      .map(({ id, serverId, uuid }) => ({ cardId: id, serverId, uuid }));
    const ranSeconds = secondsBetween(floorToSecond(workload.startedAt), floorToSecond(ctx.now));
    await pool.backend.launch(launchOf(workload, cards, ranSeconds)).catch((error: unknown) => {
      log.info('a workload could not go on', { workload: workload.id, reason: errorText(error) });
    });
  }
}

type Moved = { readonly workload: Workload; readonly step: WorkloadStep };

/** Acts on one workload at the backend; what is to be written follows afterwards. Null when nothing is to be done. */
async function act(pool: Pool, workload: Workload, open: Workload[], now: Instant): Promise<Moved | null> {
  const step = nextStep(workload, {
    freeCards: freeCardsOf(pool, workload, open),
    hasItsCards: hasItsCards(pool, workload),
    status: pool.backend.status(workload.id),
    now,
  });
  if (step?.kind === 'stop') pool.backend.stop(workload.id, step.reason);
  if (step?.kind !== 'launch') return step && { workload, step };
  try {
    await pool.backend.launch(launchOf(workload, step.cards, 0));
  } catch (error) {
    log.info('a workload could not start', { workload: workload.id, reason: errorText(error) });
    return null;
  }
  open.push({ ...workload, state: 'running', cardIds: step.cards.map(({ cardId }) => cardId) });
  return { workload, step };
}

async function writeMoved(tx: Tx, moved: readonly Moved[], now: Instant): Promise<void> {
  for (const { workload, step } of moved) {
    if (step.kind === 'launch')
      await writeStarted(
        tx,
        workload.id,
        step.cards.map(({ cardId }) => cardId),
        now,
      );
    if (step.kind === 'end') await writeEnded(tx, workload.id, step.state, step.reason, step.exitCode, step.at);
  }
  await notify(
    tx,
    'kashi_change',
    moved.map(({ workload }) => `reservation:${workload.reservationId}`),
  );
}

/** Moves every workload of the pool on by one step: reads, acts at the backend, then writes. True when one moved. */
export async function stepWorkloads(ctx: Ctx, pool: Pool): Promise<boolean> {
  if (!pool.mayHaveWorkloads) return false;
  pool.mayHaveWorkloads = false;
  const open = await withTx(ctx, (tx) => readOpenWorkloads(tx, pool.id));
  pool.mayHaveWorkloads ||= open.length > 0;
  pool.walltimesAt = open.flatMap((workload) => walltimeEndsAt(workload) ?? []);
  const moved: Moved[] = [];
  for (const workload of [...open])
    moved.push(...[await act(pool, workload, open, ctx.now)].filter((one) => one !== null));
  if (moved.length === 0) return false;
  await withTx(ctx, (tx) => writeMoved(tx, moved, ctx.now));
  for (const { workload, step } of moved) {
    if (step.kind !== 'end') continue;
    pool.backend.forget(workload.id);
    pool.mayHaveOverJobs = true;
  }
  return true;
}
