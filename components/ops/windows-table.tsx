import { getTranslations } from '#lib/i18n/server.ts';
import { WINDOW_CARD_STATES } from '#lib/reservations/maintenance-types.ts';
import type { WindowRow } from '#lib/reservations/maintenance-view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { EndText, ServersText, WindowBadge } from './window-text.tsx';

/** Maintenance windows; each leads to its own page. */
export async function WindowsTable({ rows }: { rows: readonly WindowRow[] }) {
  const t = await getTranslations('maintenance');
  const cardsOf = ({ counts }: WindowRow): string =>
    WINDOW_CARD_STATES.filter((state) => counts[state] > 0)
      .map((state) => t('cardCount', { state: t(`card.${state}`), count: counts[state] }))
      .join(' · ');
  const columns: Column<WindowRow>[] = [
    {
      key: 'where',
      header: t('columns.where'),
      cell: ({ id, servers }) => (
        <TextLink href={`/ops/maintenance/${id}`} prefetch={false}>
          <ServersText servers={servers} />
        </TextLink>
      ),
    },
    { key: 'state', header: t('columns.state'), cell: ({ state }) => <WindowBadge state={state} /> },
    { key: 'from', header: t('columns.from'), cell: ({ interval }) => <InstantText at={interval.startAt} /> },
    { key: 'until', header: t('columns.until'), cell: ({ interval }) => <EndText interval={interval} /> },
    { key: 'cards', header: t('columns.cards'), cell: (row) => <span className="num">{cardsOf(row)}</span> },
    { key: 'reason', header: t('columns.reason'), isWideOnly: true, cell: ({ reason }) => reason },
    { key: 'by', header: t('columns.by'), isWideOnly: true, cell: ({ plannedBy }) => plannedBy },
  ];
  return <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={null} />;
}
