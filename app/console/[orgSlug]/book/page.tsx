import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import type { Query } from '#app/_edge/paging.ts';
import { BookingForm } from '#components/booking/booking-form.tsx';
import { parseBookingQuery } from '#components/booking/booking-query.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { loadBooking } from './booking-state.ts';
import { SummaryPanel, TotalBar } from './summary-panel.tsx';
import { WhatPanel } from './what-panel.tsx';
import { WhenPanel } from './when-panel.tsx';

type Props = {
  params: Promise<{ orgSlug: string }>;
  searchParams: Promise<Query>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('booking'))('title') };
}

export default async function BookPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'quote:create');
  const t = await getTranslations('booking');
  const state = await loadBooking(ctx, orgSlug, parseBookingQuery(await searchParams));
  if (!state) return <Alert>{t('calendar.missing')}</Alert>;
  const { week, ...values } = state.query;
  return (
    <ClientMessages namespaces={['booking']}>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={<LiveRefresh topics={[`availability:${state.sku.poolId}`]} at={state.now} />}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_23rem]">
        <TotalBar state={state} />
        <BookingForm
          path={`/console/${orgSlug}/book`}
          values={values}
          label={t('form')}
          className="grid min-w-0 gap-6 max-lg:**:scroll-mt-14"
        >
          {/* A week that is only looked at stays in sight; with a start of its own the calendar follows that. */}
          {week !== '' && values.when === 'now' && <input type="hidden" name="week" value={week} />}
          <WhatPanel state={state} />
          <WhenPanel state={state} />
          <noscript>
            <button type="submit" className={buttonClass()}>
              {t('summary.update')}
            </button>
          </noscript>
        </BookingForm>
        <SummaryPanel state={state} />
      </div>
    </ClientMessages>
  );
}
