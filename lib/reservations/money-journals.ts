import 'server-only';
import { invariant } from '#lib/core/assert.ts';
import { units, ZERO_UNITS } from '#lib/core/money.ts';
import { gracePlaced } from '#lib/ledger/arrears-templates.ts';
import { creditedWithPromo, onAccount, placedWithPromo, returnedWithPromo } from '#lib/ledger/credit-templates.ts';
import { hoursReturned, partReturned, placed, type ReservationRef } from '#lib/ledger/templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { creditTranches, placeTranches, returnTranches } from '#lib/vouchers/tranches.ts';
import { cashOf } from './funds.ts';
import type { MoneyChange } from './round-rows.ts';

/** What a round set aside and gave back of one reservation in cash, before it is posted. */
type Unposted = { placedUnits: bigint; returnedUnits: bigint };

/** A placement that vouchers have no part in, now or before: the plain case, of which there are thousands a round. */
const isFirstInCash = (change: MoneyChange): boolean =>
  change.kind === 'moneyPlaced' && change.step === 0 && (change.vouchers ?? []).length === 0;

/** What moves of a reservation on account: all of it against the line, no voucher has a part in it. */
function accountJournalOf(change: MoneyChange, ref: ReservationRef): Journal {
  const { amountUnits, at } = change;
  invariant(change.kind !== 'hoursCredited', 'a paid term is not on account');
  const journal =
    change.kind === 'moneyPlaced'
      ? placed(ref, at, change.step, amountUnits, change.cardSeconds)
      : partReturned(ref, at, change.reservation.cards, amountUnits, change.cardSeconds);
  return onAccount(journal, ref.organisationId);
}

async function journalOf(tx: Tx, change: MoneyChange, poolId: string, unposted: Unposted): Promise<Journal> {
  const { reservation, amountUnits, at } = change;
  const { id: reservationId, organisationId, skuId, purchase } = reservation;
  const ref = { reservationId, organisationId, poolId, skuId, purchase };
  if (reservation.payBy === 'account') return accountJournalOf(change, ref);
  switch (change.kind) {
    case 'moneyPlaced': {
      const cashUnits = cashOf(change);
      const shares = change.vouchers ?? [];
      if (!isFirstInCash(change))
        await placeTranches(tx, { reservationId, organisationId, payment: { shares, cashUnits }, unposted, at });
      // What is lent is owed in cash: no voucher pays it, and none gets it back.
      const journal = (change.isOwed ? gracePlaced : placed)(ref, at, change.step, cashUnits, change.cardSeconds);
      return shares.length > 0 ? placedWithPromo(journal, ref, shares) : journal;
    }
    case 'moneyReturned': {
      const { shares, cashUnits } = await returnTranches(tx, { reservationId, amountUnits });
      const journal = partReturned(ref, at, reservation.cards, cashUnits, change.cardSeconds);
      return shares.length > 0 ? returnedWithPromo(journal, ref, shares) : journal;
    }
    case 'hoursCredited': {
      const { shares, cashUnits } = await creditTranches(tx, { reservationId, amountUnits });
      const journal = hoursReturned(ref, at, change.cardsLeft, cashUnits);
      return shares.length > 0 ? creditedWithPromo(journal, ref, shares) : journal;
    }
  }
}

/** What the money changes of a round move in the books, in their order; who paid what is remembered where vouchers did. */
export async function moneyJournals(tx: Tx, changes: readonly MoneyChange[], poolId: string): Promise<Journal[]> {
  const unposted = new Map<string, Unposted>();
  const journals: Journal[] = [];
  for (const change of changes) {
    const { id } = change.reservation;
    const before = unposted.get(id) ?? { placedUnits: ZERO_UNITS, returnedUnits: ZERO_UNITS };
    journals.push(await journalOf(tx, change, poolId, before));
    const { kind, amountUnits } = change;
    unposted.set(id, {
      placedUnits: units(before.placedUnits + (kind === 'moneyPlaced' ? amountUnits : 0n)),
      returnedUnits: units(before.returnedUnits + (kind === 'moneyReturned' ? amountUnits : 0n)),
    });
  }
  return journals;
}
