import 'server-only';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { floorToSecond, type Instant, secondsBetween } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { type HoldView, readHold, readSpentSeconds, type SpentSeconds } from '#lib/ledger/holds.ts';
import { readUncharged } from '#lib/metering/usage-so-far.ts';
import { readHoldRests } from '#lib/ledger/posting.ts';
import { withTx } from '#lib/platform/db.ts';
import { creditFor } from '#lib/reservations/giving-back-money.ts';
import { readVouchersPart } from '#lib/vouchers/deductions.ts';
import { readReleasable } from '#lib/reservations/standing.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import type { ReservationRefusal } from '#lib/reservations/command-types.ts';
import { chargeSoFar } from './charge-so-far.ts';

/** A reservation's money and use up to its last charge. */
export type ReservationMoney = {
  readonly hold: HoldView;
  readonly seconds: SpentSeconds;
  /** Card-seconds that were bought and are still to come; with those above it is all that was bought and not given back. */
  readonly aheadSeconds: bigint;
  /** What vouchers paid of the hold, less what went back to them. */
  readonly vouchersUnits: Units;
};

/** What was set aside for a reservation, charged and returned; null when the actor has none of that id. */
export async function findReservationMoney(ctx: Ctx, reservationId: string): Promise<ReservationMoney | null> {
  authorize(ctx, 'usage:read');
  return withTx(ctx, async (tx) => {
    const hold = await readHold(tx, reservationId);
    if (!hold) return null;
    const seconds = await readSpentSeconds(tx, reservationId);
    const rests = await readHoldRests(tx, [idFrom('reservation', reservationId)]);
    const aheadSeconds = [...rests.values()].reduce((sum, { leftCardSeconds }) => sum + leftCardSeconds, 0n);
    return { hold, seconds, aheadSeconds, vouchersUnits: await readVouchersPart(tx, reservationId) };
  });
}

/** What releasing a reservation now would do to its money, in 1e-8 yuan. */
export type ReleasePreview = {
  /** The second up to which it is counted; a later release charges the seconds in between as well. */
  readonly at: Instant;
  readonly purchase: 'by-hour' | 'by-card';
  readonly placedUnits: Units;
  /** By the hour: all use up to `at`. By the card: the whole of what was paid, since the rest of a term is earned unused. */
  readonly chargedUnits: Units;
  /** By the hour what is not used. By the card the share of the unused rest that is credited, in basis points below. */
  readonly returnedUnits: Units;
  readonly returnShareBps: number;
  /** By the card: card-seconds of the term that nobody will use. */
  readonly unusedCardSeconds: bigint;
};

/**
 * What a release at this second would charge and return. By the hour the rest returns; by the card the published share
 * of the rest is credited at once, and the price of time without proof returns at the end of the term. Refuses what cannot be released: unknown, or not running.
 */
export async function previewRelease(
  ctx: Ctx,
  { reservationId }: { readonly reservationId: string },
): Promise<Result<ReleasePreview, ReservationRefusal>> {
  const organisationId = authorizeTenant(ctx, 'reservation:change');
  const at = floorToSecond(ctx.now);
  return withTx(ctx, async (tx): Promise<Result<ReleasePreview, ReservationRefusal>> => {
    const found = await readReleasable(tx, organisationId, reservationId);
    if (!found) return refuse({ code: 'reservationUnknown' });
    const { state, purchase, interval, term, cards, missingCards } = found;
    const { endAt } = interval;
    const allowed: readonly string[] = RESERVATION_CAN.release;
    if (!allowed.includes(state)) return refuse({ code: 'reservationNotInState', state });
    const { placedUnits, chargedUnits, leftUnits } = present(await readHold(tx, reservationId), 'a hold');
    const [price] = await readPriceVersions(tx, [found.priceVersionId]);
    const { returnShareBps } = present(price, 'price version');
    if (purchase === 'by-card') {
      const unusedCardSeconds = BigInt(endAt === null ? 0 : secondsBetween(at, endAt)) * BigInt(cards);
      const running = { interval, term, state: 'active' } as const;
      const credit = creditFor({ returnShareBps }, running, cards - missingCards, at);
      const paid = { chargedUnits: placedUnits, returnedUnits: credit, returnShareBps, unusedCardSeconds };
      return accept({ at, purchase, placedUnits, ...paid });
    }
    const more = chargeSoFar(present(price, 'price version'), await readUncharged(tx, reservationId, at));
    return accept({
      at,
      purchase,
      placedUnits,
      chargedUnits: units(chargedUnits + more),
      returnedUnits: units(leftUnits - more),
      returnShareBps,
      unusedCardSeconds: 0n,
    });
  });
}
