import 'server-only';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Units } from '#lib/core/money.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { getWallet, type Wallet } from '#lib/ledger/wallet.ts';
import { withTx } from '#lib/platform/db.ts';
import { readRunningByHour } from '#lib/reservations/standing.ts';
import { burnAt } from './runway.ts';

/** A wallet and how fast it empties. */
export type SpendingWallet = Wallet & {
  /** What the running reservations by the hour cost an hour, at this hour's band, in 1e-8 yuan. */
  readonly burnUnitsPerHour: Units;
};

/** The wallet of the actor's organisation with what runs on it now. */
export async function getSpendingWallet(ctx: Ctx): Promise<SpendingWallet> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  const wallet = await getWallet(ctx);
  const running = await withTx(ctx, async (tx) => {
    const draws = await readRunningByHour(tx, organisationId);
    const versions = await readPriceVersions(
      tx,
      draws.map(({ priceVersionId }) => priceVersionId),
    );
    const prices = new Map<string, (typeof versions)[number]>(versions.map((price) => [price.id, price]));
    return draws.map(({ cards, priceVersionId }) => ({
      cards,
      price: present(prices.get(priceVersionId), `price version ${priceVersionId}`),
    }));
  });
  return { ...wallet, burnUnitsPerHour: burnAt(running, ctx.now) };
}
