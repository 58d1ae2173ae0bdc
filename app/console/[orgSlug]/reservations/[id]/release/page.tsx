import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { previewRelease } from '#lib/billing/reservation-money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import { ReleasePanel } from './release-panel.tsx';

/** What would be charged grows by the second; the page looks this often. */
const LOOK_SECONDS = 5;

type Props = { params: Promise<{ orgSlug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('reservations'))('release.title') };
}

export default async function ReleasePage({ params }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const found = await findReservationPage(ctx, id);
  if (!found) notFound();
  const t = await getTranslations('reservations');
  const preview = await previewRelease(ctx, { reservationId: id });
  const base = `/console/${orgSlug}/reservations/${id}`;
  const crumbs = [
    { label: t('title'), href: `/console/${orgSlug}/reservations` },
    { label: found.reservation.name, href: base },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('release.title')}
        description={t('release.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={crumbs} />}
        badge={<LiveRefresh topics={[`reservation:${id}`, 'clock-stepped']} everySeconds={LOOK_SECONDS} at={ctx.now} />}
      />
      <div className="grid max-w-2xl gap-5">
        {preview.ok ? (
          <ReleasePanel orgSlug={orgSlug} reservationId={id} preview={preview.value} />
        ) : (
          <>
            <RefusalAlert refusal={refusalText(await requestLocale(), preview.refusal)} />
            <p>
              <TextLink href={base}>{t('backTo')}</TextLink>
            </p>
          </>
        )}
      </div>
    </ClientMessages>
  );
}
