import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Units } from '#lib/core/money.ts';
import { monthInterval, monthOf } from '#lib/core/period.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readCharged, readWalletBalances } from './store.ts';

/** An organisation's money with us at one moment, in 1e-8 yuan. The three parts do not overlap. */
export type Wallet = {
  /** What may be spent on something new; below zero in arrears. */
  readonly spendableUnits: Units;
  /** What is owed for hours of grace, already taken off what may be spent. */
  readonly owedUnits: Units;
  /** Set aside for reservations by the hour, not used yet. */
  readonly heldUnits: Units;
  /** Paid in advance for terms by the card, not earned yet. */
  readonly committedUnits: Units;
};

/** The wallet of the actor's organisation. */
export async function getWallet(ctx: Ctx): Promise<Wallet> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, (tx) => readWalletBalances(tx, organisationId));
}

/** What was charged to the actor's organisation this Shanghai month so far, in 1e-8 yuan. Hours that still run are not in it. */
export async function getMonthSpend(ctx: Ctx): Promise<Units> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  return withTx(ctx, (tx) => readCharged(tx, organisationId, monthInterval(monthOf(ctx.now))));
}
