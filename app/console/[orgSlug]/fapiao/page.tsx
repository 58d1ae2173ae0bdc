import { Stamp } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { memberPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { AccountStats } from '#components/fapiao/account-stats.tsx';
import { FapiaoTable } from '#components/fapiao/fapiao-table.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getFapiaoAccount } from '#lib/fapiao/requests.ts';
import { listFapiao } from '#lib/fapiao/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Props = { params: Promise<{ orgSlug: string }>; searchParams: Promise<Query> };

const PAGE_ROWS = 24;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('fapiao'))('title') };
}

export default async function FapiaoPage({ params, searchParams }: Props) {
  const { orgSlug } = await params;
  const ctx = await memberPage(orgSlug, 'fapiao:read');
  const t = await getTranslations('fapiao');
  const base = `/console/${orgSlug}/fapiao`;
  const page = queryPage(await searchParams);
  const { rows, total } = await listFapiao(ctx, {}, sliceOf(page, PAGE_ROWS));
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('lead')}
        actions={
          <>
            <Link href={`${base}/titles`} className={buttonClass()}>
              {t('list.titles')}
            </Link>
            <Link href={`${base}/new`} className={buttonClass({ variant: 'primary' })}>
              {t('list.request')}
            </Link>
          </>
        }
      />
      <AccountStats account={await getFapiaoAccount(ctx)} />
      <Panel isFlush>
        <FapiaoTable
          rows={rows}
          base={base}
          label={t('title')}
          empty={<EmptyState Icon={Stamp} title={t('list.emptyTitle')} text={t('list.emptyText')} />}
        />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('list.pages')}
        {...neighbours({ page, size: PAGE_ROWS, total }, (number) => withQuery(base, { page: number }))}
      />
    </>
  );
}
