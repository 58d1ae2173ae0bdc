import 'server-only';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { dismissCases } from './faults.ts';
import { type CardAct, type Lifecycle, ruleOf } from './lifecycle.ts';
import type { Health, OutageKind } from './types.ts';

// The engine's door to the states of cards, within its own transaction. Every second in which a card takes no new work
// has an outage that says why.

async function openOutage(
  tx: Tx,
  cardIds: readonly string[],
  kind: OutageKind,
  at: Instant,
  reason: string,
  actor: string,
): Promise<void> {
  await tx.cardOutage.createMany({
    data: cardIds.map((cardId) => ({ cardId, kind, startAt: toDate(at), reason, actor })),
  });
}

async function closeOutage(tx: Tx, cardIds: readonly string[], kind: OutageKind, at: Instant): Promise<void> {
  await tx.$executeRaw`UPDATE card_outage SET end_at = greatest(start_at, ${toDate(at)}::timestamptz)
    WHERE card_id = ANY(${cardIds}::text[]) AND kind = ${kind} AND end_at IS NULL`;
}

/** One act on cards of one state, as it was decided. */
export type Transition = {
  readonly act: CardAct;
  readonly from: Lifecycle;
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
};

/** Takes cards to where an act leads, and keeps who did it, when and why. The database refuses a way that is no rule. */
export async function recordTransition(tx: Tx, cardIds: readonly string[], transition: Transition): Promise<void> {
  const { act, from, reason, actor, at } = transition;
  const { to } = ruleOf(act);
  await tx.card.updateMany({ where: { id: { in: [...cardIds] } }, data: { lifecycle: to } });
  await tx.cardTransition.createMany({
    data: cardIds.map((cardId) => ({ cardId, act, fromState: from, toState: to, at: toDate(at), actor, reason })),
  });
  if (from !== 'in_service') await closeOutage(tx, cardIds, from, at);
  if (to !== 'in_service') await openOutage(tx, cardIds, to, at, reason, actor);
  if (to === 'returned') await dismissCases(tx, cardIds, transition);
}

/** What the device layer says of a card, and how far it is trusted. */
export type CardHealth = {
  readonly health: Health;
  readonly takesNewWork: boolean;
  readonly probationUntil: Instant | null;
};

/** What a card's state means for new work: nothing stands in the way, or what does. */
function outageOf({ health, takesNewWork, isOnProbation }: HealthRow): 'down' | 'blocked' | 'probation' | null {
  if (health === 'unhealthy' || health === 'unknown') return 'down';
  if (!takesNewWork) return 'blocked';
  return isOnProbation ? 'probation' : null;
}
type HealthRow = { readonly health: string; readonly takesNewWork: boolean; readonly isOnProbation: boolean };

/** Records what the device layer says of a card, and from when to when it took no new work because of that. */
export async function recordHealth(
  tx: Tx,
  cardId: string,
  after: CardHealth,
  reason: string,
  at: Instant,
): Promise<void> {
  const before = await tx.card.findUniqueOrThrow({
    where: { id: cardId },
    select: { health: true, takesNewWork: true, probationUntil: true },
  });
  const { health, takesNewWork, probationUntil } = after;
  const until = probationUntil === null ? null : toDate(probationUntil);
  await tx.card.update({ where: { id: cardId }, data: { health, takesNewWork, probationUntil: until } });
  const was = outageOf({ ...before, isOnProbation: before.probationUntil !== null });
  const is = outageOf({ ...after, isOnProbation: probationUntil !== null });
  if (was === is) return;
  if (was) await closeOutage(tx, [cardId], was, at);
  if (is) await openOutage(tx, [cardId], is, at, reason, 'system:engine');
}

/** A new share of spares, with the cards that change sides for it. */
export type SpareShare = {
  readonly shareBps: number;
  readonly toSpare: readonly string[];
  readonly toSale: readonly string[];
  readonly actor: string;
  readonly at: Instant;
};

/** Writes the share of a pool, who set it and when, and which cards are kept from sale for it. */
export async function recordSpares(
  tx: Tx,
  poolId: string,
  { shareBps, toSpare, toSale, actor, at }: SpareShare,
): Promise<void> {
  const sides = [
    { ids: toSpare, commercial: 'spare' },
    { ids: toSale, commercial: 'on-sale' },
  ];
  for (const { ids, commercial } of sides)
    if (ids.length > 0) await tx.card.updateMany({ where: { poolId, id: { in: [...ids] } }, data: { commercial } });
  await tx.pool.update({
    where: { id: poolId },
    data: { spareBps: shareBps, sparesSetBy: actor, sparesSetAt: toDate(at) },
  });
}
