import { formatInstant } from '#components/format/instant.ts';
import { Alert } from '#components/ui/alert.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { findJob } from '#lib/reservations/queue/service.ts';
import { jobOfReservation } from '#lib/reservations/queue/types.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';

/** Of a flex job that has its cards by the hour: that the end which is shown is not the end of the job. */
export async function HeldByHour({ ctx, reservation: { id, interval } }: { ctx: Ctx; reservation: ReservationView }) {
  const job = await findJob(ctx, jobOfReservation(id));
  const isHeld = job?.state === 'started' && job.leaveAt === null && job.endAt !== null && interval.endAt !== null;
  if (!isHeld || interval.endAt >= job.endAt) return null;
  const t = await getTranslations('queue');
  return <Alert>{t('heldByHour', { heldTo: formatInstant(interval.endAt), endAt: formatInstant(job.endAt) })}</Alert>;
}
