import { getTranslations } from '#lib/i18n/server.ts';
import type { WorkloadState } from '#lib/workloads/types.ts';
import { Badge, type Tone } from '../ui/badge.tsx';

const TONES = {
  submitted: 'waiting',
  running: 'active',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'neutral',
  lost: 'danger',
} as const satisfies Record<WorkloadState, Tone>;

/** The state of a workload; one that was asked to stop and still runs says that. */
export async function WorkloadBadge({ state, isCancelAsked }: { state: WorkloadState; isCancelAsked: boolean }) {
  const t = await getTranslations('workloads');
  const isStopping = isCancelAsked && (state === 'submitted' || state === 'running');
  return <Badge tone={isStopping ? 'warn' : TONES[state]}>{t(`state.${isStopping ? 'stopping' : state}`)}</Badge>;
}
