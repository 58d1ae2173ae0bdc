import { formatUnits } from '#components/format/money.ts';
import { formatPercent } from '#components/format/percent.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { MonthUsage } from '#lib/billing/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Month } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { brokenSeconds } from '#lib/sla/credit.ts';
import { type Availability, listAvailability } from '#lib/sla/service.ts';

/** Those of the page's reservations whose promise was not kept in the month, with what was credited; nothing when all was. */
export async function AvailabilityTable({
  ctx,
  month,
  usage,
  base,
}: {
  ctx: Ctx;
  month: Month;
  usage: MonthUsage;
  base: string;
}) {
  const t = await getTranslations('sla');
  const names = new Map<string, string>(usage.rows.map((row) => [row.reservationId, row.reservationName]));
  const all = await listAvailability(ctx, month, [...names.keys()]);
  const rows = all.filter(({ figures, creditedUnits }) => brokenSeconds(figures) > 0n || creditedUnits > 0n);
  if (rows.length === 0) return null;
  const columns: Column<Availability>[] = [
    {
      key: 'reservation',
      header: t('usage.reservation'),
      cell: ({ figures: { reservationId } }) => (
        <TextLink href={`${base}/reservations/${reservationId}`}>{names.get(reservationId) ?? reservationId}</TextLink>
      ),
    },
    {
      key: 'availability',
      header: t('panel.availability'),
      align: 'end',
      cell: ({ ppm }) => <span className="num">{ppm === null ? '–' : formatPercent(ppm, 6)}</span>,
    },
    {
      key: 'broken',
      header: t('panel.broken'),
      align: 'end',
      isWideOnly: true,
      cell: ({ figures }) => t('panel.seconds', { seconds: Number(brokenSeconds(figures)) }),
    },
    {
      key: 'tier',
      header: t('panel.tier'),
      isWideOnly: true,
      cell: ({ tier }) =>
        tier
          ? t('panel.tierBelow', { below: formatPercent(tier.belowPpm, 6), share: formatPercent(tier.creditBps, 4) })
          : t('panel.tierNone'),
    },
    {
      key: 'credited',
      header: t('panel.credited'),
      align: 'end',
      cell: ({ creditedUnits, tier }) =>
        creditedUnits > 0n ? <span className="num">{formatUnits(creditedUnits)}</span> : tier ? t('panel.notYet') : '–',
    },
  ];
  return (
    <Panel title={t('usage.title')} description={t('usage.lead', { month })} isFlush className="mt-6">
      <DataTable
        label={t('usage.title')}
        columns={columns}
        rows={rows}
        rowKey={({ figures }) => figures.reservationId}
        empty={null}
      />
    </Panel>
  );
}
