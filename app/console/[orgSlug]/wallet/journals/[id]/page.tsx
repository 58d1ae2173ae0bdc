import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryPage, sliceOf } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { CHARGE_PAGE_ROWS } from '#components/origin/journal-charges.tsx';
import { JournalOrigin } from '#components/origin/journal-origin.tsx';
import { consolePaths } from '#components/origin/origin-paths.ts';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { explainJournal, listJournalCharges } from '#lib/billing/explain/journals.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ orgSlug: string; id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('origin'))('journal.why') };
}

export default async function JournalPage({ params, searchParams }: Props) {
  const { orgSlug, id } = await params;
  const ctx = await memberPage(orgSlug, 'wallet:read');
  const explanation = await explainJournal(ctx, id);
  if (explanation === null) notFound();
  const page = queryPage(await searchParams);
  const charges = await listJournalCharges(ctx, id, sliceOf(page, CHARGE_PAGE_ROWS));
  const [t, w, l] = [await getTranslations('origin'), await getTranslations('wallet'), await getTranslations('ledger')];
  const base = `/console/${orgSlug}`;
  return (
    <>
      <PageHeader
        breadcrumbs={<Breadcrumbs label={w('title')} crumbs={[{ label: w('title'), href: `${base}/wallet` }]} />}
        title={t('journal.title', { id })}
        description={l(`journalKind.${explanation.journal.kind}`)}
      />
      <JournalOrigin explanation={explanation} charges={charges} page={page} paths={consolePaths(base)} />
    </>
  );
}
