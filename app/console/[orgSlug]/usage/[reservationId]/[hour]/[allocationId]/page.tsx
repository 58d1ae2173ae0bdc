import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { revisionOf } from '#app/_edge/origin.ts';
import { type Query, withQuery } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { ChargeOrigin } from '#components/origin/charge-origin.tsx';
import { consolePaths } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { explainCharge } from '#lib/billing/explain/charges.ts';
import { monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = {
  params: Promise<{ orgSlug: string; reservationId: string; hour: string; allocationId: string }>;
  searchParams: Promise<Query>;
};

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('steps') };
}

export default async function ChargePage({ params, searchParams }: Props) {
  const { orgSlug, reservationId, hour, allocationId } = await params;
  const ctx = await memberPage(orgSlug, 'usage:read');
  const revision = revisionOf(await searchParams);
  const explanation = await explainCharge(ctx, { allocationId, hour: `${hour}:00:00Z`, revision });
  if (explanation === null || explanation.charge.reservationId !== reservationId) notFound();
  const [t, u] = [await getTranslations('origin'), await getTranslations('usage')];
  const base = `/console/${orgSlug}`;
  const { place, slot, hourAt, reservationName } = explanation.charge;
  const month = monthOf(hourAt);
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={u('title')}
            crumbs={[
              { label: u('title'), href: withQuery(`${base}/usage`, { month }) },
              { label: reservationName, href: withQuery(`${base}/usage/${reservationId}`, { month }) },
              { label: formatInstant(hourAt), href: `${base}/usage/${reservationId}/${hour}` },
            ]}
          />
        }
        title={t('charge.title', {
          card: `${place} · ${t('charge.slot', { slot: `${slot}` })}`,
          hour: formatInstant(hourAt),
        })}
        description={t('charge.lead', { name: reservationName })}
      />
      <ChargeOrigin explanation={explanation} paths={consolePaths(base)} />
    </>
  );
}
