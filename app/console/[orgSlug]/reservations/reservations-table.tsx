import type { ReactNode } from 'react';
import { InstantText } from '#components/format/instant-text.tsx';
import { Count } from '#components/format/quantity-text.tsx';
import { ReservationBadge } from '#components/reservations/reservation-badge.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';

/** What each SKU is, in words: the card model and its site. */
async function skuNames(ctx: Ctx): Promise<Map<string, string>> {
  const language = (await requestLocale()) === 'en' ? 'en' : 'zh';
  return new Map((await listSkus(ctx)).map(({ id, model, siteName }) => [id, `${model.name} · ${siteName[language]}`]));
}

/** Reservations with their state, cards and times. */
export async function ReservationsTable({
  ctx,
  orgSlug,
  rows,
  projects,
  empty,
}: {
  ctx: Ctx;
  orgSlug: string;
  rows: readonly ReservationView[];
  projects: readonly ProjectView[];
  empty: ReactNode;
}) {
  const t = await getTranslations('reservations');
  const names = await skuNames(ctx);
  const projectNames = new Map<string, string>(projects.map(({ id, name }) => [id, name]));
  const columns: Column<ReservationView>[] = [
    {
      key: 'name',
      header: t('columns.name'),
      cell: ({ id, name, skuId, projectId }) => (
        <div className="min-w-40 py-1">
          <TextLink href={`/console/${orgSlug}/reservations/${id}`}>{name}</TextLink>
          <div className="text-xs text-ink-3">
            {names.get(skuId) ?? skuId}
            {projectId !== null && ` · ${projectNames.get(projectId) ?? projectId}`}
          </div>
        </div>
      ),
    },
    { key: 'state', header: t('columns.state'), cell: ({ state }) => <ReservationBadge state={state} /> },
    { key: 'cards', header: t('columns.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'purchase',
      header: t('columns.purchase'),
      isWideOnly: true,
      cell: ({ purchase }) => t(`purchase.${purchase}`),
    },
    {
      key: 'start',
      header: t('columns.start'),
      isWideOnly: true,
      align: 'end',
      cell: ({ interval }) => <InstantText at={interval.startAt} />,
    },
    {
      key: 'end',
      header: t('columns.end'),
      align: 'end',
      isWideOnly: true,
      cell: ({ interval, endedAt }) => {
        const at = endedAt ?? interval.endAt;
        return at === null ? t('openEnd') : <InstantText at={at} />;
      },
    },
  ];
  return <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />;
}
