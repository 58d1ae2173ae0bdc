import { usageColumns } from '#components/billing/usage-columns.tsx';
import { formatCount } from '#components/format/digits.ts';
import { formatInstant, formatTimeOfDay } from '#components/format/instant.ts';
import type { Column } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { HourCharges } from '#lib/billing/types.ts';
import { HOUR_MS, instant, toIso } from '#lib/core/instant.ts';
import { toDecimal } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The hours of a reservation as a table; `path` is the address of the reservation's usage. */
export async function hourColumns(path: string, tail: number): Promise<Column<HourCharges>[]> {
  const t = await getTranslations('usage');
  return [
    {
      key: 'hour',
      header: t('hours.hour'),
      cell: ({ hourAt }) => {
        const text = `${formatInstant(hourAt)} – ${formatTimeOfDay(instant(hourAt + HOUR_MS))}`;
        return (
          <TextLink
            href={`${path}/${toIso(hourAt).slice(0, 13)}`}
            className="num whitespace-nowrap"
            aria-label={t('hours.show', { hour: text })}
          >
            {text}
          </TextLink>
        );
      },
    },
    { key: 'cards', header: t('hours.cards'), align: 'end', isWideOnly: true, cell: ({ cards }) => formatCount(cards) },
    {
      key: 'band',
      header: t('hours.band'),
      align: 'end',
      isWideOnly: true,
      cell: ({ bandBps }) => `${toDecimal(BigInt(bandBps), 2, 0)}%`,
    },
    ...(await usageColumns(tail)),
  ];
}
