import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryChoice, queryPage, withQuery } from '#app/_edge/paging.ts';
import { formatCount } from '#components/format/digits.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { ReservationBadge } from '#components/reservations/reservation-badge.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { findReservationMoney } from '#lib/billing/reservation-money.ts';
import { listSkus } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { findAsked, findReservationPage } from '#lib/reservations/detail.ts';
import { AccessTab } from './access-tab.tsx';
import { Asked } from './asked.tsx';
import { CardsTab } from './cards-tab.tsx';
import { HeaderActions } from './header-actions.tsx';
import { Overview } from './overview.tsx';
import { WorkloadsTab } from './workloads-tab.tsx';

const TABS = ['overview', 'cards', 'access', 'workloads'] as const;
/**
 * How often the page looks by itself: while it shows measurements, and until the money is final, because settling may be
 * announced between rendering the page and opening its stream.
 */
const LOOK_SECONDS = 3;

type Props = { params: Promise<{ orgSlug: string; id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reservations'))('title') };
}

export default async function ReservationPage({ params, searchParams }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:read');
  const found = await findReservationPage(ctx, id);
  if (!found) {
    const asked = await findAsked(ctx, id);
    return asked ? <Asked ctx={ctx} orgSlug={orgSlug} id={id} asked={asked} /> : notFound();
  }
  const query = await searchParams;
  const tab = queryChoice(query, 'tab', TABS) ?? 'overview';
  const { reservation } = found;
  const { name, state, skuId, cards, purchase, settledAt } = reservation;
  const t = await getTranslations('reservations');
  const language = (await requestLocale()) === 'en' ? 'en' : 'zh';
  const sku = (await listSkus(ctx)).find((each) => each.id === skuId) ?? null;
  const money = await findReservationMoney(ctx, id);
  const base = `/console/${orgSlug}/reservations/${id}`;
  const what = sku === null ? skuId : `${sku.model.name} · ${sku.siteName[language]}`;
  const shared = { ctx, orgSlug, found, page: queryPage(query), base };
  return (
    <ClientMessages>
      <PageHeader
        title={name}
        breadcrumbs={
          <Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: `/console/${orgSlug}/reservations` }]} />
        }
        badge={
          <>
            <ReservationBadge state={state} />
            <LiveRefresh
              topics={[`reservation:${id}`, 'usage', 'clock-stepped']}
              {...(state !== 'confirmed' && settledAt === null && { everySeconds: LOOK_SECONDS })}
              at={ctx.now}
            />
          </>
        }
        description={`${formatCount(cards)} × ${what} · ${t(`purchase.${purchase}`)}`}
        actions={<HeaderActions ctx={ctx} orgSlug={orgSlug} reservation={reservation} hold={money?.hold ?? null} />}
      />
      <TabLinks
        label={t('tab.label')}
        links={TABS.map((each) => ({
          href: withQuery(base, { tab: each === 'overview' ? null : each }),
          label: t(`tab.${each}`),
          isChosen: each === tab,
        }))}
      />
      <div className="mt-5">
        {tab === 'overview' && <Overview {...shared} money={money} what={what} />}
        {tab === 'cards' && <CardsTab {...shared} />}
        {tab === 'access' && <AccessTab {...shared} />}
        {tab === 'workloads' && <WorkloadsTab {...shared} />}
      </div>
    </ClientMessages>
  );
}
