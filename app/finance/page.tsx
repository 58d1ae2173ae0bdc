import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { InvoicesTable } from '#components/finance/invoices-table.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listInvoices } from '#lib/billing/invoices.ts';
import { listPeriods } from '#lib/billing/periods.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listBalances } from '#lib/ledger/books.ts';
import { getReceiptSummary, listBankLines } from '#lib/payments/bank-lines.ts';
import { HomeStats } from './home-stats.tsx';
import { OpenPeriods } from './open-periods.tsx';
import { LinesTable } from './transfers/lines-table.tsx';

const SHOWN = 5;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('home.title') };
}

export default async function FinancePage() {
  const ctx = await staffPage('period:read');
  const t = await getTranslations('finance');
  const page = { skip: 0, take: SHOWN };
  const periods = await listPeriods(ctx);
  const waiting = await listBankLines(ctx, 'unmatched', page);
  const invoices = await listInvoices(ctx, {}, page);
  return (
    <ClientMessages namespaces={['receipts']}>
      <PageHeader
        title={t('home.title')}
        description={t('home.asOf', { at: formatInstant(ctx.now) })}
        actions={<LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
      />
      <HomeStats
        receipts={await getReceiptSummary(ctx)}
        balances={await listBalances(ctx, ['suspense', 'wallet', 'hold', 'commitment'])}
        periods={periods}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <Panel
          title={t('home.receiptsTitle')}
          description={t('home.receiptsLead')}
          actions={<TextLink href="/finance/transfers">{t('home.all')}</TextLink>}
          isFlush
        >
          <LinesTable
            rows={waiting.rows}
            canMatch={isPermitted(ctx.actor, 'bankLine:match')}
            isCompact
            empty={<EmptyState title={t('home.receiptsEmpty')} text={t('home.receiptsEmptyText')} />}
          />
        </Panel>
        <Panel
          title={t('home.periodsTitle')}
          description={t('home.periodsLead')}
          actions={<TextLink href="/finance/periods">{t('home.all')}</TextLink>}
          isFlush
        >
          <OpenPeriods periods={periods} />
        </Panel>
      </div>
      <Panel
        title={t('home.invoicesTitle')}
        actions={<TextLink href="/finance/invoices">{t('home.all')}</TextLink>}
        isFlush
        className="mt-6"
      >
        <InvoicesTable
          rows={invoices.rows}
          empty={<EmptyState title={t('home.invoicesEmpty')} text={t('home.invoicesEmptyText')} />}
        />
      </Panel>
    </ClientMessages>
  );
}
