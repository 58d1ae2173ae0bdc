import type { Metadata } from 'next';
import { memberPage } from '#app/_edge/access.ts';
import { type Query, queryText, withQuery } from '#app/_edge/paging.ts';
import { Pagination } from '#components/ui/pagination.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listStatement } from '#lib/ledger/statement.ts';
import { AccountPanel } from './account-panel.tsx';
import { ArrearsPanel } from './arrears-panel.tsx';
import { StatementTable } from './statement-table.tsx';
import { WalletHeader } from './wallet-header.tsx';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const PAGE_ROWS = 25;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('wallet'))('title') };
}

export default async function WalletPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'wallet:read');
  const before = queryText(await searchParams, 'before') || null;
  const { entries, next } = await listStatement(ctx, { before, take: PAGE_ROWS });
  const t = await getTranslations('wallet');
  const base = `/console/${orgSlug}`;
  return (
    <>
      <WalletHeader ctx={ctx} base={`${base}/wallet`} chosen="statement" />
      <AccountPanel ctx={ctx} orgSlug={orgSlug} />
      <ArrearsPanel ctx={ctx} />
      <p className="mb-3 text-sm text-ink-2">{t('statement.description')}</p>
      <Panel isFlush>
        <StatementTable ctx={ctx} base={base} entries={entries} />
      </Panel>
      <Pagination
        label={t('statement.pages')}
        previous={before === null ? null : `${base}/wallet`}
        next={next === null ? null : withQuery(`${base}/wallet`, { before: next })}
        previousLabel={t('statement.newest')}
        nextLabel={t('statement.older')}
        className="mt-4"
      />
    </>
  );
}
