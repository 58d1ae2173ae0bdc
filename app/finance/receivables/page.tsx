import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { AgeingTable } from '#components/finance/ageing-table.tsx';
import { Agreement } from '#components/finance/control-totals.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnitsExact } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listAgeing } from '#lib/billing/receivables/service.ts';
import { sumUnits, units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { listBalances } from '#lib/ledger/books.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('receivables'))('title') };
}

export default async function ReceivablesPage() {
  const ctx = await staffPage('ledger:read');
  const [t, a] = [await getTranslations('receivables'), await getTranslations('credit')];
  const rows = await listAgeing(ctx);
  // Receivables are debit balances: credits less debits, as the books have them, is what is owed below zero.
  const accounts = await listBalances(ctx, ['receivable', 'receivableDisputed']);
  const ledger = units(accounts.reduce((sum, { balanceUnits }) => sum - balanceUnits, 0n));
  const items = sumUnits(rows.flatMap(({ openUnits, disputedUnits }) => [openUnits, disputedUnits]));
  return (
    <>
      <PageHeader
        title={t('title')}
        description={
          <>
            {t('lead')} {t('asOf', { at: formatInstant(ctx.now) })}
          </>
        }
        actions={
          <Link href="/finance/receivables/lines" className={buttonClass()}>
            {a('finance.title')}
          </Link>
        }
      />
      <Panel title={t('byAge')} isFlush>
        <AgeingTable rows={rows} />
      </Panel>
      <Panel title={t('control')} actions={<Agreement difference={items - ledger} />} className="mt-6">
        <p className="num text-sm text-ink-2">
          {t('controlText', { items: formatUnitsExact(items), ledger: formatUnitsExact(ledger) })}
        </p>
      </Panel>
    </>
  );
}
