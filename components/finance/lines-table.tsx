import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { OrganisationLine } from '#lib/billing/receivables/lines.ts';
import type { Units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const AMOUNTS = {
  limit: (line: OrganisationLine): Units => line.limitUnits,
  setAside: (line: OrganisationLine): Units => line.setAsideUnits,
  owed: (line: OrganisationLine): Units => line.owedUnits,
  free: (line: OrganisationLine): Units => line.freeUnits,
} as const;

/** Who buys on account: the line, what is in use of it, and since when something is late. */
export async function LinesTable({ rows }: { rows: readonly OrganisationLine[] }) {
  const t = await getTranslations('credit');
  const amounts = (Object.keys(AMOUNTS) as (keyof typeof AMOUNTS)[]).map(
    (key): Column<OrganisationLine> => ({
      key,
      header: t(`panel.${key}`),
      align: 'end',
      isWideOnly: key === 'setAside' || key === 'limit',
      cell: (line) => <Money units={AMOUNTS[key](line)} />,
    }),
  );
  const columns: Column<OrganisationLine>[] = [
    {
      key: 'organisation',
      header: t('finance.organisation'),
      cell: ({ organisationId, organisationName, owedUnits }) =>
        owedUnits > 0n ? (
          <TextLink href={`/finance/receivables/${organisationId}`}>{organisationName}</TextLink>
        ) : (
          organisationName
        ),
    },
    ...amounts,
    {
      key: 'overdue',
      header: t('finance.overdueSince'),
      cell: ({ overdueSinceAt }) =>
        overdueSinceAt === null ? (
          <Badge tone="ok">{t('finance.notOverdue')}</Badge>
        ) : (
          <Badge tone="danger">{formatInstant(overdueSinceAt)}</Badge>
        ),
    },
  ];
  return (
    <DataTable
      label={t('finance.title')}
      columns={columns}
      rows={rows}
      rowKey={({ organisationId }) => organisationId}
      empty={<EmptyState title={t('finance.empty')} text={t('finance.emptyText')} />}
    />
  );
}
