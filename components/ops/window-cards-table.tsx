import { getTranslations } from '#lib/i18n/server.ts';
import type { Lifecycle } from '#lib/inventory/lifecycle.ts';
import type { WindowCardState } from '#lib/reservations/maintenance-types.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { shortPath } from './place-text.ts';

const TONES = {
  planned: 'waiting',
  waiting: 'warn',
  taken: 'active',
  returned: 'ok',
  left: 'danger',
  missed: 'warn',
  skipped: 'neutral',
} as const satisfies Record<WindowCardState, Tone>;

export type WindowCard = {
  readonly cardId: string;
  readonly path: string;
  readonly slot: number;
  readonly state: WindowCardState;
  readonly lifecycle: Lifecycle;
};

/** The cards of a window: how each stands in it, and what it is now. */
export async function WindowCardsTable({ cards }: { cards: readonly WindowCard[] }) {
  const [t, o, l] = [
    await getTranslations('maintenance'),
    await getTranslations('ops'),
    await getTranslations('lifecycle'),
  ];
  const columns: Column<WindowCard>[] = [
    {
      key: 'card',
      header: t('columns.where'),
      cell: ({ cardId, path, slot }) => (
        <TextLink href={`/ops/cards/${cardId}`} prefetch={false} className="num">
          {o('place.slot', { path: shortPath(path), slot })}
        </TextLink>
      ),
    },
    {
      key: 'state',
      header: t('columns.inWindow'),
      cell: ({ state }) => <Badge tone={TONES[state]}>{t(`card.${state}`)}</Badge>,
    },
    { key: 'now', header: t('columns.now'), cell: ({ lifecycle }) => l(`state.${lifecycle}`) },
  ];
  return (
    <DataTable label={t('window.cards')} columns={columns} rows={cards} rowKey={({ cardId }) => cardId} empty={null} />
  );
}
