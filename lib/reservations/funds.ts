import { z } from 'zod';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { NOTHING_TO_UNDO, type Undo } from '#lib/core/undo.ts';
import { planBurn, voucherUnits } from '#lib/vouchers/burn.ts';
import type { Voucher, VoucherShare } from '#lib/vouchers/types.ts';
import type { PoolMind } from './book.ts';
import { chargeLine } from './on-account.ts';
import type { Booked, CatalogView } from './types.ts';
import type { ReservationRefusal } from './command-types.ts';
import type { Wallets } from './decision-types.ts';

/** What an organisation's vouchers pay of a placement, absent when they pay nothing; or that its credit line does. */
export type Funding = { readonly vouchers?: readonly VoucherShare[]; readonly isOnAccount?: true };

/** The vouchers that organisations could pay with, as they stand under the lock of their wallets. */
export type VoucherBook = Map<string, readonly Voucher[]>;

const NONE: readonly Voucher[] = [];

function paidOf(catalog: Pick<CatalogView, 'skus'>, skuId: Id<'sku'>) {
  const sku = catalog.skus.get(skuId);
  return sku ? { siteId: sku.siteId, modelId: sku.model.id, purchase: sku.purchase } : null;
}

/** How a placement is paid at an instant, vouchers before cash; refused when both together do not reach. */
export function fund(
  mind: PoolMind,
  wallets: Wallets,
  of: { readonly organisationId: Id<'organisation'>; readonly skuId: Id<'sku'> },
  amountUnits: Units,
  at: Instant,
): Result<Funding, Extract<ReservationRefusal, { code: 'fundsInsufficient' }>> {
  const cash = wallets.get(of.organisationId) ?? ZERO_UNITS;
  const own = mind.book.vouchers.get(of.organisationId) ?? NONE;
  const paid = own.length > 0 ? paidOf(mind.book.catalog, of.skuId) : null;
  const { shares, cashUnits } =
    paid === null ? { shares: [], cashUnits: amountUnits } : planBurn(own, paid, amountUnits, at);
  if (cash < cashUnits) {
    const available = cash + voucherUnits({ shares });
    return refuse({ code: 'fundsInsufficient', neededUnits: `${amountUnits}`, availableUnits: `${available}` });
  }
  return accept(shares.length > 0 ? { vouchers: shares } : {});
}

/** How a reservation's placement is paid: from its organisation's line where it is on account, else as {@link fund} says. */
export function fundReservation(
  mind: PoolMind,
  wallets: Wallets,
  reservation: Pick<Booked, 'organisationId' | 'skuId' | 'payBy'>,
  amountUnits: Units,
  at: Instant,
): Result<Funding, ReservationRefusal> {
  return reservation.payBy === 'account'
    ? chargeLine(mind.book.lines, reservation.organisationId, amountUnits)
    : fund(mind, wallets, reservation, amountUnits, at);
}

/** What a placement takes from the wallet. */
export function cashOf({ amountUnits, vouchers, isOnAccount }: Funding & { readonly amountUnits: Units }): Units {
  if (isOnAccount) return ZERO_UNITS;
  return units(amountUnits - voucherUnits({ shares: vouchers ?? [] }));
}

/** Takes shares off the vouchers of an organisation; the undo puts them back. */
export function spendVouchers(book: VoucherBook, organisationId: string, shares: readonly VoucherShare[]): Undo {
  const before = book.get(organisationId) ?? NONE;
  if (shares.length === 0) return NOTHING_TO_UNDO;
  const spent = new Map<string, bigint>(shares.map(({ grant, amount }) => [grant, amount]));
  const after = before.map((voucher) => ({
    ...voucher,
    leftUnits: units(voucher.leftUnits - (spent.get(voucher.grantId) ?? 0n)),
  }));
  book.set(organisationId, after);
  return () => void book.set(organisationId, before);
}

/** Takes over what organisations could pay with, for a round of deciding: what is not named, they have not. */
export function restoreVouchers(
  book: VoucherBook,
  organisationIds: readonly string[],
  found: ReadonlyMap<string, readonly Voucher[]>,
): void {
  for (const id of organisationIds) {
    const own = found.get(id);
    if (own) book.set(id, own);
    else book.delete(id);
  }
}

const seenVouchers = z.array(
  z.object({
    grantId: z.string().transform((id) => idFrom('promoGrant', id)),
    organisationId: z.string().transform((id) => idFrom('organisation', id)),
    scope: z.object({
      siteIds: z.array(z.string()),
      modelIds: z.array(z.string()),
      purchases: z.array(z.enum(PURCHASES)),
    }),
    priority: z.number(),
    validFrom: z.number().transform(instant),
    validUntil: z.number().transform(instant),
    grantedAt: z.number().transform(instant),
    leftUnits: z.string().transform((text) => units(BigInt(text))),
  }),
);

/** Vouchers as {@link vouchersSeen} wrote them into the log. */
export function vouchersFrom(text: string): readonly Voucher[] {
  return seenVouchers.parse(JSON.parse(text));
}

/** What a decision saw of vouchers, for the log: nothing when there were none. */
export function vouchersSeen(book: VoucherBook, organisationId: string, name: string): Record<string, string> {
  const own = book.get(organisationId);
  if (!own) return {};
  return { [name]: JSON.stringify(own, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)) };
}
