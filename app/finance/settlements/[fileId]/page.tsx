import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { neighbours, type Query, queryChoice, queryPage, sliceOf, withQuery } from '#app/_edge/paging.ts';
import { formatInstant } from '#components/format/instant.ts';
import { formatFen } from '#components/format/money.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { PageSteps } from '#components/ui/page-steps.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TabLinks } from '#components/ui/tabs.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findSettlement } from '#lib/payments/settlements/service.ts';
import { VERDICTS } from '#lib/payments/settlements/types.ts';
import { JudgedTable } from './judged-table.tsx';

const ROWS = 50;

type Props = { params: Promise<{ fileId: string }>; searchParams: Promise<Query> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('settlements'))('title') };
}

export default async function SettlementPage({ params, searchParams }: Props) {
  const ctx = await staffPage('bankLine:read');
  const { fileId } = await params;
  const query = await searchParams;
  const verdict = queryChoice(query, 'verdict', VERDICTS) ?? null;
  const page = queryPage(query);
  const found = await findSettlement(ctx, fileId, { verdict, ...sliceOf(page, ROWS) });
  if (!found) notFound();
  const t = await getTranslations('settlements');
  const { file, sums, rows } = found;
  const base = `/finance/settlements/${fileId}`;
  const all = [...sums.counts.values()].reduce((sum, count) => sum + count, 0);
  const links = VERDICTS.filter((each) => sums.counts.has(each)).map((each) => ({
    href: withQuery(base, { verdict: each }),
    label: t('count', { label: t(`verdict.${each}`), count: sums.counts.get(each) ?? 0 }),
    isChosen: each === verdict,
  }));
  return (
    <>
      <PageHeader
        title={file.name}
        description={`${t(`providers.${file.provider}`)} · ${formatInstant(file.fromAt)} – ${formatInstant(file.untilAt)}`}
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/finance/settlements' }]} />}
      />
      <StatRow>
        <Stat label={t('gross')} value={formatFen(sums.grossFen)} />
        <Stat label={t('fee')} value={formatFen(sums.feeFen)} />
        <Stat label={t('net')} value={formatFen(sums.netFen)} />
      </StatRow>
      <div className="my-4">
        <TabLinks
          label={t('filter')}
          links={[{ href: base, label: t('all', { count: all }), isChosen: verdict === null }, ...links]}
        />
      </div>
      <Panel isFlush>
        <JudgedTable rows={rows} />
      </Panel>
      <PageSteps
        className="mt-4"
        label={t('pages')}
        {...neighbours(
          { page, size: ROWS, total: verdict === null ? all : (sums.counts.get(verdict) ?? 0) },
          (number) => withQuery(base, { verdict: verdict ?? undefined, page: number }),
        )}
      />
      <p className="mt-4 text-xs wrap-anywhere text-ink-3">
        {t('hash')} <code>{file.sha256}</code>
      </p>
    </>
  );
}
