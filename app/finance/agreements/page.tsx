import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { staffPage } from '#app/_edge/access.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listAgreements } from '#lib/catalog/agreements.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { AgreementsTable } from './agreements-table.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('agreements'))('title') };
}

export default async function AgreementsPage() {
  const ctx = await staffPage('priceAgreement:read');
  const t = await getTranslations('agreements');
  const actions = isPermitted(ctx.actor, 'priceAgreement:propose') && (
    <Link href="/finance/agreements/new" className={buttonClass({ variant: 'primary' })}>
      <Plus aria-hidden />
      {t('add')}
    </Link>
  );
  return (
    <ClientMessages namespaces={['agreements']}>
      <PageHeader title={t('title')} description={t('lead')} actions={actions} />
      <Panel isFlush>
        <AgreementsTable
          ctx={ctx}
          rows={await listAgreements(ctx)}
          empty={{ title: t('empty'), text: t('emptyText') }}
        />
      </Panel>
      <p className="mt-4 text-xs text-ink-2">{t('order')}</p>
    </ClientMessages>
  );
}
