import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { formatFen } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getFapiaoAccount, listOpenInvoices } from '#lib/fapiao/requests.ts';
import { listTitles } from '#lib/fapiao/titles.ts';
import { INVOICES_PER_REQUEST_MAX } from '#lib/fapiao/types.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { requestAction } from '../actions.ts';
import { RequestForm } from './request-form.tsx';

type Props = { params: Promise<{ orgSlug: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('request.title') };
}

export default async function RequestPage({ params }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'fapiao:request');
  const t = await getTranslations('fapiao');
  const base = `/console/${orgSlug}/fapiao`;
  const invoices = (await listOpenInvoices(ctx)).slice(0, INVOICES_PER_REQUEST_MAX);
  const titles = await listTitles(ctx);
  const { availableFen } = await getFapiaoAccount(ctx);
  const addTitle = (
    <Link href={`${base}/titles`} className={buttonClass({ variant: 'primary' })}>
      {t('titles.add')}
    </Link>
  );
  return (
    <ClientMessages namespaces={['fapiao']}>
      <PageHeader
        title={t('request.title')}
        description={t('request.lead')}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: base }]} />}
      />
      <Panel>
        {invoices.length === 0 ? (
          <EmptyState title={t('request.noInvoicesTitle')} text={t('request.noInvoicesText')} />
        ) : titles.length === 0 ? (
          <EmptyState title={t('request.noTitleTitle')} text={t('request.noTitleText')} action={addTitle} />
        ) : (
          <RequestForm
            invoices={invoices}
            titles={titles}
            available={formatFen(availableFen)}
            action={requestAction.bind(null, orgSlug)}
            initial={freshForm()}
          />
        )}
      </Panel>
    </ClientMessages>
  );
}
