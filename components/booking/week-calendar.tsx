import Link from 'next/link';
import { HOUR_MS, type Instant, plusMs, toIso } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatDate, formatTimeOfDay } from '../format/instant.ts';
import { cn } from '../ui/cn.ts';
import { CellKeys } from './cell-keys.tsx';
import { DAYS, HOURS, type Week, weekdayOf } from './week.ts';

/** A cell: an hour of a day as a start. */
export type CalendarCell = {
  /** Null: gone, or beyond the table. */
  readonly freeCards: number | null;
  /** Where choosing it leads; null when it cannot be chosen. */
  readonly href: string | null;
  readonly label: string;
  readonly isChosen: boolean;
  readonly isCheaper: boolean;
};

const CELL = 'num flex h-6 items-center justify-center rounded-sm text-xs pointer-coarse:h-9';
const LOOK = {
  gone: 'text-ink-3',
  full: 'hatched text-ink-3',
  open: 'bg-sunken text-ink hover:bg-accent-soft hover:text-accent-ink',
  chosen: 'bg-accent font-semibold text-on-accent',
  chosenFull: 'hatched font-semibold text-warn outline-2 -outline-offset-2 outline-accent',
} as const;

function lookOf(cell: CalendarCell): keyof typeof LOOK {
  if (cell.freeCards === null) return 'gone';
  if (cell.href === null) return cell.isChosen ? 'chosenFull' : 'full';
  return cell.isChosen ? 'chosen' : 'open';
}

function Cell({ cell, at, isTabStop }: { cell: CalendarCell; at: string; isTabStop: boolean }) {
  const { freeCards, href, label, isChosen, isCheaper } = cell;
  const text = freeCards === null ? '·' : `${freeCards}`;
  const className = cn(CELL, LOOK[lookOf(cell)], isCheaper && !isChosen && href !== null && 'cheaper');
  if (href === null)
    return (
      <span className={className} title={freeCards === null ? undefined : label} aria-hidden={freeCards === null}>
        {text}
      </span>
    );
  return (
    <Link
      href={href}
      replace
      scroll={false}
      prefetch={false}
      data-cell={at}
      tabIndex={isTabStop ? 0 : -1}
      aria-label={label}
      aria-current={isChosen ? 'true' : undefined}
      title={label}
      className={className}
    >
      {text}
    </Link>
  );
}

/**
 * Seven days of hours, each with the cards that are free for a start there. Cells are links, so a start is chosen by
 * pointer or by arrow keys and Enter; what cannot be chosen is hatched and keeps its figure.
 */
export async function WeekCalendar({
  week,
  today,
  cellAt,
}: {
  week: Week;
  today: Instant;
  cellAt: (hourAt: Instant) => CalendarCell;
}) {
  const t = await getTranslations('booking');
  const rows = Array.from({ length: HOURS }, (_, hour) =>
    week.days.map((day) => ({ hourAt: plusMs(day, hour * HOUR_MS), cell: cellAt(plusMs(day, hour * HOUR_MS)) })),
  );
  const cells = rows.flatMap((row, y) => row.map(({ cell }, x) => ({ cell, at: `${x}:${y}` })));
  const stop = (cells.find(({ cell }) => cell.isChosen && cell.href) ?? cells.find(({ cell }) => cell.href))?.at;
  return (
    <CellKeys columns={DAYS} rows={HOURS}>
      <table className="w-full table-fixed border-separate border-spacing-0.5">
        <caption className="sr-only">
          {t('calendar.table', { from: formatDate(week.startAt), to: formatDate(plusMs(week.endAt, -1)) })}
        </caption>
        <thead>
          <tr>
            <th scope="col" className="w-10 sm:w-12">
              <span className="sr-only">{t('calendar.hour')}</span>
            </th>
            {week.days.map((day) => (
              <th key={day} scope="col" className="pb-1 text-center text-xs leading-4 font-normal text-ink-2">
                <span className={cn('block', day === today && 'font-semibold text-ink')}>
                  {day === today ? t('calendar.today') : t(`calendar.weekdays.${weekdayOf(day)}`)}
                </span>
                <time dateTime={toIso(day)} className="num block whitespace-nowrap">
                  {formatDate(day).slice(5)}
                </time>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, y) => (
            <tr key={row[0]?.hourAt}>
              <th scope="row" className="num pr-1 text-right text-xs font-normal text-ink-3">
                {row[0] && formatTimeOfDay(row[0].hourAt)}
              </th>
              {row.map(({ hourAt, cell }, x) => (
                <td key={hourAt} className="p-0">
                  <Cell cell={cell} at={`${x}:${y}`} isTabStop={stop === `${x}:${y}`} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </CellKeys>
  );
}
