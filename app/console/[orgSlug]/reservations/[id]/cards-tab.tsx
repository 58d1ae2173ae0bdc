import { Cpu } from 'lucide-react';
import { neighbours, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listReadings } from '#lib/devices/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { listReservationCards } from '#lib/reservations/detail.ts';
import { type CardRow, cardColumns } from './card-columns.tsx';
import type { PartProps } from './parts.ts';

const PAGE_SIZE = 32;

/** The cards of a reservation, a page at a time, with what each measures. */
export async function CardsTab({ ctx, found, page, base }: PartProps) {
  const t = await getTranslations('reservations');
  const { reservation, counts } = found;
  const cards = await listReservationCards(ctx, { reservationId: reservation.id }, sliceOf(page, PAGE_SIZE));
  const readings = await listReadings(ctx, {
    reservationId: reservation.id,
    cardIds: cards.map(({ cardId }) => cardId),
  });
  const rows = cards.map((card): CardRow => {
    const isHeld = card.endAt === null || card.endAt > ctx.now;
    return { ...card, isHeld, reading: isHeld ? (readings.get(card.cardId) ?? null) : null };
  });
  const first = (page - 1) * PAGE_SIZE;
  const range = { from: first + 1, to: first + rows.length, total: counts.allocations };
  const steps = neighbours({ page, size: PAGE_SIZE, total: counts.allocations }, (to) =>
    withQuery(base, { tab: 'cards', page: to === 1 ? null : to }),
  );
  return (
    <>
      <Panel
        isFlush
        title={t('cards.title')}
        description={
          counts.allocations === 0
            ? undefined
            : counts.held === counts.allocations
              ? t('stat.servers', { count: counts.servers, supernodes: counts.supernodes })
              : t('cards.count', { held: counts.held, total: counts.allocations })
        }
      >
        <DataTable
          label={t('cards.title')}
          columns={await cardColumns()}
          rows={rows}
          rowKey={({ allocationId }) => allocationId}
          empty={<EmptyState Icon={Cpu} title={t('cards.empty')} text={t('cards.emptyText')} />}
        />
      </Panel>
      {counts.allocations > PAGE_SIZE && (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <p className="num text-sm text-ink-2">{t('cards.pageOf', range)}</p>
          <PageSteps label={t('pages')} {...steps} />
        </div>
      )}
    </>
  );
}
