import { getTranslations } from '#lib/i18n/server.ts';
import type { Programme, VoucherState } from '#lib/vouchers/types.ts';
import type { Instant } from '#lib/core/instant.ts';
import { Badge } from '../ui/badge.tsx';

const TONES = {
  live: 'ok',
  upcoming: 'waiting',
  spent: 'neutral',
  expired: 'neutral',
} as const satisfies Record<VoucherState, 'ok' | 'waiting' | 'neutral'>;

/** How a voucher stands. */
export async function VoucherBadge({ state }: { state: VoucherState }) {
  const t = await getTranslations('vouchers');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}

/** Whether a programme still grants. */
export async function ProgrammeBadge({
  programme,
  now,
}: {
  programme: Pick<Programme, 'closedAt' | 'validUntil'>;
  now: Instant;
}) {
  const t = await getTranslations('vouchers');
  if (programme.closedAt !== null) return <Badge tone="neutral">{t('programmes.closed')}</Badge>;
  const isOver = programme.validUntil <= now;
  return <Badge tone={isOver ? 'neutral' : 'ok'}>{t(isOver ? 'programmes.over' : 'programmes.open')}</Badge>;
}
