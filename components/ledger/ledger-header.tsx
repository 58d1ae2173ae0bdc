import { Search } from 'lucide-react';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Input } from '#components/ui/input.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

const BASE = '/finance/ledger';
const VIEWS = [
  { view: 'balances', href: BASE },
  { view: 'journals', href: `${BASE}/journals` },
  { view: 'proofs', href: `${BASE}/proofs` },
] as const;

export type LedgerView = (typeof VIEWS)[number]['view'];

/** The search through the books: a plain form, so that a result has an address. */
async function LedgerSearch({ text }: { text: string }) {
  const t = await getTranslations('ledger');
  return (
    <search>
      <form action={`${BASE}/search`} className="flex w-full gap-2 sm:w-auto">
        <Input
          type="search"
          name="q"
          defaultValue={text}
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          className="min-w-0 sm:w-96"
        />
        <button type="submit" className={cn(buttonClass(), 'h-9')}>
          <Search aria-hidden />
          {t('search.submit')}
        </button>
      </form>
    </search>
  );
}

/** The head of the ledger's pages: what it is, the search, and the views. */
export async function LedgerHeader({ current, text = '' }: { current: LedgerView | null; text?: string }) {
  const t = await getTranslations('ledger');
  return (
    <>
      <PageHeader title={t('title')} description={t('lead')} actions={<LedgerSearch text={text} />} />
      <div className="mb-6">
        <TabLinks
          label={t('views')}
          links={VIEWS.map(({ view, href }) => ({ href, label: t(`view.${view}`), isChosen: view === current }))}
        />
      </div>
    </>
  );
}
