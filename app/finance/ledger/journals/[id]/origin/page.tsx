import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryPage, sliceOf } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { CHARGE_PAGE_ROWS } from '#components/origin/journal-charges.tsx';
import { JournalOrigin } from '#components/origin/journal-origin.tsx';
import { FINANCE_PATHS } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { explainJournal, listJournalCharges } from '#lib/billing/explain/journals.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('journal.why') };
}

export default async function JournalOriginPage({ params, searchParams }: Props) {
  const ctx = await staffPage('ledger:read');
  const { id } = await params;
  const explanation = await explainJournal(ctx, id);
  if (explanation === null) notFound();
  const page = queryPage(await searchParams);
  const charges = await listJournalCharges(ctx, id, sliceOf(page, CHARGE_PAGE_ROWS));
  const [t, l] = [await getTranslations('origin'), await getTranslations('ledger')];
  return (
    <>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={l('title')}
            crumbs={[
              { label: l('title'), href: '/finance/ledger' },
              { label: l('journal.listTitle'), href: '/finance/ledger/journals' },
              { label: l('journal.titleOf', { id }), href: `/finance/ledger/journals/${id}` },
            ]}
          />
        }
        title={t('journal.title', { id })}
        description={l(`journalKind.${explanation.journal.kind}`)}
      />
      <JournalOrigin explanation={explanation} charges={charges} page={page} paths={FINANCE_PATHS} />
    </>
  );
}
