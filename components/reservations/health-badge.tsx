import { getTranslations } from '#lib/i18n/server.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const HEALTH = {
  healthy: 'ok',
  degraded: 'warn',
  unhealthy: 'danger',
  unknown: 'waiting',
} as const satisfies Record<string, Tone>;

/** The health of a card that a reservation has. */
export async function HealthBadge({ health }: { health: string }) {
  const t = await getTranslations('reservations');
  const known = health in HEALTH ? (health as keyof typeof HEALTH) : 'unknown';
  return <Badge tone={HEALTH[known]}>{t(`cards.${known}`)}</Badge>;
}
