import Link from 'next/link';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { PlaceRow, PlaceView } from '#lib/inventory/view-types.ts';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { ConditionStrip } from './condition-strip.tsx';
import { actHref, localName, maintenanceHref, placeHref } from './place-text.ts';

/** An act stays within one pool, so places above a pod have none. */
const LEVELS_ACTED_ON: readonly string[] = ['pod', 'supernode', 'server'];

/** What can be done with all cards of a place: plan their maintenance, or cordon them. */
async function PlaceActs({ place }: { place: PlaceRow }) {
  const [l, m] = [await getTranslations('lifecycle'), await getTranslations('maintenance')];
  const name = localName(place.name, await requestLocale());
  const look = buttonClass({ size: 'sm', variant: 'ghost' });
  return (
    <span className="flex justify-end gap-1">
      <Link href={maintenanceHref(place.id)} prefetch={false} aria-label={`${m('plan')}: ${name}`} className={look}>
        {m('title')}
      </Link>
      <Link
        href={actHref('cordon', place.id)}
        prefetch={false}
        aria-label={`${l('names.cordon')}: ${name}`}
        className={look}
      >
        {l('names.cordon')}
      </Link>
    </span>
  );
}

/** The places in a place, each with what its cards do now. */
export async function PlacesTable({ place, mayCordon }: { place: PlaceView; mayCordon: boolean }) {
  const t = await getTranslations('ops');
  const locale = await requestLocale();
  const columns: Column<PlaceRow>[] = [
    {
      key: 'name',
      header: t('inventory.name'),
      cell: (row) => (
        <span className="whitespace-nowrap">
          <TextLink href={placeHref(row)} prefetch={false}>
            {localName(row.name, locale)}
          </TextLink>
          <span className="num ml-2 text-xs text-ink-3">{row.path}</span>
        </span>
      ),
    },
    { key: 'cards', header: t('inventory.total'), align: 'end', cell: ({ counts }) => <Count count={counts.cards} /> },
    {
      key: 'states',
      header: t('inventory.distribution'),
      className: 'w-1/3 min-w-36',
      cell: ({ counts }) => <ConditionStrip counts={counts} />,
    },
    ...(['inUse', 'free', 'cordoned', 'maintenance', 'unhealthy'] as const).map(
      (condition): Column<PlaceRow> => ({
        key: condition,
        header: t(`condition.${condition}`),
        align: 'end',
        isWideOnly: true,
        cell: ({ counts }) => (
          <span className={counts[condition] === 0 ? 'text-ink-3' : undefined}>
            <Count count={counts[condition]} />
          </span>
        ),
      }),
    ),
    {
      key: 'act',
      header: <span className="sr-only">{t('table.actions')}</span>,
      align: 'end',
      cell: (row) => mayCordon && LEVELS_ACTED_ON.includes(row.level) && <PlaceActs place={row} />,
    },
  ];
  return (
    <DataTable
      label={t('inventory.inside', { place: localName(place.name, locale) })}
      columns={columns}
      rows={place.children}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t('inventory.empty')} />}
    />
  );
}
