import { getTranslations } from '#lib/i18n/server.ts';
import type { ConditionCounts } from '#lib/inventory/condition.ts';
import { formatCount } from '../format/digits.ts';
import { cn } from '../ui/cn.ts';
import { ConditionStrip, STRIP_ORDER } from './condition-strip.tsx';
import { ConditionSwatch } from './condition-swatch.tsx';

/** Cards by condition: the strip, and under it each condition with its count. */
export async function ConditionSummary({ counts, className }: { counts: ConditionCounts; className?: string }) {
  const t = await getTranslations('ops');
  return (
    <div className={cn('grid gap-2.5', className)}>
      <ConditionStrip counts={counts} className="h-3" />
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {STRIP_ORDER.map((condition) => (
          <li key={condition} className={cn('flex items-center gap-1.5', counts[condition] === 0 && 'text-ink-3')}>
            <ConditionSwatch condition={condition} />
            {t(`condition.${condition}`)}
            <span className="num font-medium">{formatCount(counts[condition])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
