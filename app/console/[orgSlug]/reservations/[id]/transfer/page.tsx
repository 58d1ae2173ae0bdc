import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatUnits } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { findReservationMoney } from '#lib/billing/reservation-money.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findReservation } from '#lib/reservations/service.ts';
import { findOfferedTo } from '#lib/reservations/transfers.ts';
import { offerAction, withdrawAction } from './actions.ts';

type Props = { params: Promise<{ orgSlug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('changes'))('transfer.title') };
}

export default async function TransferPage({ params }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const reservation = await findReservation(ctx, id);
  if (!reservation) notFound();
  const base = `/console/${orgSlug}/reservations/${id}`;
  if (reservation.state !== 'confirmed') redirect(base);
  const t = await getTranslations('changes');
  const words = await getTranslations('reservations');
  const to = await findOfferedTo(ctx, id);
  const money = await findReservationMoney(ctx, id);
  const target = { orgSlug, reservationId: id };
  const crumbs = [
    { label: words('title'), href: `/console/${orgSlug}/reservations` },
    { label: reservation.name, href: base },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('transfer.title')}
        description={t('transfer.lead')}
        breadcrumbs={<Breadcrumbs label={words('title')} crumbs={crumbs} />}
        badge={<LiveRefresh topics={[`reservation:${id}`]} at={ctx.now} />}
      />
      <div className="grid max-w-2xl gap-5">
        {to === null ? (
          <Panel>
            <p className="mb-4 text-sm text-ink-2">
              {t('transfer.gains', { amount: formatUnits(money?.hold.leftUnits ?? ZERO_UNITS) })}
            </p>
            <ActionForm
              action={offerAction.bind(null, target)}
              initial={freshForm()}
              className="grid justify-items-start gap-4"
            >
              <TextField
                name="to"
                label={t('transfer.to')}
                hint={t('transfer.toHint')}
                autoComplete="off"
                maxLength={64}
              />
              <SubmitButton size="lg">{t('transfer.offer')}</SubmitButton>
            </ActionForm>
          </Panel>
        ) : (
          <>
            <Alert>{t('transfer.open', { to })}</Alert>
            <ActionForm
              action={withdrawAction.bind(null, target)}
              initial={freshForm()}
              className="grid justify-items-start gap-4"
            >
              <SubmitButton variant="danger-quiet">{t('transfer.withdraw')}</SubmitButton>
            </ActionForm>
          </>
        )}
      </div>
    </ClientMessages>
  );
}
