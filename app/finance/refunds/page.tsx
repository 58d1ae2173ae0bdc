import { Undo2 } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatFen } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { payeeText } from '#components/payments/payee-text.ts';
import { RefundBadge } from '#components/payments/refund-badge.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { fen } from '#lib/core/money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listRefunds } from '#lib/payments/carrying-out.ts';
import { listPayers } from '#lib/payments/refunds.ts';
import type { RefundRequest } from '#lib/payments/refund-types.ts';
import { RefundActs } from './refund-acts.tsx';
import { RulePanel } from './rule-panel.tsx';

const ROWS = 25;
const FILTERS = ['open', 'over'] as const;
const STATES = { open: ['asked', 'approved'], over: ['paid', 'failed', 'declined', 'withdrawn'] } as const;

type Row = RefundRequest & { readonly organisationName: string; readonly payers: string };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('refunds'))('title') };
}

async function columnsOf(canAct: boolean): Promise<Column<Row>[]> {
  const t = await getTranslations('refunds');
  return [
    {
      key: 'organisation',
      header: t('columns.organisation'),
      cell: ({ organisationName, reason, payers }) => (
        <>
          {organisationName}
          <span className="block text-xs text-ink-2">{reason}</span>
          {payers !== '' && <span className="block text-xs text-ink-3">{t('finance.came', { payers })}</span>}
        </>
      ),
    },
    {
      key: 'to',
      header: t('columns.to'),
      cell: ({ payee, route, bankReference, endReason }) => (
        <>
          {payee === null ? t(`route.${route}`) : payeeText(payee)}
          <span className="block text-xs text-ink-3">
            {bankReference === null ? endReason : t('reference', { reference: bankReference })}
          </span>
        </>
      ),
    },
    { key: 'at', header: t('columns.at'), isWideOnly: true, cell: ({ askedAt }) => <InstantText at={askedAt} /> },
    { key: 'state', header: t('columns.state'), cell: ({ state }) => <RefundBadge state={state} /> },
    { key: 'amount', header: t('columns.amount'), align: 'end', cell: ({ amountFen }) => <Money fen={amountFen} /> },
    {
      key: 'actions',
      header: <span className="sr-only">{t('columns.actions')}</span>,
      align: 'end',
      cell: (refund) => canAct && <RefundActs refund={refund} />,
    },
  ];
}

/** Each request with whom its organisation's money came from. */
async function rowsOf(ctx: Ctx, rows: Awaited<ReturnType<typeof listRefunds>>['rows']): Promise<Row[]> {
  return Promise.all(
    rows.map(async (row) => {
      const payers = row.route === 'bank' ? await listPayers(ctx, row.organisationId) : [];
      return { ...row, payers: payers.map(({ name, amountFen }) => `${name} ${formatFen(fen(amountFen))}`).join(', ') };
    }),
  );
}

export default async function FinanceRefundsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('refund:read');
  const query = await searchParams;
  const filter = queryChoice(query, 'filter', FILTERS) ?? 'open';
  const page = queryPage(query);
  const t = await getTranslations('refunds');
  const { rows, total } = await listRefunds(ctx, STATES[filter], sliceOf(page, ROWS));
  const href = (chosen: (typeof FILTERS)[number], number: number) =>
    withQuery('/finance/refunds', { filter: chosen === 'open' ? null : chosen, page: number });
  return (
    <ClientMessages namespaces={['refunds', 'terms']}>
      <PageHeader title={t('title')} description={t('finance.lead')} />
      <RulePanel ctx={ctx} />
      <div className="mb-4">
        <TabLinks
          label={t('finance.filter')}
          links={FILTERS.map((each) => ({
            href: href(each, 1),
            label: t(`finance.${each}`),
            isChosen: each === filter,
          }))}
        />
      </div>
      <Panel isFlush>
        <DataTable
          label={t('title')}
          columns={await columnsOf(isPermitted(ctx.actor, 'refund:carryOut'))}
          rows={await rowsOf(ctx, rows)}
          rowKey={({ id }) => id}
          empty={<EmptyState Icon={Undo2} title={t('finance.empty')} text={t('finance.emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours({ page, size: ROWS, total }, (number) => href(filter, number))}
      />
    </ClientMessages>
  );
}
