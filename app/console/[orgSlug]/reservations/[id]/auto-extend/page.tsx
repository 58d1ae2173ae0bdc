import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { formatUnits } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getOwnLine } from '#lib/billing/receivables/lines.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { usualCap } from '#lib/reservations/auto-extend.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleText } from './rule-text.tsx';

type Props = { params: Promise<{ orgSlug: string; id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('changes'))('autoExtend.title') };
}

export default async function AutoExtendPage({ params }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'reservation:change');
  const found = await findReservationPage(ctx, id);
  if (!found || found.reservation.interval.endAt === null) notFound();
  const { reservation, price } = found;
  const { term, autoExtend } = reservation;
  const [t, c] = [await getTranslations('changes'), await getTranslations('credit')];
  const words = await getTranslations('reservations');
  const termSeconds = price.terms.find((offered) => offered.term === term?.kind)?.termSeconds ?? null;
  const seconds = autoExtend?.stepSeconds ?? termSeconds ?? 3_600;
  const preview = await previewExtension(ctx, { reservationId: id, seconds, line: await getOwnLine(ctx) });
  const crumbs = [
    { label: words('title'), href: `/console/${orgSlug}/reservations` },
    { label: reservation.name, href: `/console/${orgSlug}/reservations/${id}` },
  ];
  return (
    <ClientMessages>
      <PageHeader
        title={t('autoExtend.title')}
        description={t('autoExtend.lead')}
        breadcrumbs={<Breadcrumbs label={words('title')} crumbs={crumbs} />}
      />
      <div className="grid max-w-2xl gap-5">
        <RuleText autoExtend={autoExtend} />
        {preview.ok ? (
          <p className="text-sm text-ink-2">
            {preview.value.payBy === 'account'
              ? c('nextStep', {
                  amount: formatUnits(preview.value.amountUnits),
                  free: formatUnits(preview.value.spendableUnits),
                })
              : t(term ? 'autoExtend.costTerm' : 'autoExtend.cost', {
                  amount: formatUnits(preview.value.amountUnits),
                  wallet: formatUnits(preview.value.spendableUnits),
                })}
          </p>
        ) : (
          <RefusalAlert refusal={refusalText(await requestLocale(), preview.refusal)} />
        )}
        <RuleForm
          orgSlug={orgSlug}
          reservation={reservation}
          usualPrice={usualCap(price, term?.kind ?? null)}
          termSeconds={termSeconds}
        />
      </div>
    </ClientMessages>
  );
}
