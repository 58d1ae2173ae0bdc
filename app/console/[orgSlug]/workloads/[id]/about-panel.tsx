import { InstantText } from '#components/format/instant-text.tsx';
import { Cards, Duration } from '#components/format/quantity-text.tsx';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listImages } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { SECOND_MS } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { WorkloadDetail } from '#lib/workloads/types.ts';

/** What a workload is, when it ran, and how it ended. */
export async function AboutPanel({ ctx, orgSlug, workload }: { ctx: Ctx; orgSlug: string; workload: WorkloadDetail }) {
  const t = await getTranslations('workloads');
  const { reservationId, reservationName, imageId, cards, walltimeSeconds, reason, exitCode } = workload;
  const { submittedAt, startedAt, endedAt } = workload;
  const image = (await listImages(ctx)).find((each) => each.id === imageId);
  const items: Definition[] = [
    {
      term: t('detail.result'),
      value: reason === 'exited' ? t('reason.exited', { code: exitCode ?? 0 }) : t(`reason.${reason ?? 'none'}`),
    },
    {
      term: t('detail.reservation'),
      value: <TextLink href={`/console/${orgSlug}/reservations/${reservationId}`}>{reservationName}</TextLink>,
    },
    { term: t('detail.image'), value: image?.name ?? imageId },
    { term: t('detail.cards'), value: <Cards count={cards} /> },
    { term: t('detail.walltime'), value: <Duration seconds={walltimeSeconds} /> },
    { term: t('detail.submitted'), value: <InstantText at={submittedAt} hasSeconds /> },
    ...(startedAt === null ? [] : [{ term: t('detail.started'), value: <InstantText at={startedAt} hasSeconds /> }]),
    ...(endedAt === null ? [] : [{ term: t('detail.ended'), value: <InstantText at={endedAt} hasSeconds /> }]),
    ...(startedAt === null
      ? []
      : [{ term: t('detail.ran'), value: <Duration seconds={((endedAt ?? ctx.now) - startedAt) / SECOND_MS} /> }]),
  ];
  return (
    <Panel title={t('detail.about')} description={t('detail.times')}>
      <DefinitionList items={items} />
    </Panel>
  );
}
