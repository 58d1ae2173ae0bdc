'use client';

import { useTranslations } from 'use-intl/react';
import { CONDITIONS, type ConditionCounts } from '#lib/inventory/condition.ts';
import { Button } from '../ui/button.tsx';
import { ConditionLegend } from './condition-legend.tsx';
import { mapHref, toggleShow } from './map-state.ts';
import type { MapFilter } from './use-map-filter.ts';

/** The legend of the map and its filter, kept in the address. */
export function MapFilterBar({ filter, counts }: { filter: MapFilter; counts: ConditionCounts }) {
  const t = useTranslations('ops');
  const { state, holder, emphasis, choose } = filter;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ConditionLegend
        label={t('map.legend')}
        items={CONDITIONS.map((condition) => ({
          condition,
          word: t(`condition.${condition}`),
          count: counts[condition],
          isShown: state.show.includes(condition),
          href: mapHref({ ...state, show: toggleShow(state.show, condition) }),
        }))}
        onToggle={(condition) => choose({ ...state, show: toggleShow(state.show, condition) })}
      />
      {emphasis !== null && (
        <Button size="sm" variant="ghost" onClick={() => choose({ ...state, show: [], holder: null })}>
          {t('map.showAll')}
        </Button>
      )}
      {holder && <p className="text-xs text-ink-2">{t('map.holderFilter', { name: holder.name })}</p>}
    </div>
  );
}
