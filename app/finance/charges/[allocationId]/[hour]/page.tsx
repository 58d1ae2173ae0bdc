import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { revisionOf } from '#app/_edge/origin.ts';
import type { Query } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { ChargeOrigin } from '#components/origin/charge-origin.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { explainCharge } from '#lib/billing/explain/charges.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ allocationId: string; hour: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('steps') };
}

export default async function ChargePage({ params, searchParams }: Props) {
  const ctx = await staffPage('usage:read');
  const { allocationId, hour } = await params;
  const revision = revisionOf(await searchParams);
  const explanation = await explainCharge(ctx, { allocationId, hour: `${hour}:00:00Z`, revision });
  if (explanation === null) notFound();
  const t = await getTranslations('origin');
  const { place, slot, hourAt, reservationName } = explanation.charge;
  return (
    <>
      <PageHeader
        title={t('charge.title', {
          card: `${place} · ${t('charge.slot', { slot: `${slot}` })}`,
          hour: formatInstant(hourAt),
        })}
        description={t('charge.lead', { name: reservationName })}
      />
      <ChargeOrigin explanation={explanation} paths={FINANCE_PATHS} />
    </>
  );
}
