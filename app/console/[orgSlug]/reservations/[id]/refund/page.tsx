import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { previewRefund } from '#lib/billing/preview-refund.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { findReservation } from '#lib/reservations/service.ts';
import { RefundPanel } from './refund-panel.tsx';

type Props = { params: Promise<{ orgSlug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('terms'))('title') };
}

export default async function RefundPage({ params }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const found = await findReservation(ctx, id);
  if (!found) notFound();
  const t = await getTranslations('terms');
  const reservations = await getTranslations('reservations');
  const preview = await previewRefund(ctx, { reservationId: id });
  const base = `/console/${orgSlug}/reservations/${id}`;
  const crumbs = [
    { label: reservations('title'), href: `/console/${orgSlug}/reservations` },
    { label: found.name, href: base },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        breadcrumbs={<Breadcrumbs label={reservations('title')} crumbs={crumbs} />}
        badge={<LiveRefresh topics={[`reservation:${id}`, 'clock-stepped', 'usage']} at={ctx.now} />}
      />
      <div className="grid max-w-2xl gap-5">
        {preview.ok ? (
          <RefundPanel orgSlug={orgSlug} reservationId={id} preview={preview.value} />
        ) : (
          <>
            <RefusalAlert refusal={refusalText(await requestLocale(), preview.refusal)} />
            <p>
              <TextLink href={base}>{reservations('backTo')}</TextLink>
            </p>
          </>
        )}
      </div>
    </ClientMessages>
  );
}
