import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryChoice, queryText, withQuery } from '#app/_edge/paging.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { AccountsTable } from '#components/ledger/accounts-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listAccounts } from '#lib/ledger/books.ts';
import { ACCOUNT_KINDS } from '#lib/ledger/view-types.ts';

const BASE = '/finance/ledger/accounts';

export async function generateMetadata({ searchParams }: { searchParams: Promise<Query> }): Promise<Metadata> {
  const kind = queryChoice(await searchParams, 'kind', ACCOUNT_KINDS);
  const t = await getTranslations('ledger');
  return { title: kind === null ? t('title') : t(`kind.${kind}`) };
}

export default async function AccountsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('ledger:read');
  const query = await searchParams;
  const kind = queryChoice(query, 'kind', ACCOUNT_KINDS);
  if (kind === null) notFound();
  const asset = queryText(query, 'asset') || null;
  const isEmptyShown = queryText(query, 'empty') === 'yes';
  const before = queryText(query, 'before') || null;
  const t = await getTranslations('ledger');
  const page = await listAccounts(ctx, { kind, asset, isEmptyShown, olderThan: before });
  const href = (empty: boolean, olderThan: string | null) =>
    withQuery(BASE, { kind, asset, empty: empty ? 'yes' : null, before: olderThan });
  return (
    <>
      <PageHeader
        title={t(`kind.${kind}`)}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/finance/ledger' }]} />}
      />
      <div className="mb-4">
        <TabLinks
          label={t('account.balance')}
          links={[
            { href: href(false, null), label: t('account.hideEmpty'), isChosen: !isEmptyShown },
            { href: href(true, null), label: t('account.showEmpty'), isChosen: isEmptyShown },
          ]}
        />
      </div>
      <Panel isFlush>
        <AccountsTable
          rows={page.rows}
          empty={<EmptyState title={t('account.emptyTitle')} text={t('account.emptyText')} />}
        />
      </Panel>
      <Pagination
        className="mt-4"
        label={t('account.pages')}
        previous={before === null ? null : href(isEmptyShown, null)}
        next={page.olderThan === null ? null : href(isEmptyShown, page.olderThan)}
        previousLabel={t('account.newest')}
        nextLabel={t('account.older')}
      />
    </>
  );
}
