import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import {
  type DrainPlan,
  type Handling,
  type MaintenanceWindow,
  WINDOW_IS_LIVE,
  type WindowCardState,
  type WindowState,
} from './maintenance-types.ts';

// The engine's door to drain plans and maintenance windows, within its own transaction.

type Names = { readonly poolId: Id<'pool'>; readonly cardId: (ordinal: number) => string };

const dateOf = (at: Instant | null): Date | null => (at === null ? null : toDate(at));
const instantOf = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

/** Keeps what was worked out, for whoever asked. */
export async function saveDrainPlan(tx: Tx, names: Names, plan: DrainPlan): Promise<void> {
  await tx.drainPlan.create({
    data: {
      id: plan.id,
      poolId: names.poolId,
      cardIds: plan.cards.map(names.cardId),
      startAt: toDate(plan.interval.startAt),
      endAt: dateOf(plan.interval.endAt),
      planVersion: BigInt(plan.planVersion),
      madeBy: plan.madeBy,
      madeAt: toDate(plan.madeAt),
      outcome: JSON.parse(JSON.stringify(plan.outcome)),
    },
    select: { id: true },
  });
}

/** Writes a window as it is now, and how each of its cards stands in it. */
export async function saveWindow(tx: Tx, names: Names, window: MaintenanceWindow): Promise<void> {
  const { id, interval, handling, reason, state, noticesGiven, plannedBy } = window;
  const changing = {
    state,
    noticesGiven,
    retryAt: dateOf(window.retryAt),
    endedAt: dateOf(window.endedAt),
  };
  const [startAt, endAt] = [toDate(interval.startAt), dateOf(interval.endAt)];
  const plannedAt = toDate(window.plannedAt);
  await tx.maintenanceWindow.upsert({
    where: { id },
    create: { id, poolId: names.poolId, startAt, endAt, handling, reason, plannedBy, plannedAt, ...changing },
    update: changing,
    select: { id: true },
  });
  const cards = [...window.cards];
  await tx.$executeRaw`
    INSERT INTO maintenance_card (window_id, card_id, state, start_at, end_at, is_live)
    SELECT ${id}, c.id, c.state, ${startAt}::timestamptz, ${endAt}::timestamptz, ${WINDOW_IS_LIVE[state]}
    FROM unnest(${cards.map(([card]) => names.cardId(card))}::text[], ${cards.map(([, own]) => own)}::text[]) AS c (id, state)
    ON CONFLICT (window_id, card_id) DO UPDATE SET state = excluded.state, is_live = excluded.is_live`;
}

/** The windows of a pool that are not over, in the order they were planned; `ordinals` maps card ids to numbers. */
export async function readLiveWindows(
  tx: Tx,
  poolId: Id<'pool'>,
  ordinals: ReadonlyMap<string, number>,
): Promise<MaintenanceWindow[]> {
  const rows = await tx.maintenanceWindow.findMany({
    where: { poolId, state: { in: ['planned', 'running'] } },
    orderBy: [{ plannedAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      startAt: true,
      endAt: true,
      handling: true,
      reason: true,
      state: true,
      noticesGiven: true,
      retryAt: true,
      plannedBy: true,
      plannedAt: true,
      endedAt: true,
      cards: { select: { cardId: true, state: true } },
    },
  });
  return rows.map(({ id, startAt, endAt, handling, state, retryAt, plannedAt, endedAt, cards, ...rest }) => ({
    ...rest,
    id: idFrom('maintenanceWindow', id),
    interval: { startAt: fromDate(startAt), endAt: instantOf(endAt) },
    handling: handling as Handling,
    state: state as WindowState,
    cards: new Map(
      cards
        .map((card) => [present(ordinals.get(card.cardId), card.cardId), card.state as WindowCardState] as const)
        .sort(([a], [b]) => a - b),
    ),
    retryAt: instantOf(retryAt),
    plannedAt: fromDate(plannedAt),
    endedAt: instantOf(endedAt),
  }));
}
