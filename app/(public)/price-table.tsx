import type { ReactNode } from 'react';
import { modelName, siteName } from '#components/catalog/model-name.ts';
import { type PriceRow, priceRows } from '#components/catalog/price-rows.ts';
import { formatUnits } from '#components/format/money.ts';
import { Price } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { listSkus } from '#lib/catalog/service.ts';
import { TERMS, type Term } from '#lib/catalog/types.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { visitorCtx } from '#lib/identity/context.ts';

const clock = (hour: number): string => `${`${hour}`.padStart(2, '0')}:00`;

async function columnsOf(rows: readonly PriceRow[]): Promise<Column<PriceRow>[]> {
  const [t, locale] = [await getTranslations('prices'), await requestLocale()];
  // Bands are the same hours everywhere or stand in columns of their own.
  const bands = [...new Map(rows.flatMap((row) => row.bands).map((band) => [band.fromHour, band])).values()];
  const terms = TERMS.filter((term) => rows.some((row) => row.terms.has(term)));
  const none = <span className="text-ink-3">{t('notSold')}</span>;
  return [
    {
      key: 'model',
      header: t('columns.model'),
      cell: ({ sku }) => (
        <>
          <span className="block font-medium whitespace-nowrap">
            {modelName(locale, sku.model.name)} · {siteName(locale, sku.siteName)}
          </span>
          <span className="num block text-xs whitespace-nowrap text-ink-2">
            {t('memory', { gib: sku.model.memoryMib / 1_024 })} · {t('cards', { cards: sku.shape.totalCards })}
          </span>
        </>
      ),
    },
    {
      key: 'hour',
      header: t('columns.hour'),
      align: 'end',
      cell: ({ hour }) => (hour === null ? none : <Price e10={hour} />),
    },
    ...bands.map(
      ({ fromHour, toHour }): Column<PriceRow> => ({
        key: `band-${fromHour}`,
        header: t('columns.band', { from: clock(fromHour), to: clock(toHour) }),
        align: 'end',
        cell: (row) => {
          const band = row.bands.find((own) => own.fromHour === fromHour && own.toHour === toHour);
          return band ? <Price e10={band.e10} /> : none;
        },
      }),
    ),
    ...terms.map(
      (term: Term): Column<PriceRow> => ({
        key: term,
        header: t(`columns.terms.${term}`),
        align: 'end',
        cell: (row) => {
          const price = row.terms.get(term);
          if (!price) return none;
          return (
            <>
              <span className="block">
                <Price e10={price.e10} />
              </span>
              <span className="block text-xs text-ink-2">
                {t('termTotal', { amount: formatUnits(price.totalUnits) })}
              </span>
            </>
          );
        },
      }),
    ),
  ];
}

/**
 * The published prices, read from the catalogue when the page is asked for. Shows nothing while no price is published:
 * the start page never shows a figure that no price version backs.
 */
export async function PriceTable(): Promise<ReactNode> {
  const rows = priceRows(await listSkus(await visitorCtx()));
  if (rows.length === 0) return null;
  const t = await getTranslations('prices');
  return (
    <ClientMessages>
      <section className="border-t border-line py-14">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="text-xl">{t('title')}</h2>
          <Badge tone="warn">{t('example')}</Badge>
        </div>
        <p className="mt-1 max-w-[60ch] text-ink-2">{t('lead')}</p>
        <div className="mt-7 overflow-hidden rounded-lg border border-line bg-surface">
          <DataTable
            label={t('table')}
            columns={await columnsOf(rows)}
            rows={rows}
            rowKey={({ poolId }) => poolId}
            empty={null}
          />
        </div>
        <p className="mt-4 text-xs text-ink-3">
          {t('exampleNote')} {t('zone')}
        </p>
      </section>
    </ClientMessages>
  );
}
