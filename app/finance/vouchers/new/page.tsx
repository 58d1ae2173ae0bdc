import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { toLocalField } from '#components/form/local-time.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { scopeNames } from '#components/vouchers/scope-text.ts';
import { listSkus } from '#lib/catalog/service.ts';
import { DAY_MS, floorToHour, plusMs } from '#lib/core/instant.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { createProgrammeAction } from '../actions.ts';
import { ProgrammeForm } from './programme-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('vouchers'))('form.title') };
}

const DAYS = 90;

export default async function NewProgrammePage() {
  const ctx = await staffPage('voucherProgramme:manage');
  const t = await getTranslations('vouchers');
  const names = scopeNames(await listSkus(ctx), await requestLocale());
  const from = floorToHour(ctx.now);
  return (
    <ClientMessages namespaces={['vouchers']}>
      <PageHeader
        breadcrumbs={
          <Breadcrumbs
            label={t('programmes.title')}
            crumbs={[{ label: t('programmes.title'), href: '/finance/vouchers' }]}
          />
        }
        title={t('form.title')}
        description={t('form.lead')}
      />
      <Panel className="max-w-3xl">
        <ProgrammeForm
          action={createProgrammeAction}
          initial={freshForm()}
          sites={[...names.sites]}
          models={[...names.models]}
          validFrom={toLocalField(from)}
          validUntil={toLocalField(plusMs(from, DAYS * DAY_MS))}
        />
      </Panel>
    </ClientMessages>
  );
}
