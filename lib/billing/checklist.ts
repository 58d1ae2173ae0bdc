import type { Instant } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval } from '#lib/core/period.ts';
import { checkCloseTime } from './period.ts';
import type {
  CheckFigure,
  CloseCheck,
  CloseCheckName,
  CloseRefusal,
  FigureName,
  MonthFigures,
  PeriodState,
} from './types.ts';

/** What is known of a month when it is checked. Without figures only time and order are decided. */
export type ChecklistFacts = {
  readonly month: Month;
  readonly state: PeriodState;
  readonly now: Instant;
  /** The oldest month before it that is not closed. */
  readonly earlierOpen: Month | null;
  readonly figures: MonthFigures | null;
};

type Found = { readonly refusal: CloseRefusal | null; readonly figures: readonly CheckFigure[] };
/** A check by itself; null when what it looks at is not known. */
type Check = (facts: ChecklistFacts) => Found | null;

const at = (name: FigureName, value: Instant): CheckFigure => ({ kind: 'at', name, value });
const count = (name: FigureName, value: number | bigint): CheckFigure => ({
  kind: 'count',
  name,
  value: BigInt(value),
});
const money = (name: FigureName, value: bigint): CheckFigure => ({ kind: 'units', name, value });

/** The refusal of {@link checkCloseTime} where it is this one. */
const ofTime = (code: CloseRefusal['code'], { month, state, now }: ChecklistFacts): CloseRefusal | null => {
  const refusal = checkCloseTime(month, state, now);
  return refusal?.code === code ? refusal : null;
};

const ofFigures =
  (check: (figures: MonthFigures) => Found): Check =>
  ({ figures }) =>
    figures && check(figures);

const CHECKS = {
  over: (facts) => ({
    refusal: ofTime('monthNotOver', facts),
    figures: [at('endsAt', monthInterval(facts.month).endAt)],
  }),
  collected: (facts) => ({
    refusal: ofTime('monthCollecting', facts),
    figures: [at('cutoffAt', monthCutoffAt(facts.month))],
  }),
  inOrder: ({ earlierOpen }) => ({
    refusal: earlierOpen && { code: 'earlierMonthOpen', month: earlierOpen },
    figures: [],
  }),
  hours: ofFigures(({ unmetered: { count: allocations, example }, charges }) => ({
    refusal: example === null ? null : { code: 'usageIncomplete', allocations, example },
    figures: [count('charges', charges), count('unmetered', allocations)],
  })),
  gaps: ofFigures(({ missing: { count: allocations, seconds, example } }) => ({
    refusal: example === null ? null : { code: 'usageMissing', allocations, cardSeconds: `${seconds}`, example },
    figures: [count('missing', allocations), count('missingSeconds', seconds)],
  })),
  doubles: ofFigures(({ twice: { count: allocations, seconds, example } }) => ({
    refusal: example === null ? null : { code: 'usageTwice', allocations, cardSeconds: `${seconds}`, example },
    figures: [count('twice', allocations), count('twiceSeconds', seconds)],
  })),
  holds: ofFigures(({ openHolds: { count: reservations, leftUnits, example } }) => ({
    refusal: example === null ? null : { code: 'holdsOpen', reservations, leftUnits: `${leftUnits}`, example },
    figures: [count('openHolds', reservations), money('openHoldsLeft', leftUnits)],
  })),
  lines: ofFigures(({ negativeLines: { count: lines, example }, carriedLines }) => ({
    refusal: example === null ? null : { code: 'lineNegative', lines, example },
    figures: [
      count('negativeLines', lines),
      ...(carriedLines.count === 0
        ? []
        : [count('carriedLines', carriedLines.count), money('carriedUnits', carriedLines.units)]),
    ],
  })),
  agreed: ofFigures(({ chargesUnits, ledgerUnits }) => ({
    refusal:
      chargesUnits === ledgerUnits
        ? null
        : { code: 'booksDiffer', chargesUnits: `${chargesUnits}`, ledgerUnits: `${ledgerUnits}` },
    figures: [money('chargesTotal', chargesUnits), money('ledgerTotal', ledgerUnits)],
  })),
  credits: ofFigures(({ credits: { isGiven, count: given, amountUnits } }) => ({
    refusal: isGiven ? null : { code: 'creditsMissing' },
    figures: [count('creditsGiven', given), money('creditsTotal', amountUnits)],
  })),
  suspense: ofFigures(({ suspenseUnits }) => ({ refusal: null, figures: [money('suspense', suspenseUnits)] })),
} as const satisfies Record<CloseCheckName, Check>;

export const CLOSE_CHECKS = Object.keys(CHECKS) as readonly CloseCheckName[];

/** What keeps no month open and is to be looked at all the same: money that is nobody's, corrections that are carried. */
function isWorthALook(name: CloseCheckName, figures: MonthFigures | null): boolean {
  if (name === 'suspense') return figures?.suspenseUnits !== 0n;
  return name === 'lines' && figures !== null && figures.carriedLines.count > 0;
}

/**
 * The checks of a close in their order, each with its figures. The first that fails blocks; those behind it wait, since
 * what they would say may change with it. Money in suspense keeps no month open, but is to be looked at.
 */
export function checklist(facts: ChecklistFacts): CloseCheck[] {
  let isBlocked = false;
  return CLOSE_CHECKS.map((name) => {
    const found = isBlocked ? null : CHECKS[name](facts);
    if (found === null) return { name, status: 'waits', figures: [], refusal: null };
    isBlocked = found.refusal !== null;
    const isNoticed = isWorthALook(name, facts.figures);
    return { name, status: isBlocked ? 'blocks' : isNoticed ? 'notice' : 'holds', ...found };
  });
}

/** The checklist of a month whose close has begun: everything held then, and it is not asked again. */
export function checklistDone(totals: Pick<MonthFigures, 'charges' | 'chargesUnits' | 'ledgerUnits'>): CloseCheck[] {
  const figures: Partial<Record<CloseCheckName, readonly CheckFigure[]>> = {
    hours: [count('charges', totals.charges)],
    agreed: [money('chargesTotal', totals.chargesUnits), money('ledgerTotal', totals.ledgerUnits)],
  };
  return CLOSE_CHECKS.map((name) => ({ name, status: 'holds', figures: figures[name] ?? [], refusal: null }));
}

/** The one thing that keeps a month open; null when nothing does. */
export function obstacleOf(checks: readonly CloseCheck[]): CloseRefusal | null {
  return checks.find(({ status }) => status === 'blocks')?.refusal ?? null;
}
