import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryText } from '#app/_edge/paging.ts';
import { AccountsTable } from '#components/ledger/accounts-table.tsx';
import { JournalsTable } from '#components/ledger/journals-table.tsx';
import { LedgerHeader } from '#components/ledger/ledger-header.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { searchBooks } from '#lib/ledger/books.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('search.label') };
}

export default async function LedgerSearchPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('ledger:read');
  const text = queryText(await searchParams, 'q').trim();
  const t = await getTranslations('ledger');
  const { journals, accounts } = await searchBooks(ctx, text);
  const [only] = journals;
  // Who types a whole key or number wants that journal, not a list of one.
  if (only && (only.key === text || only.id === text)) redirect(`/finance/ledger/journals/${only.id}`);
  const isEmpty = journals.length + accounts.length === 0;
  return (
    <>
      <LedgerHeader current={null} text={text} />
      <h2 className="mb-4 text-lg wrap-anywhere">{t('search.title', { text })}</h2>
      <div className="grid gap-6">
        {isEmpty && (
          <Panel>
            <EmptyState title={t('search.emptyTitle')} text={t('search.emptyText')} />
          </Panel>
        )}
        {journals.length > 0 && (
          <Panel title={t('search.journals')} isFlush>
            <JournalsTable rows={journals} empty={null} />
          </Panel>
        )}
        {accounts.length > 0 && (
          <Panel title={t('search.accounts')} isFlush>
            <AccountsTable rows={accounts} empty={null} />
          </Panel>
        )}
      </div>
    </>
  );
}
