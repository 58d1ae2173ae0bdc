import { Choices } from '#components/booking/choice.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import type { LineView } from '#lib/billing/receivables/lines.ts';
import type { QuoteView } from '#lib/catalog/service.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** True when a quote can be booked on account: by the hour, with an end. */
export function fitsAccount({ term, durationSeconds }: Pick<QuoteView, 'term' | 'durationSeconds'>): boolean {
  return term === null && durationSeconds !== null;
}

/** True when a line has so much free, and nothing on it is late. */
export function reaches(line: LineView | null, quote: QuoteView): boolean {
  return line !== null && fitsAccount(quote) && line.overdueSinceAt === null && line.freeUnits >= quote.totalUnits;
}

/** How a booking is paid, where there is a choice. What cannot be is said before it is asked for. */
export async function PayChoice({
  line,
  quote,
  isShort,
}: {
  line: LineView | null;
  quote: QuoteView;
  /** True when the wallet does not reach. */
  isShort: boolean;
}) {
  if (line === null || !fitsAccount(quote)) return null;
  const t = await getTranslations('credit');
  const free = formatUnits(line.freeUnits);
  const isEnough = line.freeUnits >= quote.totalUnits;
  const hint =
    line.overdueSinceAt !== null
      ? t('choice.accountOverdue', { at: formatInstant(line.overdueSinceAt) })
      : isEnough
        ? t('choice.accountHint', { limit: formatUnits(line.limitUnits), free })
        : t('choice.accountShort', { free });
  return (
    <Choices
      name="payBy"
      label={t('choice.label')}
      chosen={isShort && reaches(line, quote) ? 'account' : 'wallet'}
      choices={[
        { value: 'wallet', label: t('choice.wallet'), hint: t('choice.walletHint') },
        { value: 'account', label: t('choice.account'), hint },
      ]}
    />
  );
}
