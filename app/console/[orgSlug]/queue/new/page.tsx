import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import type { Query } from '#app/_edge/paging.ts';
import { BookingForm } from '#components/booking/booking-form.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { JobForm } from './job-form.tsx';
import { loadJobState } from './job-state.ts';
import { PricePanel } from './price-panel.tsx';
import { WhatPanel } from './what-panel.tsx';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('queue'))('new.title') };
}

export default async function NewJobPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'job:submit');
  const t = await getTranslations('queue');
  const state = await loadJobState(ctx, await searchParams);
  if (!state) return <Alert>{t('new.missing')}</Alert>;
  const base = `/console/${orgSlug}/queue`;
  return (
    <ClientMessages namespaces={['booking']}>
      <PageHeader
        title={t('new.title')}
        description={t('new.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="grid min-w-0 gap-6">
          <BookingForm path={`${base}/new`} values={state.query} label={t('new.form')} className="min-w-0">
            <WhatPanel state={state} />
            <noscript>
              <button type="submit" className={buttonClass()}>
                {t('new.update')}
              </button>
            </noscript>
          </BookingForm>
          {state.priced && <JobForm state={state} priced={state.priced} orgSlug={orgSlug} />}
        </div>
        <PricePanel state={state} orgSlug={orgSlug} />
      </div>
    </ClientMessages>
  );
}
