import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { formatInstant } from '#components/format/instant.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { SETTLEMENT_ROWS_MAX, SETTLEMENT_TEMPLATE } from '#lib/payments/settlements/parse.ts';
import { listSettlements } from '#lib/payments/settlements/service.ts';
import { PROVIDERS, type SettlementFile } from '#lib/payments/settlements/types.ts';
import { importSettlementAction } from './actions.ts';
import { ImportForm } from './import-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settlements'))('title') };
}

type Texts = Awaited<ReturnType<typeof getTranslations<'settlements'>>>;

function columnsOf(t: Texts): Column<SettlementFile>[] {
  return [
    {
      key: 'name',
      header: t('name'),
      cell: ({ id, name, provider }) => (
        <>
          <TextLink href={`/finance/settlements/${id}`}>{name}</TextLink>
          <span className="block text-xs text-ink-2">{t(`providers.${provider}`)}</span>
        </>
      ),
    },
    {
      key: 'period',
      header: t('period'),
      isWideOnly: true,
      cell: ({ fromAt, untilAt }) => `${formatInstant(fromAt)} – ${formatInstant(untilAt)}`,
    },
    { key: 'rows', header: t('rows'), align: 'end', cell: ({ rows }) => <Count count={BigInt(rows)} /> },
    {
      key: 'imported',
      header: t('imported'),
      cell: ({ importedByName, importedAt }) => t('byAt', { name: importedByName, at: formatInstant(importedAt) }),
    },
  ];
}

export default async function SettlementsPage() {
  const ctx = await staffPage('bankLine:read');
  const [t, r] = [await getTranslations('settlements'), await getTranslations('reconciliation')];
  return (
    <ClientMessages namespaces={['settlements']}>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        breadcrumbs={
          <Breadcrumbs label={t('title')} crumbs={[{ label: r('title'), href: '/finance/reconciliation' }]} />
        }
      />
      <div className="grid gap-6">
        {isPermitted(ctx.actor, 'bankLine:record') && (
          <Panel title={t('importTitle')} description={t('importLead', { rowsMax: SETTLEMENT_ROWS_MAX })}>
            <div className="grid gap-4">
              {PROVIDERS.map((provider) => (
                <ImportForm key={provider} provider={provider} action={importSettlementAction} initial={freshForm()} />
              ))}
              <CodeBlock label={t('template')} text={SETTLEMENT_TEMPLATE} />
            </div>
          </Panel>
        )}
        <Panel title={t('filesTitle')} isFlush>
          <DataTable
            label={t('filesTitle')}
            columns={columnsOf(t)}
            rows={await listSettlements(ctx)}
            rowKey={({ id }) => id}
            empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
          />
        </Panel>
      </div>
    </ClientMessages>
  );
}
