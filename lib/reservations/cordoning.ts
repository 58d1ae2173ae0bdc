import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readTargetCards } from '#lib/inventory/targets.ts';
import type { CordonTarget } from '#lib/inventory/view-types.ts';
import { withTx } from '#lib/platform/db.ts';
import { type ChangeRefusal, cordon } from './service.ts';

/** A cordon of more cards than this is confirmed by typing how many. */
export const CONFIRM_ABOVE_CARDS = 16;

export type CordonRefusal =
  | ChangeRefusal
  | { readonly code: 'targetUnknown' }
  /** One mind decides per pool, so a cordon stays within one. */
  | { readonly code: 'targetTooWide' }
  | { readonly code: 'countNotConfirmed'; readonly cards: number };

/**
 * Takes every card of a card, server or place out for new work, or back in; answers how many cards that are. Whoever
 * holds them keeps them. Above {@link CONFIRM_ABOVE_CARDS} cards `typedCount` must be their number, so that nobody
 * takes a pod out by a slip. `reason` is for the cards' history and only kept when taking out.
 */
export async function cordonTarget(
  ctx: Ctx,
  input: {
    readonly target: CordonTarget;
    readonly isCordoned: boolean;
    readonly reason: string;
    readonly typedCount: number | null;
    readonly idempotencyKey: string;
  },
): Promise<Result<{ readonly cards: number }, CordonRefusal>> {
  authorize(ctx, 'inventory:cordon');
  const { target, isCordoned, reason, typedCount, idempotencyKey } = input;
  const cards = await withTx(ctx, (tx) => readTargetCards(tx, target));
  const [first] = cards;
  if (!first) return refuse({ code: 'targetUnknown' });
  if (cards.some(({ poolId }) => poolId !== first.poolId)) return refuse({ code: 'targetTooWide' });
  if (cards.length > CONFIRM_ABOVE_CARDS && typedCount !== cards.length)
    return refuse({ code: 'countNotConfirmed', cards: cards.length });
  const cardIds = cards.map(({ id }) => id);
  const done = await cordon(ctx, { poolId: first.poolId, cardIds, isCordoned, reason, idempotencyKey });
  return done.ok ? accept({ cards: cards.length }) : done;
}
