import { neighbours, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { shortPath } from '#components/reservations/quantities.ts';
import { DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { WorkloadCard } from '#lib/workloads/types.ts';

const PAGE_SIZE = 25;

/** The cards of a workload, one server a row. */
export async function CardsPanel({
  cards,
  page,
  base,
}: {
  cards: readonly WorkloadCard[];
  page: number;
  base: string;
}) {
  const t = await getTranslations('workloads');
  const servers = [...Map.groupBy(cards, ({ serverPath }) => serverPath)];
  const { skip, take } = sliceOf(page, PAGE_SIZE);
  const steps = neighbours({ page, size: PAGE_SIZE, total: servers.length }, (to) =>
    withQuery(base, { page: to === 1 ? null : to }),
  );
  return (
    <div>
      <Panel isFlush title={t('detail.cardsTitle')}>
        <DataTable
          label={t('detail.cardsTitle')}
          columns={[
            {
              key: 'server',
              header: t('detail.server'),
              cell: ([path]) => <span className="num">{shortPath(path)}</span>,
            },
            {
              key: 'slots',
              header: t('detail.slots'),
              cell: ([, group]) => <span className="num">{group.map(({ slot }) => slot).join(', ')}</span>,
            },
          ]}
          rows={servers.slice(skip, skip + take)}
          rowKey={([path]) => path}
          empty={<EmptyState title={t('detail.noCards')} />}
        />
      </Panel>
      <PageSteps label={t('pages')} {...steps} className="mt-4" />
    </div>
  );
}
