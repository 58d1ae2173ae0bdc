import type { z } from 'zod';
import { type Instant, parseInstant, toIso } from '#lib/core/instant.ts';
import { workloadOfJob } from '#lib/reservations/queue/types.ts';
import type { JobView } from '#lib/reservations/queue/view-types.ts';
import type { jobBody, jobDto } from './job-schemas.ts';

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** A queued job as the API shows it. */
export function toJobDto(job: JobView): z.infer<typeof jobDto> {
  const { id, name, state, skuId, tier, cards, topology, walltimeSeconds, projectId, imageId, command, reservationId } =
    job;
  const explanation = job.waiting ?? job.dismissal;
  return {
    id,
    name,
    state,
    skuId,
    tier,
    cards,
    topology,
    walltimeSeconds,
    deadlineAt: isoOrNull(job.deadlineAt),
    priceCapE10PerCardHour: job.priceCapE10 === null ? null : `${job.priceCapE10}`,
    projectId,
    imageId,
    command,
    submittedAt: toIso(job.submittedAt),
    explanation: explanation && { ...explanation },
    explainedAt: explanation && isoOrNull(job.explainedAt),
    reservationId,
    workloadId: reservationId === null ? null : workloadOfJob(id),
    startAt: isoOrNull(job.startAt),
    endAt: isoOrNull(job.endAt),
    endedAt: isoOrNull(job.endedAt),
    leaveAt: isoOrNull(job.leaveAt),
  };
}

/** What a body asks the queue for. */
export function toJobWish({ deadlineAt, priceCapE10PerCardHour, ...body }: z.output<typeof jobBody>) {
  return {
    ...body,
    deadlineAt: deadlineAt === null ? null : parseInstant(deadlineAt),
    priceCapE10: priceCapE10PerCardHour,
  };
}
