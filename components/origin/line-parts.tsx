import type { ChargeGroup, LinePart, LineRows } from '#lib/billing/explain/types.ts';
import { HOUR_MS, type Instant, instant, parseInstant, toIso } from '#lib/core/instant.ts';
import { shanghaiDateOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { UsageFoot, usageColumns, usageTail } from '../billing/usage-columns.tsx';
import { formatCount } from '../format/digits.ts';
import { formatInstant, formatTimeOfDay } from '../format/instant.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';
import { Breadcrumbs } from '../ui/breadcrumbs.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageSteps } from '../ui/page-steps.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell } from '../ui/table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import type { OriginPaths, PartQuery } from './origin-paths.ts';

/** Rows of one page of a line's parts. */
export const PART_PAGE_ROWS = 50;

type Line = { readonly invoiceId: string; readonly line: number };

const hourText = (at: Instant): string => `${formatInstant(at)} – ${formatTimeOfDay(instant(at + HOUR_MS))}`;

/** Where a part is in the address. */
function queryOf(part: LinePart): PartQuery {
  switch (part.by) {
    case 'day':
      return {};
    case 'reservation':
      return { day: part.day };
    case 'hour':
      return { day: part.day, reservation: part.reservationId };
    case 'card':
      return { reservation: part.reservationId, hour: toIso(part.hourAt) };
  }
}

/** What a row is called, and where it leads: one step further down, in the end to the charge itself. */
function rowOf(part: LinePart, { invoiceId, line }: Line, paths: OriginPaths, row: ChargeGroup) {
  const lineAt = (query: PartQuery): string => paths.line(invoiceId, line, query);
  switch (part.by) {
    case 'day':
      return { text: row.key, href: lineAt({ day: row.key }) };
    case 'reservation':
      return { text: row.name ?? row.key, href: lineAt({ day: part.day, reservation: row.key }) };
    case 'hour': {
      const at = parseInstant(row.key);
      const text = at === null ? row.key : hourText(at);
      return { text, href: lineAt({ reservation: part.reservationId, hour: row.key }) };
    }
    case 'card': {
      const { reservationId, hourAt } = part;
      const href = paths.charge({ reservationId, allocationId: row.key, hourAt, revision: row.revision });
      return { text: row.name ?? row.key, href };
    }
  }
}

async function partColumns(rows: LineRows, line: Line, paths: OriginPaths): Promise<Column<ChargeGroup>[]> {
  const t = await getTranslations('origin');
  const { part } = rows;
  return [
    {
      key: 'key',
      header: t(`part.key.${part.by}`),
      cell: (row) => {
        const { text, href } = rowOf(part, line, paths, row);
        return (
          <TextLink href={href} className="num" aria-label={t('part.open', { name: text })}>
            {text}
          </TextLink>
        );
      },
    },
    {
      key: 'charges',
      header: t('part.charges'),
      align: 'end',
      isWideOnly: true,
      cell: ({ charges }) => formatCount(charges),
    },
    {
      key: 'check',
      header: t('part.check'),
      cell: ({ broken }) =>
        broken === 0 ? (
          <Badge tone="ok">{t('part.good')}</Badge>
        ) : (
          <Badge tone="danger">{t('part.bad', { count: broken })}</Badge>
        ),
    },
    ...(await usageColumns(usageTail(rows.rows, rows.totals))),
  ];
}

/** The steps back up from a part to the whole line. */
async function Trail({ rows, line, paths }: { rows: LineRows; line: Line; paths: OriginPaths }) {
  const t = await getTranslations('origin');
  const { part, reservationName } = rows;
  const at = (query: PartQuery): string => paths.line(line.invoiceId, line.line, query);
  if (part.by === 'day') return null;
  const day = part.by === 'card' ? shanghaiDateOf(part.hourAt) : part.day;
  const above = [
    { label: t('part.whole'), href: at({}) },
    ...(part.by === 'reservation' ? [] : [{ label: day, href: at({ day }) }]),
    ...(part.by === 'card'
      ? [{ label: reservationName ?? part.reservationId, href: at({ day, reservation: part.reservationId }) }]
      : []),
  ];
  const here =
    part.by === 'reservation'
      ? day
      : part.by === 'hour'
        ? (reservationName ?? part.reservationId)
        : hourText(part.hourAt);
  return (
    <div className="flex flex-wrap items-center gap-1 border-b border-line px-4 py-2.5 sm:px-5">
      <Breadcrumbs label={t('part.path')} crumbs={above} />
      <span className="num text-sm font-medium">{here}</span>
    </div>
  );
}

/** One page of what a line, or a part of it, is made of; `rows` null: the address asks for what is not there. */
export async function LineParts({
  rows,
  line,
  paths,
  page,
}: {
  rows: LineRows | null;
  line: Line;
  paths: OriginPaths;
  page: number;
}) {
  const t = await getTranslations('origin');
  if (rows === null)
    return (
      <Panel title={t('part.title')}>
        <EmptyState
          title={t('part.empty')}
          text={t('part.emptyText')}
          action={<TextLink href={paths.line(line.invoiceId, line.line)}>{t('part.whole')}</TextLink>}
        />
      </Panel>
    );
  const { part, totals, total } = rows;
  const at = (to: number): string => paths.line(line.invoiceId, line.line, { ...queryOf(part), page: to });
  return (
    <section className="min-w-0">
      <Panel title={`${t('part.title')}: ${t(`part.by.${part.by}`)}`} isFlush>
        <Trail rows={rows} line={line} paths={paths} />
        <DataTable
          label={t(`part.by.${part.by}`)}
          columns={await partColumns(rows, line, paths)}
          rows={rows.rows}
          rowKey={({ key, revision }) => `${key} ${revision}`}
          empty={<EmptyState title={t('part.empty')} text={t('part.emptyText')} />}
          foot={
            <UsageFoot
              totals={totals}
              tail={usageTail(rows.rows, totals)}
              before={
                <>
                  <Cell>{t('part.total')}</Cell>
                  <Cell className="max-md:hidden" />
                  <Cell />
                </>
              }
            />
          }
        />
      </Panel>
      <PageSteps
        label={t('part.pages')}
        previous={page > 1 ? at(page - 1) : null}
        next={page * PART_PAGE_ROWS < total ? at(page + 1) : null}
        className="mt-4"
      />
    </section>
  );
}
