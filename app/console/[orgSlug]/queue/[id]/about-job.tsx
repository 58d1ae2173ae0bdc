import { formatPrice } from '#components/format/money.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { Cards, Duration } from '#components/format/quantity-text.tsx';
import { startText } from '#components/queue/wait-text.ts';
import { type Definition, DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listImages } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { workloadOfJob } from '#lib/reservations/queue/types.ts';
import type { JobView } from '#lib/reservations/queue/view-types.ts';

/** What a job asked for, when it starts or did, and where the rest of it is. */
export async function AboutJob({ ctx, orgSlug, job }: { ctx: Ctx; orgSlug: string; job: JobView }) {
  const [t, b] = [await getTranslations('queue'), await getTranslations('booking')];
  const image = (await listImages(ctx)).find(({ id }) => id === job.imageId);
  const base = `/console/${orgSlug}`;
  const time = (term: string, at: Instant | null): Definition[] =>
    at === null ? [] : [{ term, value: <InstantText at={at} hasSeconds /> }];
  const link = (term: string, href: string): Definition => ({
    term,
    value: <TextLink href={href}>{t('detail.open')}</TextLink>,
  });
  const items: Definition[] = [
    { term: t('detail.tier'), value: t(`tier.${job.tier}`) },
    { term: t('detail.cards'), value: <Cards count={job.cards} /> },
    { term: b('what.topology'), value: b(`what.topologies.${job.topology}`) },
    { term: t('detail.walltime'), value: <Duration seconds={job.walltimeSeconds} /> },
    {
      term: t('detail.deadline'),
      value: job.deadlineAt === null ? t('detail.none') : <InstantText at={job.deadlineAt} />,
    },
    { term: t('detail.cap'), value: job.priceCapE10 === null ? t('detail.none') : formatPrice(job.priceCapE10) },
    ...(job.projectName === null ? [] : [{ term: t('detail.project'), value: job.projectName }]),
    { term: t('detail.image'), value: image?.name ?? job.imageId },
    ...time(t('detail.submitted'), job.submittedAt),
    ...(job.state === 'queued' ? [{ term: t('detail.expected'), value: startText(t, job) }] : []),
    ...time(t('detail.started'), job.startAt),
    ...time(t('detail.ends'), job.endedAt === null ? job.endAt : null),
    ...time(t('detail.ended'), job.endedAt),
    ...(job.reservationId === null
      ? []
      : [
          link(t('detail.reservation'), `${base}/reservations/${job.reservationId}`),
          link(t('detail.workload'), `${base}/workloads/${workloadOfJob(job.id)}`),
        ]),
  ];
  return (
    <Panel title={t('detail.about')} description={t('detail.times')}>
      <DefinitionList items={items} />
    </Panel>
  );
}
