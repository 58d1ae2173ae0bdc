'use client';

import { useLocale, useTranslations } from 'use-intl/react';
import { formatCardHours } from './card-hours.ts';
import { formatCount } from './digits.ts';
import { durationParts } from './duration.ts';

/** Card-hours of card-seconds, with the unit unless the column's heading has it. */
export function CardHours({ seconds, hasUnit = true }: { seconds: bigint | number; hasUnit?: boolean }) {
  const t = useTranslations('common.formula');
  return (
    <span className="num">
      {formatCardHours(seconds)}
      {hasUnit && ` ${t('cardHours')}`}
    </span>
  );
}

/** A number of cards, in words: 8张卡, 8 cards. */
export function Cards({ count }: { count: number }) {
  const t = useTranslations('common.count');
  return <span className="num whitespace-nowrap">{t('cards', { count })}</span>;
}

/** A whole number with its digits in groups. */
export function Count({ count }: { count: number | bigint }) {
  return <span className="num whitespace-nowrap">{formatCount(count)}</span>;
}

/** A span of time in its two largest units: 3小时20分, 3 h 20 min. */
export function Duration({ seconds }: { seconds: bigint | number }) {
  const t = useTranslations('common.duration');
  const joint = useLocale() === 'en' ? ' ' : '';
  return (
    <span className="num whitespace-nowrap">
      {durationParts(seconds)
        .map(({ unit, count }) => t(unit, { count }))
        .join(joint)}
    </span>
  );
}
