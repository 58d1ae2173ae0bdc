import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { type Query, queryChoice, queryText, withQuery } from '#app/_edge/paging.ts';
import { JournalsTable } from '#components/ledger/journals-table.tsx';
import { LedgerHeader } from '#components/ledger/ledger-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { listJournals } from '#lib/ledger/books.ts';
import { JOURNAL_KINDS } from '#lib/ledger/view-types.ts';

const BASE = '/finance/ledger/journals';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('ledger'))('journal.listTitle') };
}

export default async function JournalsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const ctx = await staffPage('ledger:read');
  const query = await searchParams;
  const kind = queryChoice(query, 'kind', JOURNAL_KINDS);
  const before = queryText(query, 'before') || null;
  const t = await getTranslations('ledger');
  const page = await listJournals(ctx, { kind, olderThan: before });
  const kinds = JOURNAL_KINDS.map((value) => ({ value, label: t(`journalKind.${value}`) }));
  return (
    <>
      <LedgerHeader current="journals" />
      <form action={BASE} className="mb-4 flex max-w-sm gap-2">
        <Select
          name="kind"
          aria-label={t('journal.kind')}
          defaultValue={kind ?? ''}
          options={[{ value: '', label: t('journal.allKinds') }, ...kinds]}
          isCompact
        />
        <button type="submit" className={buttonClass()}>
          {t('journal.filter')}
        </button>
      </form>
      <Panel isFlush>
        <JournalsTable
          rows={page.rows}
          empty={<EmptyState title={t('journal.emptyTitle')} text={t('journal.emptyText')} />}
        />
      </Panel>
      <Pagination
        className="mt-4"
        label={t('account.pages')}
        previous={before === null ? null : withQuery(BASE, { kind })}
        next={page.olderThan === null ? null : withQuery(BASE, { kind, before: page.olderThan })}
        previousLabel={t('account.newest')}
        nextLabel={t('account.older')}
      />
    </>
  );
}
