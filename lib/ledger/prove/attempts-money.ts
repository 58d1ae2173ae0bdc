import type { Id } from '#lib/core/id.ts';
import { fen, fenToUnits, units } from '#lib/core/money.ts';
import { arrearsPaid } from '../arrears-templates.ts';
import { chart } from '../chart.ts';
import { creditNoteIssued, goodwillGranted, slaCompensated } from '../correction-templates.ts';
import { promoExpired, promoGranted, receivablePaid } from '../credit-templates.ts';
import { disputeLost, disputeOpened, disputeWon, splitDispute } from '../dispute-templates.ts';
import { refundAsked, refundFailed, refundPaid } from '../refund-templates.ts';
import { bankReceived, topUpSettled, transferMatched, transferReturned } from '../templates.ts';
import { type Attempt, NOTHING, posting } from './attempt.ts';
import type { Operation } from './operation.ts';
import type { World } from './world.ts';

type Make = (world: World, operation: Operation) => Attempt;

/** An odd amount of money, from nothing to some hundred yuan. */
export const amountOf = ({ amount }: Operation) => units(BigInt(amount) * 12_345_679n);
const fenOf = ({ amount }: Operation) => fen(BigInt(amount) + 1n);

/** One time in many, an operation asks for more than there is. */
const isGreedy = ({ which }: Operation): boolean => which % 32 === 7;

/** A part of what there is; one time in many, a little more than there is. */
export function within(limit: bigint, operation: Operation) {
  const most = limit > 0n ? limit : 0n;
  const { amount } = operation;
  return units(isGreedy(operation) ? most + BigInt(amount) + 1n : (most * BigInt(amount % 101)) / 100n);
}

const pick = <T>(all: readonly T[], { which }: Operation): T | undefined => all[which % Math.max(all.length, 1)];
/** Whoever owes enough is credited with less debt; now and then somebody who does not. */
function sideOf(world: World, operation: Operation, amount: bigint) {
  const debt = -world.books.balanceOf(chart.receivable(world.organisation(operation)));
  return isGreedy(operation) || (debt >= amount && operation.which % 2 === 0) ? 'receivable' : 'wallet';
}

/** One of those that wait, which then mostly wait no longer. */
function take<T>(waiting: T[], { which }: Operation): T | undefined {
  const index = which % Math.max(waiting.length, 1);
  return which % 16 === 0 ? waiting[index] : waiting.splice(index, 1)[0];
}

const transfer = (world: World, operation: Operation, isMatched: boolean): Attempt => {
  const [line, at, amount] = [world.fresh('bankLine'), world.moment(operation), fenOf(operation)];
  const org = world.organisation(operation);
  const onward = isMatched
    ? transferMatched(line, world.fresh('payment'), org, amount, at)
    : transferReturned(line, amount, at);
  return posting(bankReceived(line, amount, at), onward);
};

const compensation = (world: World, operation: Operation) => ({
  id: world.fresh('compensation'),
  organisationId: world.organisation(operation),
  reservationId: world.reservation(operation).reservationId,
  at: world.moment(operation),
});

const owed = (world: World, account: ReturnType<typeof chart.wallet>): bigint => -world.books.balanceOf(account);

function payReceivable(world: World, operation: Operation): Attempt {
  const org = world.organisation(operation);
  const amounts = {
    open: within(owed(world, chart.receivable(org)), operation),
    disputed: within(owed(world, chart.receivableDisputed(org)), operation),
  };
  const payment = { id: world.fresh('invoice'), step: 0, organisationId: org };
  return posting(receivablePaid(payment, amounts, world.moment(operation)));
}

function payArrears(world: World, operation: Operation): Attempt {
  const org = world.organisation(operation);
  const amount = within(owed(world, chart.arrears(org)), operation);
  return posting(arrearsPaid(org, BigInt(world.next()), amount, world.moment(operation)));
}

function promoGrant(world: World, operation: Operation): Attempt {
  const grant: Id<'promoGrant'> = world.fresh('promoGrant');
  world.grants[operation.who % world.grants.length]?.push(grant);
  return posting(promoGranted(grant, world.organisation(operation), amountOf(operation), world.moment(operation)));
}

function promoExpire(world: World, operation: Operation): Attempt {
  const org = world.organisation(operation);
  const grant = pick(world.grants[operation.who % world.grants.length] ?? [], operation);
  if (!grant) return NOTHING;
  const left = within(world.books.balanceOf(chart.promo(org, grant)), operation);
  return posting(promoExpired(grant, org, left, world.moment(operation)));
}

function refundAsk(world: World, operation: Operation): Attempt {
  const refund = { id: world.fresh('refund'), organisationId: world.organisation(operation), amount: fenOf(operation) };
  world.refunds.push(refund);
  return posting(refundAsked(refund, world.moment(operation)));
}

function refundEnd(world: World, operation: Operation, isPaid: boolean): Attempt {
  const refund = take(world.refunds, operation);
  if (!refund) return NOTHING;
  const at = world.moment(operation);
  const provider = operation.which % 2 === 0 ? world.provider : null;
  return posting(isPaid ? refundPaid(refund, provider, at) : refundFailed(refund, at));
}

function disputeOpen(world: World, operation: Operation): Attempt {
  const organisationId = world.organisation(operation);
  const amount = units(amountOf(operation) + 1n);
  const split = splitDispute(units(world.books.balanceOf(chart.wallet(organisationId))), amount);
  const dispute = { id: world.fresh('dispute'), organisationId, provider: world.provider, ...split };
  world.disputes.push(dispute);
  return posting(...disputeOpened(dispute, world.moment(operation)));
}

function disputeEnd(world: World, operation: Operation, isWon: boolean): Attempt {
  const dispute = take(world.disputes, operation);
  if (!dispute) return NOTHING;
  const at = world.moment(operation);
  if (!isWon) return posting(disputeLost(dispute, at));
  // What the customer has paid of the debt since goes back into the wallet.
  const debt = owed(world, chart.receivableDisputed(dispute.organisationId));
  const stillOwed = debt < dispute.owed ? debt : dispute.owed;
  const fromWallet = units(dispute.fromWallet + dispute.owed - stillOwed);
  return posting(...disputeWon({ ...dispute, fromWallet, owed: units(stillOwed) }, at));
}

function creditNote(world: World, operation: Operation): Attempt {
  const [organisationId, at] = [world.organisation(operation), world.moment(operation)];
  const note = { id: world.fresh('creditNote'), invoiceId: world.fresh('invoice'), line: 1, organisationId, at };
  const amounts = { net: fenOf(operation), tax: fen(BigInt(operation.amount % 13)) };
  const total = fenToUnits(fen(amounts.net + amounts.tax));
  return posting(creditNoteIssued(note, world.sku, amounts, sideOf(world, operation, total)));
}

/** Operations on customers' money that no reservation is behind. */
export const MONEY = {
  topUp: (world, operation) =>
    posting(
      topUpSettled(
        world.fresh('payment'),
        world.organisation(operation),
        world.provider,
        fen(BigInt(operation.amount) * 1_000n + 1n),
        world.moment(operation),
      ),
    ),
  transfer: (world, operation) => transfer(world, operation, true),
  strayTransfer: (world, operation) => transfer(world, operation, false),
  payReceivable,
  payArrears,
  promoGrant,
  promoExpire,
  creditNote,
  sla: (world, operation) =>
    posting(
      slaCompensated(
        compensation(world, operation),
        world.sku,
        amountOf(operation),
        sideOf(world, operation, amountOf(operation)),
      ),
    ),
  goodwill: (world, operation) =>
    posting(
      goodwillGranted(
        compensation(world, operation),
        amountOf(operation),
        sideOf(world, operation, amountOf(operation)),
      ),
    ),
  refundAsk,
  refundPay: (world, operation) => refundEnd(world, operation, true),
  refundFail: (world, operation) => refundEnd(world, operation, false),
  disputeOpen,
  disputeWin: (world, operation) => disputeEnd(world, operation, true),
  disputeLose: (world, operation) => disputeEnd(world, operation, false),
} as const satisfies Partial<Record<Operation['do'], Make>>;
