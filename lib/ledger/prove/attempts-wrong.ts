import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { chart } from '../chart.ts';
import { refundAsked } from '../refund-templates.ts';
import { topUpSettled } from '../templates.ts';
import type { AccountRef, Journal, JournalKind, Leg } from '../types.ts';
import { type Attempt, NOTHING, posting } from './attempt.ts';
import { amountOf } from './attempts-money.ts';
import type { Operation } from './operation.ts';
import { REVERSIBLE } from './pairs.ts';
import type { World } from './world.ts';

type Make = (world: World, operation: Operation) => Attempt;

const leg = (account: AccountRef, debitUnits: bigint, creditUnits: bigint): Leg => ({
  account,
  debitUnits,
  creditUnits,
});

function pickJournal(world: World, { which, when }: Operation, isReversible: boolean) {
  const all = [...world.books.journals.values()].filter(({ kind }) => !isReversible || REVERSIBLE.has(kind));
  return all[(which * 1_024 + when) % Math.max(all.length, 1)];
}

/** Mostly something that may be reversed, and not for always the same reason. */
function reverse(world: World, operation: Operation): Attempt {
  const found = pickJournal(world, operation, operation.amount % 8 !== 0);
  const key = found?.key ?? 'topup:none';
  return { kind: 'reverse', key, reason: operation.amount % 4 === 1 ? 'second thoughts' : 'a mistake' };
}

/** The same again: a client that did not hear the answer. */
function repeat(world: World, operation: Operation): Attempt {
  const found = pickJournal(world, operation, false);
  if (!found) return NOTHING;
  const { reverses, source, ...journal } = found;
  if (reverses !== null) return { kind: 'reverse', key: reverses, reason: `${source['reason']}` };
  return posting({ ...journal, source });
}

/** The same key for something else. */
function tamper(world: World, operation: Operation): Attempt {
  const found = pickJournal(world, operation, false);
  if (!found || found.reverses !== null) return NOTHING;
  const { reverses: _, ...journal } = found;
  if (operation.amount % 2 === 0) return posting({ ...journal, effectiveAt: instant(journal.effectiveAt + 1) });
  const legs = journal.legs.map((l) => leg(l.account, l.debitUnits * 2n, l.creditUnits * 2n));
  return posting({ ...journal, legs });
}

/** Journals that no template makes. */
function malformed(world: World, operation: Operation): Attempt {
  const [org, at] = [world.organisation(operation), world.moment(operation)];
  const amount = units(amountOf(operation) + 2n);
  const [wallet, clearing] = [chart.wallet(org), chart.pspClearing(world.provider)];
  const topUp = topUpSettled(world.fresh('payment'), org, world.provider, fen(5n), at);
  const journal = (kind: JournalKind, ...legs: Leg[]): Journal => ({ ...topUp, kind, legs });
  const seconds = { ...wallet, asset: 'CARDSEC:elsewhere' } as const;
  const refund = refundAsked({ id: world.fresh('refund'), organisationId: org, amount: fen(1n) }, at);
  const grant = world.grants[operation.who % world.grants.length]?.[0] ?? world.fresh('promoGrant');
  const variants: readonly Journal[] = [
    journal('topUpSettled', leg(clearing, amount, 0n), leg(wallet, 0n, amount - 1n)),
    journal('topUpSettled', leg(clearing, amount, 0n)),
    journal('bankReceived', leg(chart.bank(), amount, 0n), leg(wallet, 0n, amount)),
    journal('topUpSettled', leg(wallet, 1n, 0n), leg(clearing, 0n, 1n)),
    journal('topUpSettled', leg(seconds, 1n, 0n), leg(seconds, 0n, 1n)),
    { ...refund, legs: refund.legs.map((l) => (l.debitUnits > 0n ? { ...l, account: chart.promo(org, grant) } : l)) },
    journal('reversal', leg(wallet, 1n, 0n), leg(clearing, 0n, 1n)),
    journal('goodwillGranted', leg(chart.contraSla(world.sku), amount, 0n), leg(wallet, 0n, amount)),
    journal('refundPaid', leg(wallet, 1n, 0n), leg(chart.bank(), 0n, 1n)),
  ];
  return posting(variants[operation.which % variants.length] ?? topUp);
}

function line(world: World, operation: Operation): Attempt {
  const account = operation.which % 2 === 0 ? 'wallet' : 'receivable';
  const isSamePerson = operation.which % 8 === 7;
  return {
    kind: 'line',
    organisation: world.organisation(operation),
    account,
    limit: amountOf(operation) * 50n,
    isSamePerson,
  };
}

/** Closes the first open month; the last one of a run stays open. */
function closeMonth(world: World): Attempt {
  const month = world.months.find((candidate) => !world.books.closed.has(candidate));
  return month === undefined || month === world.lastMonth ? NOTHING : { kind: 'close', month };
}

/** Operations that take back, come again, ask for what is not to be had, or change the rules of the moment. */
export const WRONG = { reverse, repeat, tamper, malformed, line, closeMonth } as const satisfies Partial<
  Record<Operation['do'], Make>
>;
