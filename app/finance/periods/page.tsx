import { CalendarRange } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { Agreement } from '#components/finance/control-totals.tsx';
import { ObstacleText } from '#components/finance/obstacle-text.tsx';
import { PeriodBadge } from '#components/finance/period-badge.tsx';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { listPeriods } from '#lib/billing/periods.ts';
import type { PeriodView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('finance'))('period.title') };
}

export default async function PeriodsPage() {
  const ctx = await staffPage('period:read');
  const t = await getTranslations('finance');
  const columns: Column<PeriodView>[] = [
    {
      key: 'month',
      header: t('period.month'),
      cell: ({ month }) => (
        <TextLink href={`/finance/periods/${month}`} className="num">
          {month}
        </TextLink>
      ),
    },
    {
      key: 'status',
      header: t('period.status'),
      cell: ({ state, obstacle }) => <PeriodBadge state={state} isReady={obstacle === null} />,
    },
    {
      key: 'usage',
      header: t('period.charges'),
      align: 'end',
      cell: ({ grossUnits }) => <Money units={grossUnits} />,
    },
    {
      key: 'agreement',
      header: t('period.agreement'),
      isWideOnly: true,
      cell: ({ ledgerUnits, grossUnits }) => <Agreement difference={ledgerUnits - grossUnits} />,
    },
    {
      key: 'invoices',
      header: t('period.invoiced'),
      align: 'end',
      isWideOnly: true,
      cell: ({ invoices, invoicedFen }) =>
        invoices > 0 && (
          <>
            <Money fen={invoicedFen} />
            <span className="block text-xs text-ink-3">{t('period.invoicesOf', { count: invoices })}</span>
          </>
        ),
    },
    {
      key: 'obstacle',
      header: t('period.obstacle'),
      isWideOnly: true,
      cell: ({ obstacle, state }) => state !== 'closed' && <ObstacleText obstacle={obstacle} />,
    },
  ];
  return (
    <>
      <PageHeader
        title={t('period.title')}
        description={t('period.lead')}
        actions={<LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
      />
      <Panel isFlush>
        <DataTable
          label={t('period.title')}
          columns={columns}
          rows={await listPeriods(ctx)}
          rowKey={({ month }) => month}
          empty={<EmptyState Icon={CalendarRange} title={t('period.emptyTitle')} text={t('period.emptyText')} />}
        />
      </Panel>
    </>
  );
}
