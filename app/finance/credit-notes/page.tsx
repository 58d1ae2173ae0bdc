import { FileMinus2 } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { CreditNotesTable } from '#components/finance/credit-notes-table.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listCreditNotes } from '#lib/billing/credit-notes/reading.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const BASE = '/finance/credit-notes';
const ROWS = 50;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('corrections'))('credit.title') };
}

export default async function CreditNotesPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('invoice:read');
  const page = queryPage(await searchParams);
  const t = await getTranslations('corrections');
  const { rows, total } = await listCreditNotes(ctx, {}, sliceOf(page, ROWS));
  return (
    <>
      <PageHeader title={t('credit.title')} description={t('credit.lead')} />
      <Panel isFlush>
        <CreditNotesTable
          label={t('credit.title')}
          rows={rows}
          empty={<EmptyState Icon={FileMinus2} title={t('credit.empty')} text={t('credit.emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('credit.pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => withQuery(BASE, { page: number }))}
      />
    </>
  );
}
