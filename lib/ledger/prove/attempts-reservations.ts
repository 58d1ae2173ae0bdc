import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { fen, type Units, units } from '#lib/core/money.ts';
import { gracePlaced } from '../arrears-templates.ts';
import { chart } from '../chart.ts';
import {
  creditedWithPromo,
  placedWithPromo,
  onAccount,
  onReceivable,
  postpaidAccrued,
  promoDeducted,
  returnedWithPromo,
} from '../credit-templates.ts';
import { gapCharged } from '../gap-charged.ts';
import {
  charged,
  hoursReturned,
  invoiceIssued,
  partReturned,
  placed,
  type ReservationRef,
  residueReturned,
  returned,
} from '../templates.ts';
import { partlyToPromo } from '../partly-owed.ts';
import { usageCorrected } from '../usage-corrected.ts';
import { type Attempt, NOTHING, posting } from './attempt.ts';
import { amountOf, within } from './attempts-money.ts';
import type { Operation } from './operation.ts';
import type { World } from './world.ts';

type Make = (world: World, operation: Operation) => Attempt;

/** Where the money of a reservation is set aside. */
export const setAside = (r: ReservationRef) =>
  r.purchase === 'by-hour'
    ? chart.hold(r.organisationId, r.reservationId)
    : chart.commitment(r.organisationId, r.reservationId);

const leftOf = (world: World, r: ReservationRef): bigint => world.books.balanceOf(setAside(r));
const secondsOf = ({ amount }: Operation): bigint => BigInt(amount % 3_601);

function place(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  return posting(placed(r, world.moment(operation), world.next(), amountOf(operation), secondsOf(operation)));
}

function lend(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation, operation.which % 2);
  return posting(gracePlaced(r, world.moment(operation), world.next(), amountOf(operation), secondsOf(operation)));
}

/** A grant of whom an operation is about, if there is any. */
function grantOf(world: World, { who, which }: Operation): Id<'promoGrant'> | undefined {
  const grants = world.grants[who % world.grants.length] ?? [];
  return grants[which % Math.max(grants.length, 1)];
}

function placeWithPromo(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const grant = grantOf(world, operation);
  if (!grant) return NOTHING;
  const share = { grant, amount: within(world.books.balanceOf(chart.promo(r.organisationId, grant)), operation) };
  const cash = units(BigInt(operation.when));
  const journal = placed(r, world.moment(operation), world.next(), cash, secondsOf(operation));
  return posting(placedWithPromo(journal, r, [share]));
}

function hourOf(world: World, operation: Operation) {
  const effectiveAt = world.moment(operation);
  return { hourAt: instant(world.now + world.next() * HOUR_MS), revision: 0, effectiveAt };
}

function charge(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const used = secondsOf(operation);
  const unused = r.purchase === 'by-card' ? BigInt(operation.which) : 0n;
  const amount = within(leftOf(world, r), operation);
  return posting(charged(r, hourOf(world, operation), amount, { used, unused, down: BigInt(operation.when % 60) }));
}

function shrink(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const amount = within(leftOf(world, r), operation);
  const journal = (cash: Units) => partReturned(r, world.moment(operation), world.next(), cash, secondsOf(operation));
  const grant = world.grants[operation.who % world.grants.length]?.[0];
  // Every other return gives back to a grant what the wallet does not get.
  if (!grant || operation.when % 2 === 0) return posting(journal(amount));
  const cash = units(amount / 2n);
  return posting(returnedWithPromo(journal(cash), r, [{ grant, amount: units(amount - cash) }]));
}

/** Hours of a running term that were given back; every other time a grant gets what it had paid of them. */
function creditHours(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const journal = hoursReturned(r, world.moment(operation), world.next(), amountOf(operation));
  const grant = world.grants[operation.who % world.grants.length]?.[0];
  if (!grant || operation.when % 2 === 0) return posting(journal);
  return posting(creditedWithPromo(journal, r, [{ grant, amount: units(BigInt(operation.which)) }]));
}

function finish(world: World, operation: Operation, isEarly: boolean): Attempt {
  const r = world.reservation(operation);
  const rest = isEarly ? null : returned(r, world.moment(operation), units(leftOf(world, r)), 1n);
  // Most slots go on with another reservation; in some, what comes next meets a resolved hold.
  if (!isEarly && operation.amount % 8 !== 0) world.renew(operation);
  return { kind: 'resolve', reservation: r.reservationId, hold: setAside(r).path, rest };
}

function invoice(world: World, operation: Operation): Attempt {
  const [organisationId, at] = [world.organisation(operation), world.moment(operation)];
  const document = { id: world.fresh('invoice'), line: 1, organisationId, at };
  const [net, tax] = [fen(BigInt(operation.amount)), fen(BigInt(operation.which % 120))];
  const sku = { id: world.sku, taxRateBps: 600 };
  const residues = [
    { skuId: world.sku, amount: units(BigInt(operation.amount) * 400n) },
    { skuId: `${world.sku}b`, amount: units(-BigInt(operation.amount % 7)) },
  ];
  const isInOurFavour = residues.reduce((sum, { amount }) => sum + amount, 0n) < 0n;
  const deducted = promoDeducted(document, [{ skuId: world.sku, amount: units(BigInt(operation.when)) }]);
  const returns = residueReturned(document, isInOurFavour ? [] : residues);
  const residue = residues.reduce((sum, { amount }) => sum + amount, 0n);
  const isOwed = operation.which % 2 === 0 && owedBy(world, organisationId) >= residue;
  const given = isOwed ? returns.map((journal) => onReceivable(journal, organisationId)) : returns;
  return posting(invoiceIssued(document, sku, net, tax), deducted, ...given);
}

const owedBy = (world: World, org: Id<'organisation'>): bigint => -world.books.balanceOf(chart.receivable(org));

/** What is free of a credit line on account. */
function freeOf(world: World, org: Id<'organisation'>): bigint {
  const { balance, minimum } = world.books.account(chart.lineSetAside(org));
  return balance - owedBy(world, org) - minimum;
}

/** Sets aside against the credit line: as much as is free of it, or now and then more. */
function placeOnAccount(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation, 3);
  const amount = within(freeOf(world, r.organisationId), operation);
  const journal = placed(r, world.moment(operation), world.next(), amount, secondsOf(operation));
  return posting(onAccount(journal, r.organisationId));
}

/** What an hour took out of a hold on account, and what makes it owed; every fourth time some of the hold returns. */
function postpaid(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation, 3);
  const amount = within(leftOf(world, r), operation);
  // What a hold does not have is refused there: nothing is owed of it, and nothing of it returns.
  const isTooMuch = amount > leftOf(world, r);
  if (operation.when % 4 === 0) {
    const journal = partReturned(r, world.moment(operation), world.next(), amount, secondsOf(operation));
    return posting(isTooMuch ? journal : onAccount(journal, r.organisationId));
  }
  const hour = hourOf(world, operation);
  const used = charged(r, hour, amount, { used: secondsOf(operation), unused: 0n, down: BigInt(operation.when % 60) });
  return isTooMuch ? posting(used) : posting(used, postpaidAccrued(r, hour, amount));
}

function correct(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const wallet = world.books.account(chart.wallet(r.organisationId));
  const isMore = operation.when % 2 === 0;
  const isOwed = operation.which % 3 === 0;
  const room = isOwed ? freeOf(world, r.organisationId) : wallet.balance - wallet.minimum;
  const less = isOwed ? within(owedBy(world, r.organisationId), operation) : amountOf(operation);
  const amount = isMore ? within(room, operation) : units(-less);
  const seconds = secondsOf(operation);
  const { hourAt, effectiveAt } = hourOf(world, operation);
  const id = BigInt(world.next());
  // Every other time what is paid is an hour that was left out until its reservation was settled.
  const isGap = isMore && operation.amount % 2 === 0;
  const gap = { allocationId: `alc_${id}`, hourAt, effectiveAt };
  const split = { used: seconds, unused: BigInt(operation.which), down: BigInt(operation.when % 60) };
  const journal = isGap
    ? gapCharged(r, gap, amount, split, true)
    : usageCorrected(r, { id, hourAt, effectiveAt }, amount, isMore ? seconds : -seconds);
  if (isOwed) return posting(onReceivable(journal, r.organisationId));
  // What vouchers had paid goes back to them, up to all of it.
  const grant = operation.when % 4 === 1 ? grantOf(world, operation) : undefined;
  return posting(
    grant ? partlyToPromo(journal, r.organisationId, [{ grant, amount: units(amountOf(operation) / 2n) }]) : journal,
  );
}

/** Operations of reservations and of the invoices that follow them. */
export const RESERVATIONS = {
  place,
  lend,
  placeWithPromo,
  charge,
  shrink,
  finish: (world, operation) => finish(world, operation, false),
  resolveEarly: (world, operation) => finish(world, operation, true),
  renew: (world, operation) => {
    world.renew(operation);
    return NOTHING;
  },
  hoursReturned: creditHours,
  correct,
  invoice,
  placeOnAccount,
  postpaid,
} as const satisfies Partial<Record<Operation['do'], Make>>;
