import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryText, withQuery } from '#app/_edge/paging.ts';
import { LedgerAmount } from '#components/format/ledger-amount-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { BalanceText } from '#components/ledger/balance-text.tsx';
import { PostingsTable } from '#components/ledger/postings-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findAccount } from '#lib/ledger/books.ts';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('search.accounts') };
}

export default async function AccountPage({ params, searchParams }: Props) {
  const ctx = await staffPage('ledger:read');
  const { id } = await params;
  const before = queryText(await searchParams, 'before') || null;
  const found = await findAccount(ctx, id, before);
  if (!found) notFound();
  const { account, postings } = found;
  const t = await getTranslations('ledger');
  const base = `/finance/ledger/accounts/${id}`;
  const kindHref = withQuery('/finance/ledger/accounts', { kind: account.kind, asset: account.asset });
  return (
    <>
      <PageHeader
        title={<span className="font-mono text-lg wrap-anywhere">{account.path}</span>}
        breadcrumbs={
          <Breadcrumbs
            label={t('title')}
            crumbs={[
              { label: t('title'), href: '/finance/ledger' },
              { label: t(`kind.${account.kind}`), href: kindHref },
            ]}
          />
        }
      />
      <StatRow className="mb-6 max-sm:grid-cols-1">
        <Stat
          label={t('account.balance')}
          value={<BalanceText amount={account.balanceUnits} asset={account.asset} />}
          note={account.isLocked ? t('balance.kept') : t('balance.derived')}
        />
        <Stat label={t('account.owner')} value={account.organisationName ?? t('account.noOwner')} />
        {account.minimumUnits !== null && (
          <Stat
            label={t('account.minimum')}
            value={<LedgerAmount amount={account.minimumUnits} asset={account.asset} />}
          />
        )}
      </StatRow>
      <Panel title={t('account.postings')} description={t('account.postingsLead')} isFlush>
        <PostingsTable rows={postings.rows} asset={account.asset} />
      </Panel>
      <Pagination
        className="mt-4"
        label={t('account.pages')}
        previous={before === null ? null : base}
        next={postings.olderThan === null ? null : withQuery(base, { before: postings.olderThan })}
        previousLabel={t('account.newest')}
        nextLabel={t('account.older')}
      />
    </>
  );
}
