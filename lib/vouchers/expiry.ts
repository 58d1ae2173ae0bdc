import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { promoExpired } from '#lib/ledger/credit-templates.ts';
import { lockWallets, post } from '#lib/ledger/posting.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { readOverdue } from './grant-store.ts';

/** Grants that expire in one transaction; the rest follow in the next. */
const EXPIRED_AT_ONCE = 500;

/**
 * Takes back what is left in vouchers that are over, within the caller's transaction: the rest at the end, and what
 * returned later. Answers how many. The wallets are locked first, so no decision spends what goes.
 */
export async function expireWithin(ctx: Ctx, tx: Tx, take: number): Promise<number> {
  const found = await readOverdue(tx, ctx.now, null, take);
  if (found.length === 0) return 0;
  const organisationIds = [...new Set(found.map(({ organisationId }) => organisationId))].sort();
  await lockWallets(tx, organisationIds);
  // What a decision took between the first look and the lock is not there any more, and what it gave back is.
  const overdue = await readOverdue(tx, ctx.now, organisationIds, take);
  await post(
    ctx,
    tx,
    overdue.map(({ grantId, organisationId, leftUnits, step }) =>
      promoExpired(grantId, organisationId, units(leftUnits), ctx.now, step),
    ),
  );
  await notify(tx, 'kashi_change', ['usage']);
  return overdue.length;
}

/** The engine's job: expires all that is due. Several at once find the same and post it once. */
export async function expireVouchers(ctx: Ctx): Promise<number> {
  authorize(ctx, 'voucher:expire');
  let expired = 0;
  for (let count = EXPIRED_AT_ONCE; count === EXPIRED_AT_ONCE; expired += count)
    count = await withTx(ctx, (tx) => expireWithin(ctx, tx, EXPIRED_AT_ONCE));
  return expired;
}
