import { divFloor, UNITS_PER_FEN } from '#lib/core/money.ts';
import { SLA_RULES } from './sla-rules.ts';

/** What a figure of an equation is, which is how it is written. */
export type Figure = 'units' | 'fen' | 'seconds' | 'weightedSeconds' | 'price' | 'bps' | 'count';

/** A rule by the names of what it takes. */
export type Rule<O extends string> = {
  readonly figures: Readonly<Record<O, Figure>>;
  readonly result: Figure;
  /** The rule as a program's reader knows it: the names of its operands and signs. */
  readonly formula: string;
  readonly make: (operands: Readonly<Record<O, bigint>>) => bigint | null;
};

const rule = <O extends string>(facts: Rule<O>): Rule<O> => facts;

/** The rule that one figure is another: a sum, or what another record says. */
const same = <O extends string>(name: O, figure: Figure, formula: string = name): Rule<O> => ({
  figures: { [name]: figure } as Record<O, Figure>,
  result: figure,
  formula,
  make: (operands) => operands[name],
});

/** 3,600 seconds an hour, 100 from 1e-10 to 1e-8 yuan, 10,000 basis points. */
const RATING_DIVISOR = 3_600n * 100n * 10_000n;
const FULL_BPS = 10_000n;

/** Divides down; null instead of a fault when there is nothing to divide by, which only altered data brings about. */
const quotient = (dividend: bigint, divisor: bigint): bigint | null =>
  divisor > 0n ? divFloor(dividend, divisor) : null;

const HOUR_SUMS = {
  hourMoney: same('charged', 'units'),
  hourUsed: same('used', 'seconds'),
  hourUnused: same('unused', 'seconds'),
  hourDown: same('down', 'seconds'),
};

const CHARGE_RULES = {
  secondsSplit: rule({
    figures: { used: 'seconds', unused: 'seconds', down: 'seconds' },
    result: 'seconds',
    formula: 'used + unused + down',
    make: ({ used, unused, down }) => used + unused + down,
  }),
  secondsProven: same('proven', 'seconds', 'sum of the evidence within the hour'),
  agreedShare: rule({
    figures: { list: 'price', tier: 'bps', share: 'bps' },
    result: 'price',
    formula: 'floor(list * tier * share / 100000000)',
    make: ({ list, tier, share }) => divFloor(list * tier * share, FULL_BPS * FULL_BPS),
  }),
  agreedPrice: rule({
    figures: { list: 'price', agreed: 'price', tier: 'bps' },
    result: 'price',
    formula: 'floor(min(list, agreed) * tier / 10000)',
    make: ({ list, agreed, tier }) => divFloor((list < agreed ? list : agreed) * tier, FULL_BPS),
  }),
  secondsCorrected: same('proven', 'seconds', 'sum of the evidence within the hour, as found out later'),
  bandWaived: rule({
    figures: { waivers: 'count' },
    result: 'bps',
    formula: 'waivers > 0 ? 0 : band',
    make: ({ waivers }) => (waivers > 0n ? 0n : null),
  }),
  weightedWaived: same('before', 'weightedSeconds'),
  chargedWaived: same('before', 'units'),
  bandInForce: same('band', 'bps', 'band of the price version in that hour'),
  weightedByHour: rule({
    figures: { before: 'weightedSeconds', used: 'seconds', band: 'bps' },
    result: 'weightedSeconds',
    formula: 'before + used * band',
    make: ({ before, used, band }) => before + used * band,
  }),
  weightedByCard: rule({
    figures: { before: 'seconds', used: 'seconds', unused: 'seconds' },
    result: 'seconds',
    formula: 'before + used + unused',
    make: ({ before, used, unused }) => before + used + unused,
  }),
  chargedBefore: rule({
    figures: { price: 'price', weighted: 'weightedSeconds' },
    result: 'units',
    formula: 'floor(price * weighted / 3600000000)',
    make: ({ price, weighted }) => quotient(price * weighted, RATING_DIVISOR),
  }),
  chargedAfter: rule({
    figures: { price: 'price', weighted: 'weightedSeconds' },
    result: 'units',
    formula: 'floor(price * weighted / 3600000000)',
    make: ({ price, weighted }) => quotient(price * weighted, RATING_DIVISOR),
  }),
  earnedBefore: rule({
    figures: { termPrice: 'units', elapsed: 'seconds', term: 'seconds' },
    result: 'units',
    formula: 'floor(termPrice * elapsed / term)',
    make: ({ termPrice, elapsed, term }) => quotient(termPrice * elapsed, term),
  }),
  earnedAfter: rule({
    figures: { termPrice: 'units', elapsed: 'seconds', term: 'seconds' },
    result: 'units',
    formula: 'floor(termPrice * elapsed / term)',
    make: ({ termPrice, elapsed, term }) => quotient(termPrice * elapsed, term),
  }),
  amount: rule({
    figures: { after: 'units', before: 'units' },
    result: 'units',
    formula: 'after - before',
    make: ({ after, before }) => after - before,
  }),
};

const LINE_RULES = {
  lineUnits: rule({
    figures: { charges: 'count', charged: 'units' },
    result: 'units',
    formula: 'sum of the amounts of the charges',
    make: ({ charged }) => charged,
  }),
  lineUsed: same('used', 'seconds', 'sum of the used seconds of the charges'),
  lineUnused: same('unused', 'seconds', 'sum of the unused seconds of the charges'),
  invoiceUnits: rule({
    figures: { lines: 'count', charged: 'units' },
    result: 'units',
    formula: 'sum of the lines',
    make: ({ charged }) => charged,
  }),
  invoiceFen: rule({
    figures: { charged: 'units', vouchers: 'units' },
    result: 'fen',
    formula: 'floor((charged - vouchers) / 1000000)',
    make: ({ charged, vouchers }) => divFloor(charged - vouchers, UNITS_PER_FEN),
  }),
  residue: rule({
    figures: { charged: 'units', vouchers: 'units', asked: 'fen' },
    result: 'units',
    formula: 'charged - vouchers - asked * 1000000',
    make: ({ charged, vouchers, asked }) => charged - vouchers - asked * UNITS_PER_FEN,
  }),
  lineFen: rule({
    figures: { asked: 'fen', line: 'units', charged: 'units', rank: 'count', missing: 'count' },
    result: 'fen',
    formula: 'charged = 0 ? 0 : floor(asked * line / charged) + (rank <= missing ? 1 : 0)',
    make: ({ asked, line, charged, rank, missing }) => {
      // Vouchers paid all of it: each line asks for nothing.
      const part = charged === 0n && line === 0n ? 0n : quotient(asked * line, charged);
      return part === null ? null : part + (rank <= missing ? 1n : 0n);
    },
  }),
  invoiceSum: rule({
    figures: { lines: 'count', asked: 'fen' },
    result: 'fen',
    formula: 'sum of the lines in fen',
    make: ({ asked }) => asked,
  }),
  net: rule({
    figures: { gross: 'fen', rate: 'bps' },
    result: 'fen',
    formula: 'round half up(gross * 10000 / (10000 + rate))',
    make: ({ gross, rate }) => quotient(2n * gross * FULL_BPS + FULL_BPS + rate, 2n * (FULL_BPS + rate)),
  }),
  tax: rule({
    figures: { gross: 'fen', net: 'fen' },
    result: 'fen',
    formula: 'gross - net',
    make: ({ gross, net }) => gross - net,
  }),
  printed: same('line', 'fen'),
};

const JOURNAL_RULES = {
  balancedMoney: same('debit', 'units'),
  balancedSeconds: same('debit', 'seconds'),
  ...HOUR_SUMS,
  netPosted: rule({
    figures: { net: 'fen' },
    result: 'units',
    formula: 'net * 1000000',
    make: ({ net }) => net * UNITS_PER_FEN,
  }),
  taxPosted: rule({
    figures: { tax: 'fen' },
    result: 'units',
    formula: 'tax * 1000000',
    make: ({ tax }) => tax * UNITS_PER_FEN,
  }),
  residuePosted: same('residue', 'units'),
  received: rule({
    figures: { received: 'fen' },
    result: 'units',
    formula: 'received * 1000000',
    make: ({ received }) => received * UNITS_PER_FEN,
  }),
  setAside: rule({
    figures: { placed: 'units', captured: 'units', released: 'units' },
    result: 'units',
    formula: 'placed - captured - released',
    make: ({ placed, captured, released }) => placed - captured - released,
  }),
  mirrored: same('legs', 'count', 'legs of the original'),
};

const MATTER_RULES = {
  creditNet: rule({
    figures: { before: 'fen', gross: 'fen', netBefore: 'fen', rate: 'bps' },
    result: 'fen',
    formula: 'round half up((before + gross) * 10000 / (10000 + rate)) - netBefore',
    make: ({ before, gross, netBefore, rate }) => {
      const toDate = quotient(2n * (before + gross) * FULL_BPS + FULL_BPS + rate, 2n * (FULL_BPS + rate));
      return toDate === null ? null : toDate - netBefore;
    },
  }),
  creditPosted: rule({
    figures: { net: 'fen', tax: 'fen' },
    result: 'units',
    formula: '(net + tax) * 1000000',
    make: ({ net, tax }) => (net + tax) * UNITS_PER_FEN,
  }),
  refundPosted: rule({
    figures: { amount: 'fen' },
    result: 'units',
    formula: 'amount * 1000000',
    make: ({ amount }) => amount * UNITS_PER_FEN,
  }),
  refundLeft: rule({
    figures: { asked: 'units', paid: 'units', returned: 'units' },
    result: 'units',
    formula: 'asked - paid - returned',
    make: ({ asked, paid, returned }) => asked - paid - returned,
  }),
  disputeMoved: same('taken', 'units'),
  disputeKept: same('kept', 'units'),
  disputeShares: rule({
    figures: { fromWallet: 'units', owed: 'units' },
    result: 'units',
    formula: 'fromWallet + owed',
    make: ({ fromWallet, owed }) => fromWallet + owed,
  }),
  disputeLeft: rule({
    figures: { taken: 'units', back: 'units', lost: 'units' },
    result: 'units',
    formula: 'taken - back - lost',
    make: ({ taken, back, lost }) => taken - back - lost,
  }),
};

/** Every rule that an explanation uses. They are written again here, apart from the code that charged, on purpose. */
export const RULES = { ...CHARGE_RULES, ...LINE_RULES, ...JOURNAL_RULES, ...MATTER_RULES, ...SLA_RULES };

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];
