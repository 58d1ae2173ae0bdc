import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { formatCount } from '#components/format/digits.ts';
import { Money } from '#components/format/money-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { sumUnits } from '#lib/core/money.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { listCreditSums } from '#lib/sla/service.ts';
import { PoliciesPanel } from './policies-panel.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('sla'))('finance.title') };
}

/** Credits for broken availability: what is published, what waits, and what each month and SKU came to. */
export default async function SlaFinancePage() {
  const ctx = await staffPage('sla:read');
  const [t, r, locale] = [await getTranslations('sla'), await getTranslations('reservations'), await requestLocale()];
  const names = new Map<string, string>(
    (await listSkus(ctx)).map(({ id, model, siteName: site, purchase }) => [
      id,
      `${modelName(locale, model.name)} · ${siteName(locale, site)} · ${r(`purchase.${purchase}`)}`,
    ]),
  );
  const sums = await listCreditSums(ctx);
  const columns: Column<(typeof sums)[number]>[] = [
    { key: 'month', header: t('finance.month'), cell: ({ month }) => <span className="num">{month}</span> },
    { key: 'sku', header: t('finance.sku'), cell: ({ skuId }) => names.get(skuId) ?? skuId },
    {
      key: 'reservations',
      header: t('finance.reservations'),
      align: 'end',
      cell: ({ reservations }) => formatCount(reservations),
    },
    {
      key: 'amount',
      header: t('finance.amount'),
      align: 'end',
      cell: ({ amountUnits }) => <Money units={amountUnits} />,
    },
  ];
  return (
    <ClientMessages namespaces={['sla']}>
      <PageHeader
        title={t('finance.title')}
        description={t('finance.lead')}
        badge={<LiveRefresh topics={['usage', 'clock-stepped']} at={ctx.now} />}
      />
      <PoliciesPanel ctx={ctx} names={names} />
      {sums.length > 0 && (
        <StatRow className="mb-6">
          <Stat
            label={t('finance.total')}
            value={<Money units={sumUnits(sums.map(({ amountUnits }) => amountUnits))} />}
          />
        </StatRow>
      )}
      <Panel title={t('finance.sums')} isFlush>
        <DataTable
          label={t('finance.sums')}
          columns={columns}
          rows={sums}
          rowKey={({ month, skuId }) => `${month} ${skuId}`}
          empty={<EmptyState Icon={ShieldCheck} title={t('finance.none')} text={t('finance.noneText')} />}
        />
      </Panel>
    </ClientMessages>
  );
}
