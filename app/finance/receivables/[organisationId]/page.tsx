import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { TermsDialog } from '#components/finance/terms-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { findAgeing } from '#lib/billing/receivables/service.ts';
import { AGE_BANDS, DUE_DAYS_DEFAULT } from '#lib/billing/receivables/types.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { setTermsAction } from './actions.ts';
import { ItemsTable } from './items-table.tsx';

type Props = { params: Promise<{ organisationId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('receivables'))('title') };
}

export default async function ReceivablePage({ params }: Props) {
  const ctx = await staffPage('ledger:read');
  const { organisationId } = await params;
  const found = await findAgeing(ctx, organisationId);
  if (!found) notFound();
  const { ageing, terms } = found;
  const t = await getTranslations('receivables');
  const canSet = isPermitted(ctx.actor, 'receivable:manage');
  return (
    <ClientMessages namespaces={['receivables']}>
      <PageHeader
        title={ageing.organisationName}
        description={t('asOf', { at: formatInstant(ctx.now) })}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/finance/receivables' }]} />}
        actions={
          canSet && (
            <TermsDialog
              days={ageing.dueDays}
              action={setTermsAction.bind(null, organisationId)}
              initial={freshForm()}
            />
          )
        }
      />
      <StatRow className="mb-6">
        {AGE_BANDS.map((band) => (
          <Stat key={band} label={t(`band.${band}`)} value={<Money units={ageing.byBand[band]} />} />
        ))}
        <Stat label={t('disputed')} value={<Money units={ageing.disputedUnits} />} />
      </StatRow>
      <Panel title={t('itemsTitle')} isFlush className="mb-6">
        <ItemsTable items={ageing.items} />
      </Panel>
      <Panel title={t('termsTitle')} description={t('termsLead', { days: DUE_DAYS_DEFAULT })}>
        {terms.length === 0 && <p className="text-sm text-ink-2">{t('termsEmpty', { days: DUE_DAYS_DEFAULT })}</p>}
        <DefinitionList
          items={terms.map(({ days, reason, setByName, setAt }) => ({
            term: t('days', { days }),
            value: t('termsBy', { name: setByName, at: formatInstant(setAt), reason }),
          }))}
        />
      </Panel>
    </ClientMessages>
  );
}
