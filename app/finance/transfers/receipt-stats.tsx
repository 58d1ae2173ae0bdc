import { Money } from '#components/format/money-text.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReceiptSummary } from '#lib/payments/types.ts';

/** What waits at the bank, and what is on its way. */
export async function ReceiptStats({ summary }: { summary: ReceiptSummary }) {
  const t = await getTranslations('finance');
  const { lines, announced } = summary;
  return (
    <StatRow className="mb-6">
      <Stat
        label={t('home.unmatched')}
        value={<Money fen={lines.unmatched.sumFen} />}
        note={t('home.unmatchedNote', { count: lines.unmatched.count })}
      />
      <Stat
        label={t('home.announced')}
        value={<Money fen={announced.sumFen} />}
        note={t('home.announcedNote', { count: announced.count })}
      />
    </StatRow>
  );
}
