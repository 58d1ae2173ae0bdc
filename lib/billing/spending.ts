import 'server-only';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { sumUnits, type Units } from '#lib/core/money.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { getWallet, type Wallet } from '#lib/ledger/wallet.ts';
import { withTx } from '#lib/platform/db.ts';
import { readRunningByHour } from '#lib/reservations/standing.ts';
import { spendable } from '#lib/vouchers/burn.ts';
import { readVouchers } from '#lib/vouchers/spending.ts';
import { burnAt, type VoucherCover } from './runway.ts';

/** A wallet and how fast it empties. */
export type SpendingWallet = Wallet & {
  /** What the running reservations by the hour cost an hour, at this hour's band, in 1e-8 yuan. */
  readonly burnUnitsPerHour: Units;
  /** What vouchers could pay of it now. */
  readonly vouchers: VoucherCover;
};

/** The wallet of the actor's organisation with what runs on it now. */
export async function getSpendingWallet(ctx: Ctx): Promise<SpendingWallet> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  const wallet = await getWallet(ctx);
  const { running, vouchers } = await withTx(ctx, async (tx) => {
    const draws = await readRunningByHour(tx, organisationId);
    const versions = await readPriceVersions(
      tx,
      draws.map(({ priceVersionId }) => priceVersionId),
    );
    const prices = new Map<string, (typeof versions)[number]>(versions.map((price) => [price.id, price]));
    return {
      running: draws.map(({ priceVersionId, ...draw }) => ({
        ...draw,
        price: present(prices.get(priceVersionId), `price version ${priceVersionId}`),
      })),
      vouchers: (await readVouchers(tx, [organisationId], ctx.now)).get(organisationId) ?? [],
    };
  });
  const paidBy = ({ siteId, modelId }: (typeof running)[number]) =>
    spendable(vouchers, { siteId, modelId, purchase: 'by-hour' }, ctx.now);
  const useful = new Map(running.flatMap(paidBy).map((voucher) => [voucher.grantId, voucher.leftUnits]));
  const covered = running.filter((draw) => paidBy(draw).length > 0);
  return {
    ...wallet,
    burnUnitsPerHour: burnAt(running, ctx.now),
    vouchers: { leftUnits: sumUnits(useful.values()), burnUnitsPerHour: burnAt(covered, ctx.now) },
  };
}
