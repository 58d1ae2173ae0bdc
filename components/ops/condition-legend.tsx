import Link from 'next/link';
import type { MouseEvent } from 'react';
import type { Condition } from '#lib/inventory/condition.ts';
import { formatCount } from '../format/digits.ts';
import { cn } from '../ui/cn.ts';
import { ConditionSwatch } from './condition-swatch.tsx';

export type LegendItem = {
  readonly condition: Condition;
  readonly word: string;
  readonly count: number;
  readonly isShown: boolean;
  readonly href: string;
};

/** What the colours and shapes mean, how many cards there are of each, and the filter: each item is a link that switches it. */
export function ConditionLegend({
  label,
  items,
  onToggle,
}: {
  label: string;
  items: readonly LegendItem[];
  /** Client components only: switches in place instead of following the link. */
  onToggle?: (condition: Condition) => void;
}) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-1.5">
        {items.map(({ condition, word, count, isShown, href }) => (
          <li key={condition}>
            <Link
              href={href}
              prefetch={false}
              scroll={false}
              aria-current={isShown ? 'true' : undefined}
              className={cn(
                'inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs text-ink-2 hover:bg-hover pointer-coarse:h-11',
                isShown ? 'border-accent-ink bg-accent-soft text-ink' : 'border-line bg-surface',
              )}
              {...(onToggle && {
                onClick: (event: MouseEvent) => {
                  if (event.metaKey || event.ctrlKey) return;
                  event.preventDefault();
                  onToggle(condition);
                },
              })}
            >
              <ConditionSwatch condition={condition} />
              {word}
              <span className="num font-medium text-ink">{formatCount(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
