import type { Id } from '#lib/core/id.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { chargeKey, move, type ReservationRef } from './templates.ts';
import type { AccountRef, Journal } from './types.ts';

type Organisation = Id<'organisation'>;

/** The same journal on account: what it would move in the wallet, it moves in what is set aside against the credit line. */
export function onAccount(journal: Journal, org: Organisation): Journal {
  return redirected(journal, chart.lineSetAside(org));
}

/** The same journal for somebody who owes: what it would give the wallet, or ask of it, changes what is owed. */
export function onReceivable(journal: Journal, org: Organisation): Journal {
  return redirected(journal, chart.receivable(org));
}

function redirected(journal: Journal, to: AccountRef): Journal {
  return {
    ...journal,
    legs: journal.legs.map((leg) => (leg.account.kind === 'wallet' ? { ...leg, account: to } : leg)),
  };
}

/**
 * What an hour of a reservation on account took out of its hold is owed from now on, and no longer set aside against the
 * line: of the line, as much is in use as before. `chargedBy` is the key of the journal that charged it, where that was
 * not the hour's own.
 */
export function postpaidAccrued(
  r: Pick<ReservationRef, 'reservationId' | 'organisationId'>,
  hour: {
    readonly hourAt: Instant;
    readonly revision: number;
    readonly effectiveAt: Instant;
    readonly chargedBy?: string;
  },
  amount: Units,
): Journal {
  const { reservationId, organisationId: org } = r;
  return {
    key: `owed:${hour.chargedBy ?? chargeKey(reservationId, hour.hourAt, hour.revision)}`,
    kind: 'postpaidAccrued',
    organisationId: org,
    effectiveAt: hour.effectiveAt,
    source: { reservation: reservationId, hour: toIso(hour.hourAt), revision: hour.revision },
    legs: move(chart.receivable(org), chart.lineSetAside(org), amount),
  };
}

/** The wallet pays what is owed: for use on account, or for a dispute that took more than the wallet held. */
export function receivablePaid(
  payment: { readonly id: Id<'invoice'> | Id<'dispute'>; readonly step: number; readonly organisationId: Organisation },
  amounts: { readonly open: Units; readonly disputed: Units },
  at: Instant,
): Journal {
  const { id, step, organisationId } = payment;
  return {
    key: `paid:${id}:${step}`,
    kind: 'receivablePaid',
    organisationId,
    effectiveAt: at,
    source: id.startsWith('inv_') ? { invoice: id, step } : { dispute: id, step },
    legs: [
      ...move(chart.wallet(organisationId), chart.receivable(organisationId), amounts.open),
      ...move(chart.wallet(organisationId), chart.receivableDisputed(organisationId), amounts.disputed),
    ],
  };
}

/** We give a customer money that can be spent here and not taken out. */
export function promoGranted(grant: Id<'promoGrant'>, org: Organisation, amount: Units, at: Instant): Journal {
  return {
    key: `promo:${grant}`,
    kind: 'promoGranted',
    organisationId: org,
    effectiveAt: at,
    source: { grant },
    legs: move(chart.contraPromo(), chart.promo(org, grant), amount),
  };
}

/**
 * What was not spent of a grant in time is ours again: the rest at its end, then what returns later, in steps counted
 * from 0.
 */
export function promoExpired(
  grant: Id<'promoGrant'>,
  org: Organisation,
  amount: Units,
  at: Instant,
  step = 0,
): Journal {
  return {
    key: step === 0 ? `promo-expired:${grant}` : `promo-expired:${grant}:${step}`,
    kind: 'promoExpired',
    organisationId: org,
    effectiveAt: at,
    source: { grant },
    legs: move(chart.promo(org, grant), chart.contraPromo(), amount),
  };
}

/** What grants paid of an invoice's use was never to be earned: it meets what was given away when they were granted. */
export function promoDeducted(
  invoice: { readonly id: Id<'invoice'>; readonly organisationId: Organisation; readonly at: Instant },
  bySku: readonly { readonly skuId: string; readonly amount: Units }[],
): Journal {
  return {
    key: `promo-deducted:${invoice.id}`,
    kind: 'promoDeducted',
    organisationId: invoice.organisationId,
    effectiveAt: invoice.at,
    source: { invoice: invoice.id },
    legs: bySku.flatMap(({ skuId, amount }) => move(chart.revenueAccrued(skuId), chart.contraPromo(), amount)),
  };
}

/** A share of a reservation's money that a grant pays. */
export type PromoShare = { readonly grant: Id<'promoGrant'>; readonly amount: Units };

const setAside = (r: ReservationRef) =>
  r.purchase === 'by-hour'
    ? chart.hold(r.organisationId, r.reservationId)
    : chart.commitment(r.organisationId, r.reservationId);

/** A placement that grants pay for before the wallet does: `journal` places the wallet's share. */
export function placedWithPromo(journal: Journal, r: ReservationRef, shares: readonly PromoShare[]): Journal {
  const legs = shares.flatMap(({ grant, amount }) => move(chart.promo(r.organisationId, grant), setAside(r), amount));
  return { ...journal, legs: [...legs, ...journal.legs] };
}

/** A return in which grants get back what they had paid: `journal` returns the wallet's share. */
export function returnedWithPromo(journal: Journal, r: ReservationRef, shares: readonly PromoShare[]): Journal {
  const legs = shares.flatMap(({ grant, amount }) => move(setAside(r), chart.promo(r.organisationId, grant), amount));
  return { ...journal, legs: [...journal.legs, ...legs] };
}

/** A credit for hours given back of which grants get their share: `journal` credits the wallet's. */
export function creditedWithPromo(journal: Journal, r: ReservationRef, shares: readonly PromoShare[]): Journal {
  const legs = shares.flatMap(({ grant, amount }) =>
    move(chart.contraReturned(r.skuId), chart.promo(r.organisationId, grant), amount),
  );
  return { ...journal, legs: [...journal.legs, ...legs] };
}
