import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import type { UsageTotals } from '#lib/billing/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { getMonthDeducted } from '#lib/vouchers/own.ts';

/** What of a month's use vouchers paid; nothing where they paid nothing. */
export async function VouchersLine({ ctx, month, totals }: { ctx: Ctx; month: Month; totals: UsageTotals }) {
  const t = await getTranslations('vouchers');
  const deducted = await getMonthDeducted(ctx, month);
  if (deducted === 0n) return null;
  const cash = units(totals.amountUnits - deducted);
  return <Alert className="mb-4">{t('own.month', { vouchers: formatUnits(deducted), cash: formatUnits(cash) })}</Alert>;
}
