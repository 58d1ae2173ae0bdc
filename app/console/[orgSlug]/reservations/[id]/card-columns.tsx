import { HealthBadge } from '#components/reservations/health-badge.tsx';
import { formatGib, formatPower, shortPath } from '#components/reservations/quantities.ts';
import { Reading, ReadingBar } from '#components/reservations/reading.tsx';
import type { Column } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import type { CardReading } from '#lib/devices/view-types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { AllocationView } from '#lib/reservations/view-types.ts';

/** A card of a reservation with what it measures now; a card that was given back measures nothing here. */
export type CardRow = AllocationView & { readonly isHeld: boolean; readonly reading: CardReading | null };

type Texts = Awaited<ReturnType<typeof getTranslations<'reservations'>>>;

/** Shares of a whole, as small bars. */
function shareColumns(t: Texts): Column<CardRow>[] {
  const unknown = t('live.unknown');
  return [
    {
      key: 'util',
      header: t('cards.util'),
      align: 'end',
      cell: ({ reading, slot }) => (
        <ReadingBar
          label={`${t('cards.util')} ${slot}`}
          value={reading?.utilPct ?? null}
          max={100}
          text={`${Math.round(reading?.utilPct ?? 0)}%`}
          unknown={unknown}
        />
      ),
    },
    {
      key: 'memory',
      header: t('cards.memory'),
      align: 'end',
      cell: ({ reading, slot }) => (
        <ReadingBar
          label={`${t('cards.memory')} ${slot}`}
          value={reading?.memUsedBytes ?? null}
          max={reading?.memUsableBytes ?? null}
          text={`${formatGib(reading?.memUsedBytes ?? 0)} / ${formatGib(reading?.memUsableBytes ?? 0)} GiB`}
          unknown={unknown}
        />
      ),
    },
  ];
}

function figureColumns(t: Texts): Column<CardRow>[] {
  const unknown = t('live.unknown');
  return [
    {
      key: 'power',
      header: t('cards.power'),
      align: 'end',
      cell: ({ reading }) => (
        <Reading value={typeof reading?.powerMw === 'number' ? formatPower(reading.powerMw) : null} unknown={unknown} />
      ),
    },
    {
      key: 'temp',
      header: t('cards.temp'),
      align: 'end',
      cell: ({ reading }) => (
        <Reading
          value={typeof reading?.tempC === 'number' ? `${Math.round(reading.tempC)} °C` : null}
          unknown={unknown}
        />
      ),
    },
  ];
}

/** Where a card is, how it is, what it measures, and under which name a driver knows it. */
export async function cardColumns(): Promise<Column<CardRow>[]> {
  const t = await getTranslations('reservations');
  return [
    {
      key: 'position',
      header: t('cards.position'),
      cell: ({ serverPath, slot }) => (
        <span className="num whitespace-nowrap">{t('cards.slot', { path: shortPath(serverPath), slot })}</span>
      ),
    },
    {
      key: 'health',
      header: t('cards.health'),
      cell: ({ isHeld, health }) =>
        isHeld ? <HealthBadge health={health} /> : <Badge hasIcon={false}>{t('cards.past')}</Badge>,
    },
    ...shareColumns(t),
    ...figureColumns(t),
    {
      key: 'uuid',
      header: t('cards.uuid'),
      isWideOnly: true,
      cell: ({ uuid }) => <code className="text-xs whitespace-nowrap text-ink-2">{uuid}</code>,
    },
  ];
}
