import { Badge } from '#components/ui/badge.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { MatchSuggestion } from '#lib/payments/types.ts';

/** Who a bank line may come from, and what speaks for it. */
export async function SuggestionText({ suggestion }: { suggestion: MatchSuggestion }) {
  const t = await getTranslations('receipts');
  const { organisationName, isCodeInRemark, isAmountEqual } = suggestion;
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="font-medium">{organisationName}</span>
      {isCodeInRemark && <Badge tone="ok">{t('list.codeFits')}</Badge>}
      {isAmountEqual && (
        <Badge tone="neutral" hasIcon={false}>
          {t('list.amountFits')}
        </Badge>
      )}
    </span>
  );
}
