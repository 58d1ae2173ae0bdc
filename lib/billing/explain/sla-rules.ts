import { divFloor } from '#lib/core/money.ts';
import type { Rule } from './rules.ts';

/** 1e6 parts of a whole, in which thresholds are stated. */
const WHOLE_PPM = 1_000_000n;
const FULL_BPS = 10_000n;

/** From the seconds of a month to a credit, written a second time apart from the code that gives it. */
export const SLA_RULES = {
  slaLine: {
    figures: { used: 'seconds', promised: 'seconds', excluded: 'seconds', below: 'count', share: 'bps' },
    result: 'bps',
    formula: 'used * 1000000 < below * (promised - excluded) ? share : none',
    make: ({ used, promised, excluded, below, share }) =>
      used * WHOLE_PPM < below * (promised - excluded) ? share : null,
  } satisfies Rule<'used' | 'promised' | 'excluded' | 'below' | 'share'>,
  slaDue: {
    figures: { charged: 'units', vouchers: 'units', share: 'bps' },
    result: 'units',
    formula: 'floor((charged - vouchers) * share / 10000)',
    make: ({ charged, vouchers, share }) => divFloor((charged - vouchers) * share, FULL_BPS),
  } satisfies Rule<'charged' | 'vouchers' | 'share'>,
  slaMissing: {
    figures: { due: 'units', given: 'units' },
    result: 'units',
    formula: 'due - given',
    make: ({ due, given }) => due - given,
  } satisfies Rule<'due' | 'given'>,
  slaPosted: {
    figures: { credited: 'units' },
    result: 'units',
    formula: 'credited',
    make: ({ credited }) => credited,
  } satisfies Rule<'credited'>,
} as const;
