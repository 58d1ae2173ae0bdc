import { ObstacleText } from '#components/finance/obstacle-text.tsx';
import { PeriodBadge } from '#components/finance/period-badge.tsx';
import { Money } from '#components/format/money-text.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { PeriodView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The months that are not closed, oldest first, each with the one thing in its way. */
export async function OpenPeriods({ periods }: { periods: readonly PeriodView[] }) {
  const t = await getTranslations('finance');
  const open = periods.filter(({ state }) => state !== 'closed').toReversed();
  if (open.length === 0) return <EmptyState title={t('home.periodsEmpty')} text={t('home.periodsEmptyText')} />;
  return (
    <ul>
      {open.map(({ month, state, grossUnits, obstacle }) => (
        <li key={month} className="border-b border-line px-4 py-3 text-sm last:border-0 sm:px-5">
          <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
            <span className="flex items-center gap-2">
              <TextLink href={`/finance/periods/${month}`} className="num">
                {month}
              </TextLink>
              <PeriodBadge state={state} isReady={obstacle === null} />
            </span>
            <Money units={grossUnits} />
          </div>
          {obstacle !== null && (
            <p className="mt-1">
              <ObstacleText obstacle={obstacle} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
