import { Badge, type Tone } from '#components/ui/badge.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { RefundState } from '#lib/payments/refund-types.ts';

const TONES = {
  asked: 'waiting',
  approved: 'active',
  paid: 'ok',
  failed: 'danger',
  declined: 'danger',
  withdrawn: 'neutral',
} as const satisfies Record<RefundState, Tone>;

/** Where a refund stands. */
export async function RefundBadge({ state }: { state: RefundState }) {
  const t = await getTranslations('refunds');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}
