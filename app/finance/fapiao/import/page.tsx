import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { RESULT_COLUMNS } from '#lib/fapiao/columns.ts';
import { RESULT_ROWS_MAX } from '#lib/fapiao/results-file.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { importAction, previewAction } from './actions.ts';
import { ImportResults } from './import-results.tsx';

const EXAMPLE = 'FP20261200000001,1280.00,26442000000012345678,2026-12-02,,';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('results.title') };
}

export default async function ImportPage() {
  await staffPage('fapiao:issue');
  const t = await getTranslations('fapiao');
  return (
    <ClientMessages namespaces={['fapiao']}>
      <PageHeader
        title={t('results.title')}
        description={t('results.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/finance/fapiao' }]} />}
      />
      <div className="grid gap-6">
        <ImportResults rowsMax={RESULT_ROWS_MAX} preview={previewAction} take={importAction} initial={freshForm()} />
        <Panel title={t('results.columnsTitle')} description={t('results.columnsLead')}>
          <CodeBlock label={t('results.template')} text={`${RESULT_COLUMNS.join(',')}\n${EXAMPLE}`} />
        </Panel>
      </div>
    </ClientMessages>
  );
}
