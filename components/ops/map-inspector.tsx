'use client';

import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { TextLink } from '../ui/text-link.tsx';
import { ConditionSwatch } from './condition-swatch.tsx';
import type { MapCard } from './map-card.ts';

/** What is known of the card that is looked at; keeps its place while there is none. */
export function MapInspector({ card }: { card: MapCard | null }) {
  const t = useTranslations('ops');
  const facts = card
    ? [
        card.holder && t('map.held', { organisation: card.holder.organisation, name: card.holder.name }),
        card.utilisation !== null && t('map.utilisation', { value: t('unit.percent', { value: card.utilisation }) }),
        card.temperature !== null && t('map.temperature', { value: t('unit.celsius', { value: card.temperature }) }),
        card.isTakenOut && card.isHeld && t('mark.takenOut'),
        card.isDegraded && t('mark.degraded'),
      ].filter((fact) => typeof fact === 'string')
    : [];
  return (
    <div className="sticky top-14 z-10 -mx-4 border-b border-line bg-canvas px-4 py-2 sm:-mx-6 sm:px-6">
      <div className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-0.5 text-sm sm:min-h-6">
        <p role="status" className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-0.5">
          {card ? (
            <>
              <span className="num font-medium">{t('place.slot', { path: card.path, slot: card.slot })}</span>
              <span className="inline-flex items-center gap-1.5">
                <ConditionSwatch condition={card.condition} />
                {t(`condition.${card.condition}`)}
              </span>
              {facts.map((fact) => (
                <span key={fact} className="text-ink-2">
                  {fact}
                </span>
              ))}
            </>
          ) : (
            <span className="text-ink-3">{t('map.hint')}</span>
          )}
        </p>
        {card && (
          <TextLink href={card.href} prefetch={false} className="ml-auto inline-flex items-center gap-1">
            {t('map.open')}
            <ArrowRight aria-hidden className="size-3.5" />
          </TextLink>
        )}
      </div>
    </div>
  );
}
