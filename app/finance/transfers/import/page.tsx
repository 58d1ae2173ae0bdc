import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { STATEMENT_ROWS_MAX, STATEMENT_TEMPLATE } from '#lib/payments/statement.ts';
import { importAction, previewAction } from './actions.ts';
import { ImportStatement } from './import-statement.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('receipts'))('statement.title') };
}

export default async function ImportPage() {
  await staffPage('bankLine:record');
  const t = await getTranslations('receipts');
  return (
    <ClientMessages namespaces={['receipts']}>
      <PageHeader
        title={t('statement.title')}
        description={t('statement.lead')}
        breadcrumbs={
          <Breadcrumbs label={t('list.title')} crumbs={[{ label: t('list.title'), href: '/finance/transfers' }]} />
        }
      />
      <div className="grid gap-6">
        <ImportStatement
          rowsMax={STATEMENT_ROWS_MAX}
          preview={previewAction}
          record={importAction}
          initial={freshForm()}
        />
        <Panel title={t('statement.columnsTitle')} description={t('statement.columnsLead')}>
          <CodeBlock
            label={t('statement.template')}
            text={`${STATEMENT_TEMPLATE}B20261121001,2026-11-21 14:00:00,1280.00,深圳某某科技有限公司,KS-7F3K-9QXM`}
          />
        </Panel>
      </div>
    </ClientMessages>
  );
}
