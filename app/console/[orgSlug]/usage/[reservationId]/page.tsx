import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, queryText, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { UsageFoot, usageTail } from '#components/billing/usage-columns.tsx';
import { UsageStats } from '#components/billing/usage-stats.tsx';
import { formatPrice } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { DataTable } from '#components/table/data-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Cell } from '#components/ui/table.tsx';
import Link from 'next/link';
import type { UsageSubject } from '#lib/billing/types.ts';
import { findReservationHours } from '#lib/billing/usage.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { hourColumns } from './hour-columns.tsx';

type Props = {
  params: Promise<{ orgSlug: string; reservationId: string }>;
  searchParams: Promise<Query>;
};

const PAGE_ROWS = 24;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('usage'))('hours.title') };
}

async function subjectText(subject: UsageSubject): Promise<string> {
  const [t, c] = [await getTranslations('usage'), await getTranslations('common')];
  const { cards, model, siteName, purchase, priceE10PerCardHour } = subject;
  return t('hours.description', {
    cards: c('count.cards', { count: cards }),
    model,
    site: (await requestLocale()) === 'zh-CN' ? siteName.zh : siteName.en,
    purchase: t(`purchase.${purchase}`),
    price: formatPrice(priceE10PerCardHour),
  });
}

export default async function ReservationUsagePage({ params, searchParams }: Props) {
  const { orgSlug, reservationId } = await params;
  const ctx = await memberPage(orgSlug, 'usage:read');
  const query = await searchParams;
  const month = queryText(query, 'month') || null;
  const number = queryPage(query);
  const found = await findReservationHours(ctx, { reservationId, month }, sliceOf(number, PAGE_ROWS));
  if (found === null) notFound();
  const t = await getTranslations('usage');
  const base = `/console/${orgSlug}`;
  const path = `${base}/usage/${reservationId}`;
  const tail = usageTail(found.hours, found.totals);
  const monthHref = withQuery(`${base}/usage`, { month });
  const hrefOf = (to: number): string => withQuery(path, { month, page: to });
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: t('title'), href: monthHref },
              ...(month === null ? [] : [{ label: month, href: monthHref }]),
            ]}
          />
        }
        title={found.subject.reservationName}
        description={await subjectText(found.subject)}
        actions={
          <>
            {month !== null && (
              <Link href={path} className={buttonClass({ variant: 'ghost' })}>
                {t('hours.allMonths')}
              </Link>
            )}
            <Link href={`${base}/reservations/${reservationId}`} className={buttonClass()}>
              {t('hours.openReservation')}
            </Link>
          </>
        }
      />
      <UsageStats totals={found.totals} />
      <Panel title={t('hours.title')} isFlush>
        <DataTable
          label={t('hours.title')}
          columns={await hourColumns(path, tail)}
          rows={found.hours}
          rowKey={({ hourAt, bandBps }) => `${hourAt} ${bandBps}`}
          empty={<EmptyState title={t('hours.empty')} text={t('hours.emptyText')} />}
          foot={
            <UsageFoot
              totals={found.totals}
              tail={tail}
              before={
                <>
                  <Cell>{t('total')}</Cell>
                  <Cell colSpan={2} className="max-md:hidden" />
                </>
              }
            />
          }
        />
      </Panel>
      <PageSteps
        label={t('hours.pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: found.total }, hrefOf)}
        className="mt-4"
      />
    </>
  );
}
