import { Badge, type Tone } from '#components/ui/badge.tsx';
import type { PeriodState } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

const TONES = { open: 'active', collecting: 'waiting', closing: 'warn', closed: 'ok' } as const satisfies Record<
  PeriodState,
  Tone
>;

/** Where a month stands; a month that can be closed says so instead. */
export async function PeriodBadge({ state, isReady = false }: { state: PeriodState; isReady?: boolean }) {
  const t = await getTranslations('finance');
  return isReady ? (
    <Badge tone="warn">{t('period.ready')}</Badge>
  ) : (
    <Badge tone={TONES[state]}>{t(`period.state.${state}`)}</Badge>
  );
}
