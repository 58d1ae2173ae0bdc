import type { PaymentState } from '#lib/payments/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const TONES = { open: 'waiting', settled: 'ok', cancelled: 'neutral' } as const satisfies Record<PaymentState, Tone>;

/** The state of a top-up. */
export async function PaymentBadge({ state }: { state: PaymentState }) {
  const t = await getTranslations('wallet');
  return <Badge tone={TONES[state]}>{t(`payment.state.${state}`)}</Badge>;
}
