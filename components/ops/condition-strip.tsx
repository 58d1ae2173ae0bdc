import { CONDITIONS, type Condition, type ConditionCounts } from '#lib/inventory/condition.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCount } from '../format/digits.ts';
import { cn } from '../ui/cn.ts';

/** From what earns to what does not, so that strips can be compared by eye. */
export const STRIP_ORDER = [
  'inUse',
  'heldSoon',
  'free',
  'cordoned',
  'maintenance',
  'unhealthy',
  'unknown',
  'spare',
] as const satisfies readonly Condition[];

const FILL: Readonly<Record<Condition, string>> = {
  inUse: 'fill-accent',
  heldSoon: 'fill-accent/55',
  free: 'fill-line-strong',
  cordoned: 'fill-warn',
  maintenance: 'fill-warn/55',
  unhealthy: 'fill-danger-fill',
  unknown: 'fill-ink-3',
  spare: 'fill-ink-3/40',
};

const WIDTH = 1_000;
/** A condition that a single card has is still seen. */
const LEAST = 6;

/** Where each condition lies on the strip, in thousandths. */
export function stripParts(counts: ConditionCounts): { condition: Condition; x: number; width: number }[] {
  const present = STRIP_ORDER.filter((condition) => counts[condition] > 0);
  const raw = present.map((condition) => Math.max(LEAST, (counts[condition] / counts.cards) * WIDTH));
  const sum = raw.reduce((a, b) => a + b, 0);
  let x = 0;
  return present.map((condition, i) => {
    const width = ((raw[i] ?? 0) / sum) * WIDTH;
    x += width;
    return { condition, x: x - width, width };
  });
}

/** Cards by condition as one bar, and in words for those who do not see it. */
export async function ConditionStrip({
  counts,
  className,
}: {
  counts: ConditionCounts;
  className?: string | undefined;
}) {
  const t = await getTranslations('ops');
  const label = CONDITIONS.filter((condition) => counts[condition] > 0)
    .map((condition) => `${t(`condition.${condition}`)} ${formatCount(counts[condition])}`)
    .join(', ');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} 10`}
      preserveAspectRatio="none"
      className={cn('block h-2.5 w-full overflow-hidden rounded-sm bg-sunken', className)}
    >
      {stripParts(counts).map(({ condition, x, width }) => (
        <rect key={condition} x={x} y={0} width={width} height={10} className={FILL[condition]} />
      ))}
    </svg>
  );
}
