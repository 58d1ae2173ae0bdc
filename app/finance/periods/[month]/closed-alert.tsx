import { Alert } from '#components/ui/alert.tsx';
import { listInvoices } from '#lib/billing/invoices.ts';
import type { PeriodView } from '#lib/billing/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** Says what the close that was just done has issued: how many invoices, from which number to which. */
export async function ClosedAlert({ ctx, period }: { ctx: Ctx; period: PeriodView }) {
  const t = await getTranslations('finance');
  const { month, invoices: count } = period;
  const newest = await listInvoices(ctx, { month }, { skip: 0, take: 1 });
  const oldest = await listInvoices(ctx, { month }, { skip: Math.max(newest.total - 1, 0), take: 1 });
  const [first, last] = [oldest.rows[0]?.number ?? '', newest.rows[0]?.number ?? ''];
  const text =
    count === 0
      ? t('period.closedNowNone', { month })
      : count === 1
        ? t('period.closedNowOne', { month, first })
        : t('period.closedNow', { month, count, first, last });
  return (
    <Alert kind="ok" className="mb-6">
      {text}
    </Alert>
  );
}
