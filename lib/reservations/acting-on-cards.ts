import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type CardAct, ruleOf } from '#lib/inventory/lifecycle.ts';
import { readTargetCards } from '#lib/inventory/targets.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { withTx } from '#lib/platform/db.ts';
import { actOnCards, type ChangeRefusal } from './service.ts';

/** An act on more cards than this is confirmed by typing how many. */
export const CONFIRM_ABOVE_CARDS = 16;

export type ActRefusal =
  | ChangeRefusal
  | { readonly code: 'targetUnknown' }
  /** One mind decides per pool, so an act stays within one. */
  | { readonly code: 'targetTooWide' }
  | { readonly code: 'countNotConfirmed'; readonly cards: number };

/**
 * Moves every card of a card, server or place along its lifecycle; answers how many cards the target has. Above
 * {@link CONFIRM_ABOVE_CARDS} cards `typedCount` must be their number, so that nobody takes a pod out by a slip.
 * `reason` is for the cards' history.
 */
export async function actOnTarget(
  ctx: Ctx,
  input: {
    readonly target: ActTarget;
    readonly act: CardAct;
    readonly reason: string;
    readonly typedCount: number | null;
    readonly idempotencyKey: string;
  },
): Promise<Result<{ readonly cards: number }, ActRefusal>> {
  authorize(ctx, ruleOf(input.act).permission);
  const { target, act, reason, typedCount, idempotencyKey } = input;
  const cards = await withTx(ctx, (tx) => readTargetCards(tx, target, ctx.now));
  const [first] = cards;
  if (!first) return refuse({ code: 'targetUnknown' });
  if (cards.some(({ poolId }) => poolId !== first.poolId)) return refuse({ code: 'targetTooWide' });
  if (cards.length > CONFIRM_ABOVE_CARDS && typedCount !== cards.length)
    return refuse({ code: 'countNotConfirmed', cards: cards.length });
  const cardIds = cards.map(({ id }) => id);
  const done = await actOnCards(ctx, { poolId: first.poolId, cardIds, act, reason, idempotencyKey });
  return done.ok ? accept({ cards: cards.length }) : done;
}
