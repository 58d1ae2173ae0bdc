import { getTranslations } from '#lib/i18n/server.ts';
import { REACHES } from '#lib/reservations/maintenance-types.ts';
import type { HitView, PromiseHitView } from '#lib/reservations/maintenance-view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { shortPath } from './place-text.ts';

type Named = Pick<HitView, 'name' | 'organisationName' | 'cards' | 'interval'>;

async function namedColumns(): Promise<Column<Named>[]> {
  const t = await getTranslations('maintenance');
  return [
    { key: 'name', header: t('drain.name'), cell: ({ name }) => <span className="font-medium">{name}</span> },
    { key: 'organisation', header: t('drain.organisation'), cell: ({ organisationName }) => organisationName },
    { key: 'cards', header: t('columns.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'from',
      header: t('columns.from'),
      isWideOnly: true,
      cell: ({ interval }) => <InstantText at={interval.startAt} />,
    },
    {
      key: 'until',
      header: t('drain.until'),
      cell: ({ interval }) => (interval.endAt === null ? t('drain.open') : <InstantText at={interval.endAt} />),
    },
  ];
}

/** Reservations that have cards of a set, until when, and where their cards would go. */
export async function DrainHitsTable({ hits }: { hits: readonly HitView[] }) {
  const t = await getTranslations('maintenance');
  const columns: Column<HitView>[] = [
    ...(await namedColumns()),
    {
      key: 'where',
      header: t('drain.where'),
      cell: ({ moves, stuckCards }) => (
        <span className="flex flex-wrap gap-1">
          {REACHES.filter((reach) => moves[reach] > 0).map((reach) => (
            <Badge key={reach} tone="ok">
              {t(`drain.reach.${reach}`, { count: moves[reach] })}
            </Badge>
          ))}
          {stuckCards > 0 && <Badge tone="warn">{t('drain.cannotMove', { count: stuckCards })}</Badge>}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('drain.hitsTitle')}
      columns={columns}
      rows={hits}
      rowKey={({ reservationId }) => reservationId}
      empty={null}
    />
  );
}

/** Later reservations that stand on a set's servers, and where they would go. */
export async function DrainPromisesTable({ promises }: { promises: readonly PromiseHitView[] }) {
  const t = await getTranslations('maintenance');
  const columns: Column<PromiseHitView>[] = [
    ...(await namedColumns()),
    {
      key: 'goesTo',
      header: t('drain.goesTo'),
      cell: ({ servers }) =>
        servers === null ? (
          <Badge tone="danger">{t('drain.nowhere')}</Badge>
        ) : (
          <span className="num">{servers.map(shortPath).join(', ')}</span>
        ),
    },
  ];
  return (
    <DataTable
      label={t('drain.promisesTitle')}
      columns={columns}
      rows={promises}
      rowKey={({ reservationId }) => reservationId}
      empty={null}
    />
  );
}
