import 'server-only';
import { readPriceVersions, readSkus } from '#lib/catalog/price-list.ts';
import type { Sku } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { getWallet } from '#lib/ledger/wallet.ts';
import { withTx } from '#lib/platform/db.ts';
import { voucherUnits } from '#lib/vouchers/burn.ts';
import { previewPayment } from '#lib/vouchers/own.ts';
import { extended } from './changes.ts';
import { checkShrink } from './giving-back.ts';
import { creditFor, freedBy } from './giving-back-money.ts';
import { type AccountCredit, chargeLine } from './on-account.ts';
import { readJob } from './queue/store.ts';
import { jobOfReservation } from './queue/types.ts';
import { readReservation } from './store.ts';
import { type Booked, RESERVATION_CAN } from './types.ts';
import type { ReservationRefusal } from './command-types.ts';

/** What a longer reservation would cost, in 1e-8 yuan. Whether the cards are free then, only the engine says. */
export type ExtensionPreview = {
  readonly seconds: number;
  readonly endAt: Instant;
  readonly amountUnits: Units;
  /** What vouchers pay of it; the wallet pays the rest. */
  readonly vouchersUnits: Units;
  /** Where the rest comes from: the wallet, or what is free of the credit line. */
  readonly payBy: 'wallet' | 'account';
  readonly spendableUnits: Units;
  readonly spendableAfterUnits: Units;
};

/** What giving some cards back now does to the wallet, in 1e-8 yuan. */
export type ShrinkPreview = {
  readonly cards: number;
  readonly cardsLeft: number;
  /** Returned at once: what was held for them, or the credited share of a running term. */
  readonly returnedUnits: Units;
  readonly rule: 'by-hour' | 'before-start' | 'running-term';
  readonly returnShareBps: number;
};

/**
 * What giving `cards` cards back at this second returns; a later second returns less. Refuses as the decision would, in
 * its order: unknown, state, number, whole servers. It changes nothing.
 */
export async function previewShrink(
  ctx: Ctx,
  { reservationId, cards }: { readonly reservationId: string; readonly cards: number },
): Promise<Result<ShrinkPreview, ReservationRefusal>> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  return withTx(ctx, async (tx): Promise<Result<ShrinkPreview, ReservationRefusal>> => {
    const found = await readReservation(tx, { organisationId }, reservationId);
    if (!found) return refuse({ code: 'reservationUnknown' });
    const state = RESERVATION_CAN.shrink.find((each) => each === found.state);
    if (state === undefined) return refuse({ code: 'reservationNotInState', state: found.state });
    if (await readJob(tx, { organisationId }, jobOfReservation(found.id))) return refuse({ code: 'reservationOfJob' });
    const booked: Booked = { ...found, state, lost: [] };
    const skus = new Map((await readSkus(tx, ctx.now)).map((sku) => [sku.id, sku]));
    const counted = checkShrink({ skus }, booked, cards);
    if (!counted.ok) return counted;
    const [version] = await readPriceVersions(tx, [found.priceVersionId]);
    const price = present(version, 'price version');
    const at = floorToSecond(ctx.now);
    const credited = creditFor(price, booked, Math.max(0, cards - found.missingCards), at);
    return accept({
      cards,
      cardsLeft: found.cards - cards,
      returnedUnits: units(freedBy(price, booked, cards, at).amountUnits + credited),
      rule: booked.term === null ? 'by-hour' : state === 'active' ? 'running-term' : 'before-start',
      returnShareBps: price.returnShareBps,
    });
  });
}

/** What pays the rest of an extension has for it, or why it does not reach. */
async function previewFunds(
  ctx: Ctx,
  sku: Sku,
  amountUnits: Units,
  onAccount: { readonly organisationId: string; readonly line: AccountCredit | null } | null,
): Promise<Result<Pick<ExtensionPreview, 'vouchersUnits' | 'payBy' | 'spendableUnits'>, ReservationRefusal>> {
  if (onAccount !== null) {
    const { organisationId, line } = onAccount;
    const charged = chargeLine(new Map(line && [[organisationId, line]]), organisationId, amountUnits);
    if (!charged.ok) return charged;
    const { freeUnits } = present(line, 'a line that reaches');
    return accept({ vouchersUnits: ZERO_UNITS, payBy: 'account', spendableUnits: freeUnits });
  }
  const { spendableUnits } = await getWallet(ctx);
  const payment = await previewPayment(ctx, sku, amountUnits);
  const vouchersUnits = voucherUnits(payment);
  if (spendableUnits < payment.cashUnits) {
    const available = spendableUnits + vouchersUnits;
    return refuse({ code: 'fundsInsufficient', neededUnits: `${amountUnits}`, availableUnits: `${available}` });
  }
  return accept({ vouchersUnits, payBy: 'wallet', spendableUnits });
}

/**
 * Prices an extension by `seconds`; the amount is what {@link extend} must be given. Refuses as the decision would, as
 * far as one sees without the plan: unknown, state, length, price, funds. `line` is what the organisation may book on
 * account. It changes nothing and promises no room.
 */
export async function previewExtension(
  ctx: Ctx,
  {
    reservationId,
    seconds,
    line,
  }: { readonly reservationId: string; readonly seconds: number; readonly line: AccountCredit | null },
): Promise<Result<ExtensionPreview, ReservationRefusal>> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const longer = await withTx(ctx, async (tx) => {
    const found = await readReservation(tx, { organisationId }, reservationId);
    if (!found) return refuse({ code: 'reservationUnknown' });
    const state = RESERVATION_CAN.extend.find((each) => each === found.state);
    if (state === undefined) return refuse({ code: 'reservationNotInState', state: found.state });
    if (await readJob(tx, { organisationId }, jobOfReservation(found.id))) return refuse({ code: 'reservationOfJob' });
    const booked: Booked = { ...found, state, lost: [] };
    const skus = new Map((await readSkus(tx, ctx.now)).map((sku) => [sku.id, sku]));
    const prices = new Map((await readPriceVersions(tx, [found.priceVersionId])).map((price) => [price.id, price]));
    const longer = extended({ skus, prices }, booked, seconds, ctx.now);
    return longer.ok ? accept({ ...longer.value, sku: present(skus.get(found.skuId), 'SKU') }) : longer;
  });
  if (!longer.ok) return longer;
  const { next, placement, sku } = longer.value;
  const { amountUnits } = placement;
  const funds = await previewFunds(ctx, sku, amountUnits, next.payBy === 'account' ? { organisationId, line } : null);
  if (!funds.ok) return funds;
  const { spendableUnits, vouchersUnits } = funds.value;
  return accept({
    ...funds.value,
    seconds,
    endAt: present(next.interval.endAt, 'end'),
    amountUnits,
    spendableAfterUnits: units(spendableUnits - (amountUnits - vouchersUnits)),
  });
}
