import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { LedgerHeader } from '#components/ledger/ledger-header.tsx';
import { TrialBalancePanel } from '#components/ledger/trial-balance.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { getTrialBalances } from '#lib/ledger/books.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('title') };
}

export default async function LedgerPage() {
  const ctx = await staffPage('ledger:read');
  const t = await getTranslations('ledger');
  const balances = await getTrialBalances(ctx);
  return (
    <>
      <LedgerHeader current="balances" />
      <div className="grid gap-6">
        {balances.map((balance) => (
          <TrialBalancePanel key={balance.asset} balance={balance} />
        ))}
        {balances.length === 0 && (
          <Panel>
            <EmptyState title={t('balance.emptyTitle')} text={t('balance.emptyText')} />
          </Panel>
        )}
      </div>
    </>
  );
}
