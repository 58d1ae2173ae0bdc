import { formatInstant } from '#components/format/instant.ts';
import { formatPrice } from '#components/format/money.ts';
import { failureText } from '#components/reservations/change-event-text.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';

/** By what rule a reservation extends itself, and why it did not the last time. */
export async function RuleText({ autoExtend }: Pick<ReservationView, 'autoExtend'>) {
  const t = await getTranslations('changes');
  if (autoExtend === null) return <p className="text-sm text-ink-2">{t('autoExtend.off')}</p>;
  const { stepSeconds, priceE10Max, untilAt, failure } = autoExtend;
  return (
    <p className="text-sm text-ink-2">
      {t('autoExtend.on', {
        step: t('autoExtend.hours', { count: stepSeconds / 3_600 }),
        cap: formatPrice(priceE10Max),
        untilAt: untilAt === null ? 'none' : formatInstant(untilAt),
      })}{' '}
      {failure !== null && t('autoExtend.failed', { reason: failureText(t, failure) })}
    </p>
  );
}
