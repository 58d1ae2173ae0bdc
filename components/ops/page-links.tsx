import { getTranslations } from '#lib/i18n/server.ts';
import { Pagination } from '../ui/pagination.tsx';

/** The page of a list that an address asks for, counted from 1. */
export function parsePage(text: string | undefined): number {
  const page = Number.parseInt(text ?? '', 10);
  return Number.isSafeInteger(page) && page > 0 && page < 100_000 ? page : 1;
}

/** Which part of how much is shown, and the steps through it. */
export async function PageLinks({
  page,
  size,
  total,
  hrefOf,
}: {
  page: number;
  size: number;
  total: number;
  hrefOf: (page: number) => string;
}) {
  const [t, c] = [await getTranslations('ops'), await getTranslations('common')];
  if (total === 0) return null;
  const from = (page - 1) * size + 1;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-4 py-2 text-xs text-ink-2 sm:px-5">
      <p className="num">
        {t('table.page', { from: Math.min(from, total), to: Math.min(from + size - 1, total), total })}
      </p>
      <Pagination
        label={t('table.pages')}
        previous={page > 1 ? hrefOf(page - 1) : null}
        next={page * size < total ? hrefOf(page + 1) : null}
        previousLabel={c('action.previous')}
        nextLabel={c('action.next')}
      />
    </div>
  );
}
