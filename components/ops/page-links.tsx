import { getTranslations } from '#lib/i18n/server.ts';
import { PageSteps } from '../ui/page-steps.tsx';

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
  const t = await getTranslations('ops');
  if (total === 0) return null;
  const from = (page - 1) * size + 1;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t border-line px-4 py-2 text-xs text-ink-2 sm:px-5">
      <p className="num">
        {t('table.page', { from: Math.min(from, total), to: Math.min(from + size - 1, total), total })}
      </p>
      <PageSteps
        label={t('table.pages')}
        previous={page > 1 ? hrefOf(page - 1) : null}
        next={page * size < total ? hrefOf(page + 1) : null}
      />
    </div>
  );
}
