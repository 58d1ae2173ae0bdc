import 'server-only';
import { createHash } from 'node:crypto';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, type IdKind, ID_PREFIXES, idFrom } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readTargetCards } from '#lib/inventory/targets.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { withTx } from '#lib/platform/db.ts';
import { type ActRefusal, CONFIRM_ABOVE_CARDS } from './acting-on-cards.ts';
import {
  findDrainPlanRow,
  findWindowRow,
  readActorName,
  readHitNames,
  readServerPaths,
  readServersOf,
  readWindowCards,
  readWindows,
} from './maintenance-store.ts';
import {
  type DrainHit,
  effectOf,
  type Handling,
  REACHES,
  WINDOW_IS_LIVE,
  type WindowState,
} from './maintenance-types.ts';
import type { DrainPlanView, HitView, WindowRow } from './maintenance-view-types.ts';
import { commandPool } from './service.ts';

/** An id that follows from a submission's key, so that the same key makes the same plan or window, and finds it. */
function idOfKey<K extends IdKind>(kind: K, key: string): Id<K> {
  const digest = createHash('sha256').update(`${kind} ${key}`).digest('hex').slice(0, 26);
  return idFrom(kind, `${ID_PREFIXES[kind]}_${digest}`);
}

export type MaintenanceResultRefusal = ActRefusal | { readonly code: 'drainPlanUnknown' };

/**
 * Has the engine work out what emptying a target would do, and keeps that; answers the plan's id. `startAt` null is now;
 * `endAt` null is until somebody ends it. Changes nothing. The same key finds the same plan.
 */
export async function planDrain(
  ctx: Ctx,
  input: {
    readonly target: ActTarget;
    readonly startAt: Instant | null;
    readonly endAt: Instant | null;
    readonly idempotencyKey: string;
  },
): Promise<Result<{ readonly drainPlanId: Id<'drainPlan'> }, MaintenanceResultRefusal>> {
  authorize(ctx, 'maintenance:plan');
  const { target, startAt, endAt, idempotencyKey } = input;
  const cards = await withTx(ctx, (tx) => readTargetCards(tx, target, ctx.now));
  const [first] = cards;
  if (!first) return refuse({ code: 'targetUnknown' });
  if (cards.some(({ poolId }) => poolId !== first.poolId)) return refuse({ code: 'targetTooWide' });
  const drainPlanId = idOfKey('drainPlan', idempotencyKey);
  const payload = { kind: 'planDrain', drainPlanId, cardIds: cards.map(({ id }) => id), startAt, endAt } as const;
  const done = await commandPool(ctx, 'maintenance:plan', {
    poolId: first.poolId,
    payload,
    request: { ...payload },
    idempotencyKey,
  });
  return done.ok ? accept({ drainPlanId }) : done;
}

/** {@link planDrain} for the cards and the time of an earlier plan, as things stand now. */
export async function planDrainAgain(
  ctx: Ctx,
  input: { readonly drainPlanId: string; readonly idempotencyKey: string },
): Promise<Result<{ readonly drainPlanId: Id<'drainPlan'> }, MaintenanceResultRefusal>> {
  authorize(ctx, 'maintenance:plan');
  const plan = await withTx(ctx, (tx) => findDrainPlanRow(tx, input.drainPlanId));
  if (!plan) return refuse({ code: 'drainPlanUnknown' });
  const { startAt, endAt } = plan.interval;
  return planDrain(ctx, {
    target: { kind: 'cards', ids: plan.cardIds },
    startAt: startAt <= plan.madeAt ? null : startAt,
    endAt,
    idempotencyKey: input.idempotencyKey,
  });
}

function movesOf({ moves }: DrainHit): Pick<HitView, 'moves' | 'stuckCards'> {
  const count = (reach: string): number => moves.filter(({ to }) => to?.reach === reach).length;
  const [server, supernode, pod, pool] = REACHES;
  return {
    moves: { server: count(server), supernode: count(supernode), pod: count(pod), pool: count(pool) },
    stuckCards: moves.filter(({ to }) => to === null).length,
  };
}

/** A plan with the names of those it hits; null when there is none of that id. */
export async function findDrainPlan(ctx: Ctx, drainPlanId: string): Promise<DrainPlanView | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const row = await findDrainPlanRow(tx, drainPlanId);
    if (!row) return null;
    const { outcome, cardIds, ...plan } = row;
    const { hits, promises, ...totals } = outcome;
    const names = await readHitNames(
      tx,
      [...hits, ...promises].map(({ reservationId }) => reservationId),
    );
    const paths = await readServerPaths(
      tx,
      plan.poolId,
      promises.flatMap(({ servers }) => servers ?? []),
    );
    const named = (reservationId: string) => ({
      reservationId: idFrom('reservation', reservationId),
      name: names.get(reservationId)?.name ?? reservationId,
      organisationName: names.get(reservationId)?.organisation ?? '',
    });
    return {
      ...plan,
      ...totals,
      madeBy: await readActorName(tx, plan.madeBy),
      cards: cardIds.length,
      servers: await readServersOf(tx, cardIds),
      hits: hits.map((hit) => ({
        ...named(hit.reservationId),
        interval: hit.interval,
        cards: hit.moves.length,
        ...movesOf(hit),
      })),
      promises: promises.map(({ reservationId, interval, cards, servers }) => ({
        ...named(reservationId),
        interval,
        cards,
        servers: servers?.map((server) => paths.get(server) ?? `${server}`) ?? null,
      })),
    };
  });
}

/**
 * Plans a window as a drain plan showed it; refused when it would hit others by now. Above
 * {@link CONFIRM_ABOVE_CARDS} cards `typedCount` must be their number.
 */
export async function planWindow(
  ctx: Ctx,
  input: {
    readonly drainPlanId: string;
    readonly handling: Handling;
    readonly reason: string;
    readonly typedCount: number | null;
    readonly idempotencyKey: string;
  },
): Promise<Result<{ readonly windowId: Id<'maintenanceWindow'> }, MaintenanceResultRefusal>> {
  authorize(ctx, 'maintenance:plan');
  const { drainPlanId, handling, reason, typedCount, idempotencyKey } = input;
  const plan = await withTx(ctx, (tx) => findDrainPlanRow(tx, drainPlanId));
  if (!plan) return refuse({ code: 'drainPlanUnknown' });
  if (plan.cardIds.length > CONFIRM_ABOVE_CARDS && typedCount !== plan.cardIds.length)
    return refuse({ code: 'countNotConfirmed', cards: plan.cardIds.length });
  const windowId = idOfKey('maintenanceWindow', idempotencyKey);
  const { startAt, endAt } = plan.interval;
  const done = await commandPool(ctx, 'maintenance:plan', {
    poolId: plan.poolId,
    payload: {
      kind: 'planWindow',
      windowId,
      cardIds: plan.cardIds,
      // What was planned for now begins when it is decided.
      startAt: startAt <= plan.madeAt ? null : startAt,
      endAt,
      handling,
      reason,
      expectedEffect: effectOf(plan.outcome),
    },
    request: { kind: 'planWindow', drainPlanId, handling, reason },
    idempotencyKey,
  });
  return done.ok ? accept({ windowId }) : done;
}

/** Calls a planned window off, or ends a running one: its cards come back as far as their devices work. */
export async function endWindow(
  ctx: Ctx,
  input: { readonly windowId: string; readonly idempotencyKey: string },
): Promise<Result<null, MaintenanceResultRefusal>> {
  authorize(ctx, 'maintenance:plan');
  const { windowId, idempotencyKey } = input;
  const window = await withTx(ctx, (tx) => findWindowRow(tx, windowId));
  if (!window) return refuse({ code: 'windowUnknown' });
  if (!WINDOW_IS_LIVE[window.state]) return refuse({ code: 'windowOver' });
  const payload = { kind: 'endWindow', windowId } as const;
  const done = await commandPool(ctx, 'maintenance:plan', {
    poolId: window.poolId,
    payload,
    request: { ...payload },
    idempotencyKey,
  });
  if (done.ok) return accept(null);
  // The mind remembers live windows only: one that exists and that it does not know is over.
  return done.refusal.code === 'windowUnknown' ? refuse({ code: 'windowOver' }) : done;
}

/** A page of maintenance windows in some states. */
export async function listWindows(
  ctx: Ctx,
  states: readonly WindowState[],
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: WindowRow[]; total: number }> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readWindows(tx, states, page));
}

/** A window with its cards; null when there is none of that id. */
export async function findWindow(ctx: Ctx, windowId: string) {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const window = await findWindowRow(tx, windowId);
    return window ? { ...window, cards: await readWindowCards(tx, windowId) } : null;
  });
}
