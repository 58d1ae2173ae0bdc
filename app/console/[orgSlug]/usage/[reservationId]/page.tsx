import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { UsageFoot, usageColumns, usageTail } from '#components/billing/usage-columns.tsx';
import { UsageStats } from '#components/billing/usage-stats.tsx';
import { formatCount } from '#components/format/digits.ts';
import { formatInstant, formatTimeOfDay } from '#components/format/instant.ts';
import { formatPrice } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import Link from 'next/link';
import type { HourCharges, UsageSubject } from '#lib/billing/types.ts';
import { findReservationHours } from '#lib/billing/usage.ts';
import { HOUR_MS, instant, toIso } from '#lib/core/instant.ts';
import { toDecimal } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';

type Props = {
  params: Promise<{ orgSlug: string; reservationId: string }>;
  searchParams: Promise<{ month?: string; page?: string }>;
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

async function hourColumns(path: string, tail: number): Promise<Column<HourCharges>[]> {
  const t = await getTranslations('usage');
  return [
    {
      key: 'hour',
      header: t('hours.hour'),
      cell: ({ hourAt }) => {
        const text = `${formatInstant(hourAt)} – ${formatTimeOfDay(instant(hourAt + HOUR_MS))}`;
        return (
          <TextLink
            href={`${path}/${toIso(hourAt).slice(0, 13)}`}
            className="num whitespace-nowrap"
            aria-label={t('hours.show', { hour: text })}
          >
            {text}
          </TextLink>
        );
      },
    },
    { key: 'cards', header: t('hours.cards'), align: 'end', isWideOnly: true, cell: ({ cards }) => formatCount(cards) },
    {
      key: 'band',
      header: t('hours.band'),
      align: 'end',
      isWideOnly: true,
      cell: ({ bandBps }) => `${toDecimal(BigInt(bandBps), 2, 0)}%`,
    },
    ...(await usageColumns(tail)),
  ];
}

export default async function ReservationUsagePage({ params, searchParams }: Props) {
  const { orgSlug, reservationId } = await params;
  const ctx = await memberPage(orgSlug, 'usage:read');
  const { month, page } = await searchParams;
  const number = queryPage({ page });
  const found = await findReservationHours(ctx, { reservationId, month: month ?? null }, sliceOf(number, PAGE_ROWS));
  if (found === null) notFound();
  const [t, c] = [await getTranslations('usage'), await getTranslations('common')];
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
              ...(month === undefined ? [] : [{ label: month, href: monthHref }]),
            ]}
          />
        }
        title={found.subject.reservationName}
        description={await subjectText(found.subject)}
        actions={
          <>
            {month !== undefined && (
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
      <Pagination
        label={t('hours.pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: found.total }, hrefOf)}
        previousLabel={c('action.previous')}
        nextLabel={c('action.next')}
        className="mt-4"
      />
    </>
  );
}
