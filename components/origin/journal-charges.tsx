import type { ChargeGroup, JournalCharges } from '#lib/billing/explain/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { UsageFoot, usageColumns, usageTail } from '../billing/usage-columns.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { PageSteps } from '../ui/page-steps.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell } from '../ui/table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import type { OriginPaths } from './origin-paths.ts';

/** Charges of one page under a journal. */
export const CHARGE_PAGE_ROWS = 50;

/** The charges that an hour's journal carries, each with a link to its own steps. */
export async function JournalChargesPanel({
  charges,
  journalId,
  paths,
  page,
}: {
  charges: JournalCharges | null;
  journalId: string;
  paths: OriginPaths;
  page: number;
}) {
  if (charges === null) return null;
  const t = await getTranslations('origin');
  const { rows, total, totals, reservationId, hourAt } = charges;
  const tail = usageTail(rows, totals);
  const columns: Column<ChargeGroup>[] = [
    {
      key: 'card',
      header: t('part.key.card'),
      cell: ({ key, name, revision }) => (
        <TextLink
          href={paths.charge({ reservationId, allocationId: key, hourAt, revision })}
          className="num"
          aria-label={t('part.open', { name: name ?? key })}
        >
          {name ?? key}
        </TextLink>
      ),
    },
    ...(await usageColumns(tail)),
  ];
  const at = (to: number): string => `${paths.journal(journalId)}${to === 1 ? '' : `?page=${to}`}`;
  return (
    <section className="min-w-0">
      <Panel title={t('journal.charges')} isFlush>
        <DataTable
          label={t('journal.charges')}
          columns={columns}
          rows={rows}
          rowKey={({ key, revision }) => `${key} ${revision}`}
          empty={null}
          foot={<UsageFoot totals={totals} tail={tail} before={<Cell>{t('part.total')}</Cell>} />}
        />
      </Panel>
      <PageSteps
        label={t('part.pages')}
        previous={page > 1 ? at(page - 1) : null}
        next={page * CHARGE_PAGE_ROWS < total ? at(page + 1) : null}
        className="mt-4"
      />
    </section>
  );
}
