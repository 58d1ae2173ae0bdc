import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { ArrearsState } from '#lib/arrears/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const TONES = {
  ok: 'ok',
  warned: 'warn',
  lastHour: 'warn',
  grace: 'danger',
  stopped: 'danger',
  retained: 'danger',
  released: 'neutral',
} as const satisfies Record<ArrearsState, Tone>;

/** Where an organisation stands with its money. */
export async function ArrearsBadge({ state }: { state: ArrearsState }) {
  const t = await getTranslations('arrears');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}
