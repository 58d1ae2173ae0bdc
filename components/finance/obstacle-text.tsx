import { refusalText } from '#components/form/refusal-text.ts';
import type { CloseRefusal } from '#lib/billing/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';

/** The one thing that keeps a month open, in a sentence; that it can be closed when nothing does. */
export async function ObstacleText({ obstacle }: { obstacle: CloseRefusal | null }) {
  const t = await getTranslations('finance');
  if (obstacle === null) return <span className="font-medium">{t('period.ready')}</span>;
  return <span className="text-ink-2">{refusalText(await requestLocale(), obstacle).what}</span>;
}
