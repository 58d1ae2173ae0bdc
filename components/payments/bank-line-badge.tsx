import { Badge, type Tone } from '#components/ui/badge.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { BankLineState } from '#lib/payments/types.ts';

const TONES = { unmatched: 'warn', matched: 'ok', returned: 'neutral' } as const satisfies Record<BankLineState, Tone>;

/** Where the money of a bank line is. */
export async function BankLineBadge({ state }: { state: BankLineState }) {
  const t = await getTranslations('receipts');
  return <Badge tone={TONES[state]}>{t(`list.state.${state}`)}</Badge>;
}
