import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chargeFrom, returnFrom, sharesOf, voucherUnits } from './burn.ts';
import {
  insertBurns,
  insertTranches,
  readHeldBefore,
  readOpenTranches,
  readUnburnt,
  writeMoves,
} from './tranche-store.ts';
import type { Payment, Tranche, TrancheMove, VoucherShare } from './types.ts';

// The door for whoever sets money aside for reservations, charges it and returns it, within their own transaction.

/** Money set aside for a reservation: what vouchers pay of it, and the rest in cash. */
export type Placing = {
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly payment: Payment;
  /** What the same transaction set aside and gave back before and has not posted yet. */
  readonly unposted: { readonly placedUnits: bigint; readonly returnedUnits: bigint };
  readonly at: Instant;
};

/**
 * Remembers who paid what was set aside; the money is not posted yet. A reservation whose money was all cash so far and
 * still is keeps none. Its first voucher comes after what cash paid before, which is remembered with it.
 */
export async function placeTranches(tx: Tx, placing: Placing): Promise<void> {
  const { reservationId, organisationId, payment, unposted, at } = placing;
  const known = await readOpenTranches(tx, [reservationId]);
  const before = known.get(reservationId);
  if (!before && payment.shares.length === 0) return;
  const rows: Tranche[] = [];
  const add = (grant: Id<'promoGrant'> | null, sums: Partial<Tranche> & { readonly placedUnits: Units }): void => {
    const nothing = { chargedUnits: units(0n), returnedUnits: units(0n), creditedUnits: units(0n) };
    const position = (before?.next ?? 0) + rows.length;
    if (sums.placedUnits > 0n) rows.push({ ...nothing, ...sums, position, grant });
  };
  if (!before) {
    const { placedUnits, returnedUnits, chargedUnits } = await readHeldBefore(tx, reservationId);
    add(null, {
      placedUnits: units(placedUnits + unposted.placedUnits),
      returnedUnits: units(returnedUnits + unposted.returnedUnits),
      chargedUnits,
    });
  }
  for (const { grant, amount } of payment.shares) add(grant, { placedUnits: amount });
  add(null, { placedUnits: payment.cashUnits });
  await insertTranches(tx, { reservationId, organisationId, at }, rows);
}

/** What goes back to vouchers of an amount that a reservation gets back; the rest is cash. */
export type Refund = { readonly shares: readonly VoucherShare[]; readonly cashUnits: Units };

/** An amount that a reservation gets back. */
export type GivenBack = { readonly reservationId: Id<'reservation'>; readonly amountUnits: Units };

async function giveBack(
  tx: Tx,
  back: readonly GivenBack[],
  column: 'returned' | 'credited',
): Promise<(of: GivenBack) => Refund> {
  const known = await readOpenTranches(
    tx,
    back.map(({ reservationId }) => reservationId),
  );
  const changes = back.flatMap(({ reservationId, amountUnits }) => {
    const own = known.get(reservationId);
    return own ? [{ reservationId, column, moves: returnFrom(own.tranches, amountUnits) }] : [];
  });
  await writeMoves(tx, changes);
  const sharesBy = new Map(changes.map(({ reservationId, moves }) => [reservationId, sharesOf(moves)]));
  return ({ reservationId, amountUnits }) => {
    const shares = sharesBy.get(reservationId) ?? [];
    return { shares, cashUnits: units(amountUnits - voucherUnits({ shares })) };
  };
}

/** Returns a part of what was set aside: cash first, then vouchers, the last that paid before the first. */
export async function returnTranches(tx: Tx, back: GivenBack): Promise<Refund> {
  return (await giveBack(tx, [back], 'returned'))(back);
}

/** Returns what is left of reservations, each named once; answers what of each goes where. */
export function returnRests(tx: Tx, rests: readonly GivenBack[]): Promise<(of: GivenBack) => Refund> {
  return giveBack(tx, rests, 'returned');
}

/** Credits hours of a running term that were given back; they are charged as unused all the same. */
export async function creditTranches(tx: Tx, back: GivenBack): Promise<Refund> {
  return (await giveBack(tx, [back], 'credited'))(back);
}

type Move = { readonly reservationId: Id<'reservation'>; readonly moves: readonly TrancheMove[] };

/**
 * Burns what the charges of a pool took out of the holds since the last time, as of the hour that was charged. It looks
 * at the holds, not at the charges: a repeat finds nothing, and however charges are split each voucher burns the same.
 */
export async function burnCharged(tx: Tx, poolId: string, hourAt: Instant, at: Instant): Promise<void> {
  const unburnt = await readUnburnt(tx, poolId);
  if (unburnt.length === 0) return;
  const charged: Move[] = [];
  const uncredited: Move[] = [];
  for (const { reservationId, amountUnits, tranches } of unburnt) {
    const { fromCredited, fromFree } = chargeFrom(tranches, amountUnits);
    charged.push({ reservationId, moves: [...fromCredited, ...fromFree] });
    if (fromCredited.length > 0) uncredited.push({ reservationId, moves: fromCredited });
  }
  const organisationOf = new Map(unburnt.map(({ reservationId, organisationId }) => [reservationId, organisationId]));
  await writeMoves(
    tx,
    uncredited.map((move) => ({ ...move, column: 'uncredited' })),
  );
  await writeMoves(
    tx,
    charged.map((move) => ({ ...move, column: 'charged' })),
  );
  await insertBurns(
    tx,
    charged.flatMap(({ reservationId, moves }) =>
      sharesOf(moves).map(({ grant, amount }) => ({
        organisation_id: present(organisationOf.get(reservationId), reservationId),
        reservation_id: reservationId,
        grant_id: grant,
        hour_at: toDate(hourAt),
        amount_units: `${amount}`,
        charged_at: toDate(at),
      })),
    ),
  );
}
