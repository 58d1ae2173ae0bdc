import { SquareTerminal } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listImages, listSkus } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listReservations } from '#lib/reservations/service.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { WorkloadForm } from './workload-form.tsx';

/** Reservations to choose from; whoever has more comes from the reservation's own page. */
const CHOICES_MAX = 100;

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('workloads'))('new.title') };
}

export default async function NewWorkloadPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'workload:submit');
  const t = await getTranslations('workloads');
  const wished = queryText(await searchParams, 'reservation');
  const open = { states: RESERVATION_CAN.submitWorkload };
  const { rows } = await listReservations(ctx, open, { skip: 0, take: CHOICES_MAX });
  const chosen = rows.find(({ id }) => id === wished) ?? rows.find(({ state }) => state === 'active') ?? rows[0];
  const arch = (await listSkus(ctx)).find(({ id }) => id === chosen?.skuId)?.model.arch;
  const images = (await listImages(ctx)).filter(({ archs }) => arch === undefined || archs.includes(arch));
  const base = `/console/${orgSlug}/workloads`;
  return (
    <ClientMessages>
      <PageHeader
        title={t('new.title')}
        description={t('new.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
      />
      {chosen === undefined ? (
        <Panel isFlush className="max-w-2xl">
          <EmptyState
            Icon={SquareTerminal}
            title={t('new.noneTitle')}
            text={t('new.noneText')}
            action={
              <Link href={`/console/${orgSlug}/book`} className={buttonClass({ variant: 'primary' })}>
                {t('new.book')}
              </Link>
            }
          />
        </Panel>
      ) : (
        <WorkloadForm orgSlug={orgSlug} chosen={chosen} reservations={rows} images={images} />
      )}
    </ClientMessages>
  );
}
