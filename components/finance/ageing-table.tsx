import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Cell } from '#components/ui/table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { byBandOf } from '#lib/billing/receivables/ageing.ts';
import { AGE_BANDS, type OrganisationAgeing } from '#lib/billing/receivables/types.ts';
import { sumUnits } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** Who owes how much for how long, with the sums of each age. */
export async function AgeingTable({ rows }: { rows: readonly OrganisationAgeing[] }) {
  const t = await getTranslations('receivables');
  const columns: Column<OrganisationAgeing>[] = [
    {
      key: 'organisation',
      header: t('organisation'),
      cell: ({ organisationId, organisationName, dueDays }) => (
        <>
          <TextLink href={`/finance/receivables/${organisationId}`}>{organisationName}</TextLink>
          <span className="block text-xs text-ink-2">
            {t('dueDays')} {t('days', { days: dueDays })}
          </span>
        </>
      ),
    },
    ...AGE_BANDS.map(
      (band): Column<OrganisationAgeing> => ({
        key: band,
        header: t(`band.${band}`),
        align: 'end',
        isWideOnly: true,
        cell: ({ byBand }) => <Money units={byBand[band]} />,
      }),
    ),
    {
      key: 'disputed',
      header: t('disputed'),
      align: 'end',
      isWideOnly: true,
      cell: ({ disputedUnits }) => <Money units={disputedUnits} />,
    },
    { key: 'open', header: t('open'), align: 'end', cell: ({ openUnits }) => <Money units={openUnits} /> },
  ];
  const sums = byBandOf(rows.flatMap(({ items }) => items));
  return (
    <DataTable
      label={t('byAge')}
      columns={columns}
      rows={rows}
      rowKey={({ organisationId }) => organisationId}
      empty={<EmptyState title={t('empty')} text={t('emptyText')} />}
      foot={
        <tr>
          <Cell>{t('total')}</Cell>
          {AGE_BANDS.map((band) => (
            <Cell key={band} align="end" className="max-md:hidden">
              <Money units={sums[band]} />
            </Cell>
          ))}
          <Cell align="end" className="max-md:hidden">
            <Money units={sumUnits(rows.map(({ disputedUnits }) => disputedUnits))} />
          </Cell>
          <Cell align="end">
            <Money units={sumUnits(rows.map(({ openUnits }) => openUnits))} />
          </Cell>
        </tr>
      }
    />
  );
}
