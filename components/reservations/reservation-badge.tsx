import type { ReservationState } from '#lib/reservations/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

/** A reservation's state, and the two before there is one: asked for, and refused. */
export type ShownState = ReservationState | 'pending' | 'refused';

const TONES = {
  pending: 'waiting',
  refused: 'danger',
  confirmed: 'ok',
  active: 'active',
  ended: 'neutral',
  cancelled: 'neutral',
} as const satisfies Record<ShownState, Tone>;

/** The state of a reservation. */
export async function ReservationBadge({ state }: { state: ShownState }) {
  const t = await getTranslations('reservations');
  return <Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>;
}
