import { FileUp } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { getReceiptSummary, listBankLines } from '#lib/payments/bank-lines.ts';
import { BANK_LINE_STATES } from '#lib/payments/types.ts';
import { recordLineAction } from './actions.ts';
import { LinesTable } from './lines-table.tsx';
import { RecordDialog } from './record-dialog.tsx';
import { ReceiptStats } from './receipt-stats.tsx';

const BASE = '/finance/transfers';
const ROWS = 50;
const FILTERS = [...BANK_LINE_STATES, 'all'] as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('receipts'))('list.title') };
}

export default async function TransfersPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('bankLine:read');
  const query = await searchParams;
  const filter = queryChoice(query, 'state', FILTERS) ?? 'unmatched';
  const page = queryPage(query);
  const t = await getTranslations('receipts');
  const summary = await getReceiptSummary(ctx);
  const { rows, total } = await listBankLines(ctx, filter === 'all' ? null : filter, sliceOf(page, ROWS));
  const canRecord = isPermitted(ctx.actor, 'bankLine:record');
  const href = (state: (typeof FILTERS)[number], number: number) =>
    withQuery(BASE, { state: state === 'unmatched' ? null : state, page: number });
  const actions = canRecord && (
    <>
      <Link href={`${BASE}/import`} className={buttonClass()}>
        <FileUp aria-hidden />
        {t('list.import')}
      </Link>
      <RecordDialog
        action={recordLineAction}
        initial={freshForm()}
        nowText={formatInstant(ctx.now).replace(' ', 'T')}
      />
    </>
  );
  return (
    <ClientMessages namespaces={['receipts']}>
      <PageHeader title={t('list.title')} description={t('list.lead')} actions={actions} />
      <ReceiptStats summary={summary} />
      <div className="mb-4">
        <TabLinks
          label={t('list.filter')}
          links={FILTERS.map((state) => ({
            href: href(state, 1),
            label:
              state === 'all'
                ? t('list.state.all')
                : t('list.count', { label: t(`list.state.${state}`), count: summary.lines[state].count }),
            isChosen: state === filter,
          }))}
        />
      </div>
      <Panel isFlush>
        <LinesTable
          rows={rows}
          canMatch={isPermitted(ctx.actor, 'bankLine:match')}
          empty={<EmptyState title={t('list.emptyTitle')} text={t('list.emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('list.pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => href(filter, number))}
      />
    </ClientMessages>
  );
}
