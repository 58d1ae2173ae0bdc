import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { skuText } from '#components/agreements/agreement-text.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { proposeAgreementAction } from '../actions.ts';
import { AgreementForm } from './agreement-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('agreements'))('form.title') };
}

export default async function NewAgreementPage() {
  const ctx = await staffPage('priceAgreement:propose');
  const [t, locale] = [await getTranslations('agreements'), await requestLocale()];
  const skus = (await listSkus(ctx)).map((sku) => ({ value: sku.id, label: skuText(t, locale, sku) }));
  return (
    <ClientMessages namespaces={['agreements']}>
      <PageHeader
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/finance/agreements' }]} />}
        title={t('form.title')}
        description={t('form.lead')}
      />
      <Panel className="max-w-3xl">
        <AgreementForm action={proposeAgreementAction} initial={freshForm()} skus={skus} />
      </Panel>
    </ClientMessages>
  );
}
