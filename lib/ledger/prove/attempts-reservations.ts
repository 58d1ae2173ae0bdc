import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { fen, type Units, units } from '#lib/core/money.ts';
import { gracePlaced } from '../arrears-templates.ts';
import { chart } from '../chart.ts';
import {
  creditedWithPromo,
  placedWithPromo,
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

function placeWithPromo(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const grants = world.grants[operation.who % world.grants.length] ?? [];
  const grant = grants[operation.which % Math.max(grants.length, 1)];
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
  return posting(invoiceIssued(document, sku, net, tax), deducted, ...returns);
}

function postpaid(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation, 3);
  const used = secondsOf(operation);
  const hour = hourOf(world, operation);
  const free = world.books.account(chart.receivable(r.organisationId));
  const amount = within(free.balance - free.minimum, operation);
  return posting(postpaidAccrued(r, hour, amount, { used, unused: 1n, down: BigInt(operation.when % 60) }));
}

function correct(world: World, operation: Operation): Attempt {
  const r = world.reservation(operation);
  const wallet = world.books.account(chart.wallet(r.organisationId));
  const isMore = operation.when % 2 === 0;
  const amount = isMore ? within(wallet.balance - wallet.minimum, operation) : units(-amountOf(operation));
  const seconds = secondsOf(operation);
  const { hourAt, effectiveAt } = hourOf(world, operation);
  const id = BigInt(world.next());
  // Every other time what the wallet pays is an hour that was left out until its reservation was settled.
  if (isMore && operation.amount % 2 === 0) {
    const gap = { allocationId: `alc_${id}`, hourAt, effectiveAt };
    const split = { used: seconds, unused: BigInt(operation.which), down: BigInt(operation.when % 60) };
    return posting(gapCharged(r, gap, amount, split, true));
  }
  return posting(usageCorrected(r, { id, hourAt, effectiveAt }, amount, isMore ? seconds : -seconds));
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
  postpaid,
} as const satisfies Partial<Record<Operation['do'], Make>>;
