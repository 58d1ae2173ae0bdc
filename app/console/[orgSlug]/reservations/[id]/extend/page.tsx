import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { ExtensionForm } from './extension-form.tsx';
import { ExtensionPrice } from './extension-price.tsx';

/** Ninety days in hours: nothing is sold beyond. */
const HOURS_MAX = 2_160;
const DEFAULT_HOURS = 1;

type Props = { params: Promise<{ orgSlug: string; id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reservations'))('extend.title') };
}

/** Seconds of one more term of what is sold by the card now; 0 when that term is not sold any more. */
async function termSeconds(ctx: Ctx, { skuId, term }: ReservationView): Promise<number> {
  const sku = (await listSkus(ctx)).find(({ id }) => id === skuId);
  return sku?.price?.terms.find((offered) => offered.term === term?.kind)?.termSeconds ?? 0;
}

export default async function ExtendPage({ params, searchParams }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const found = await findReservationPage(ctx, id);
  const endAt = found?.reservation.interval.endAt ?? null;
  if (!found || endAt === null) notFound();
  const { reservation } = found;
  const t = await getTranslations('reservations');
  const typed = queryText(await searchParams, 'hours') || `${DEFAULT_HOURS}`;
  const hours = /^[1-9]\d{0,3}$/.test(typed) ? Number.parseInt(typed, 10) : 0;
  const isHours = hours >= 1 && hours <= HOURS_MAX;
  const seconds = reservation.term ? await termSeconds(ctx, reservation) : hours * 3_600;
  const base = `/console/${orgSlug}/reservations/${id}`;
  const crumbs = [
    { label: t('title'), href: `/console/${orgSlug}/reservations` },
    { label: reservation.name, href: base },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('extend.title')}
        description={t('extend.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={crumbs} />}
      />
      <div className="grid max-w-2xl gap-5">
        <ExtensionForm
          base={base}
          term={reservation.term?.kind ?? null}
          typed={typed}
          error={reservation.term || isHours ? null : t('extend.badHours')}
          end={<InstantText at={endAt} />}
        />
        {(reservation.term || isHours) && (
          <ExtensionPrice ctx={ctx} orgSlug={orgSlug} reservation={reservation} seconds={seconds} />
        )}
      </div>
    </ClientMessages>
  );
}
