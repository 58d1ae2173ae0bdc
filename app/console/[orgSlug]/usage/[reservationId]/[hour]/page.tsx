import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { UsageStats } from '#components/billing/usage-stats.tsx';
import { formatCount } from '#components/format/digits.ts';
import { ExactMoney, tailDigits } from '#components/format/exact-money.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatPrice } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { AskLink } from '#components/origin/ask-link.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { CardCharge } from '#lib/billing/types.ts';
import { findHourCards, type HourCards } from '#lib/billing/usage.ts';
import { toDecimal } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = {
  params: Promise<{ orgSlug: string; reservationId: string; hour: string }>;
  searchParams: Promise<Query>;
};

const PAGE_ROWS = 32;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('usage'))('hours.title') };
}

const percent = (bps: number): string => `${toDecimal(BigInt(bps), 2, 0)}%`;

async function cardColumns(cards: readonly CardCharge[], path: string): Promise<Column<CardCharge>[]> {
  const toDateTail = tailDigits(cards.map(({ chargedToDateUnits }) => chargedToDateUnits));
  const amountTail = tailDigits(cards.map(({ amountUnits }) => amountUnits));
  const [t, o] = [await getTranslations('usage'), await getTranslations('origin')];
  const seconds = (pick: (card: CardCharge) => number) => (card: CardCharge) =>
    `${formatCount(pick(card))} ${t('hour.seconds')}`;
  return [
    {
      key: 'place',
      header: t('hour.place'),
      cell: ({ place, slot }) => (
        <span className="num whitespace-nowrap">
          {place} · {t('hour.slot', { slot: `${slot}` })}
        </span>
      ),
    },
    {
      key: 'from',
      header: t('hour.from'),
      isWideOnly: true,
      cell: ({ startAt, endAt }) => (
        <span className="num whitespace-nowrap">
          {formatInstant(startAt, 'seconds').slice(11)} – {formatInstant(endAt, 'seconds').slice(11)}
        </span>
      ),
    },
    { key: 'used', header: t('used'), align: 'end', cell: seconds((card) => card.usedSeconds) },
    { key: 'unused', header: t('unused'), align: 'end', isWideOnly: true, cell: seconds((card) => card.unusedSeconds) },
    { key: 'down', header: t('down'), align: 'end', isWideOnly: true, cell: seconds((card) => card.downSeconds) },
    {
      key: 'toDate',
      header: t('hour.toDate'),
      align: 'end',
      isWideOnly: true,
      cell: ({ chargedToDateUnits }) => <ExactMoney units={chargedToDateUnits} tail={toDateTail} />,
    },
    {
      key: 'amount',
      header: t('amount'),
      align: 'end',
      cell: ({ amountUnits, allocationId, revision, place, slot }) => (
        <>
          <ExactMoney units={amountUnits} tail={amountTail} />
          <span className="block">
            <AskLink
              href={withQuery(`${path}/${allocationId}`, { revision: revision === 0 ? null : revision })}
              what={o('askCharge', { card: `${place} · ${t('hour.slot', { slot: `${slot}` })}` })}
            />
          </span>
        </>
      ),
    },
  ];
}

async function Formula({ subject, cards }: HourCards) {
  const t = await getTranslations('usage');
  const price = formatPrice(subject.priceE10PerCardHour);
  return (
    <Panel title={t('hour.formula')} className="mt-6">
      <p className="max-w-[80ch] text-sm text-ink-2">
        {subject.purchase === 'by-card'
          ? t('hour.formulaByCard')
          : t('hour.formulaByHour', { price, band: percent(cards[0]?.bandBps ?? 10_000) })}
      </p>
    </Panel>
  );
}

export default async function HourPage({ params, searchParams }: Props) {
  const { orgSlug, reservationId, hour } = await params;
  const ctx = await memberPage(orgSlug, 'usage:read');
  const number = queryPage(await searchParams);
  const found = await findHourCards(ctx, { reservationId, hour: `${hour}:00:00Z` }, sliceOf(number, PAGE_ROWS));
  const first = found?.cards[0];
  if (found === null || first === undefined) notFound();
  const t = await getTranslations('usage');
  const base = `/console/${orgSlug}/usage`;
  const month = monthOf(first.startAt);
  const name = found.subject.reservationName;
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: t('title'), href: withQuery(base, { month }) },
              { label: name, href: withQuery(`${base}/${reservationId}`, { month }) },
            ]}
          />
        }
        title={t('hour.title', { hour: `${formatInstant(first.startAt).slice(0, 13)}:00` })}
        description={t('hour.description', { name })}
      />
      <UsageStats totals={found.totals} />
      <Panel isFlush>
        <DataTable
          label={t('hours.cards')}
          columns={await cardColumns(found.cards, `${base}/${reservationId}/${hour}`)}
          rows={found.cards}
          rowKey={({ allocationId, revision }) => `${allocationId} ${revision}`}
          empty={null}
        />
      </Panel>
      <PageSteps
        label={t('hour.pages')}
        {...neighbours({ page: number, size: PAGE_ROWS, total: found.total }, (page) =>
          withQuery(`${base}/${reservationId}/${hour}`, { page }),
        )}
        className="mt-4"
      />
      <Formula {...found} />
    </>
  );
}
