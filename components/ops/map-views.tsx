'use client';

import { LayoutGrid, Table2 } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'use-intl/react';
import { cn } from '../ui/cn.ts';
import { mapHref, parseShow } from './map-state.ts';

/** Map or table of the same cards: both keep what the address says of the filter. */
export function MapViews({ pool }: { pool: string }) {
  const t = useTranslations('ops.map');
  const query = useSearchParams();
  const isTable = query.get('view') === 'table';
  const state = { pool, show: parseShow(query.get('show') ?? ''), holder: query.get('holder') };
  const views = [
    { view: 'map', label: t('viewMap'), Icon: LayoutGrid, isHere: !isTable },
    { view: 'table', label: t('viewTable'), Icon: Table2, isHere: isTable },
  ] as const;
  return (
    <nav aria-label={t('view')} className="flex rounded-md border border-line bg-sunken p-0.5">
      {views.map(({ view, label, Icon, isHere }) => (
        <Link
          key={view}
          href={mapHref({ ...state, view })}
          prefetch={false}
          aria-current={isHere ? 'true' : undefined}
          className={cn(
            'flex h-7 items-center gap-1.5 rounded-sm px-3 text-sm text-ink-2 hover:text-ink pointer-coarse:h-10 [&_svg]:size-4',
            isHere && 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]',
          )}
        >
          <Icon aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}
