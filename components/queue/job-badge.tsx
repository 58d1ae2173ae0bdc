import { getTranslations } from '#lib/i18n/server.ts';
import type { JobState, JobView } from '#lib/reservations/queue/view-types.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const TONES = {
  queued: 'waiting',
  started: 'active',
  done: 'ok',
  refused: 'danger',
  cancelled: 'neutral',
} as const satisfies Record<JobState, Tone>;

/** The state of a queued job; one that was asked to leave says that. */
export async function JobBadge({ state, leaveAt }: Pick<JobView, 'state' | 'leaveAt'>) {
  const t = await getTranslations('queue');
  const isLeaving = state === 'started' && leaveAt !== null;
  return <Badge tone={isLeaving ? 'warn' : TONES[state]}>{t(`state.${isLeaving ? 'leaving' : state}`)}</Badge>;
}
