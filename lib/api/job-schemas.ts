import { z } from 'zod';
import { QUEUE_TIERS } from '#lib/catalog/types.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { JOB_STATES } from '#lib/reservations/queue/view-types.ts';

const isoInstant = z
  .string()
  .refine((text) => parseInstant(text) !== null, 'an ISO 8601 instant with its zone')
  .meta({ format: 'date-time', example: '2026-11-23T06:00:00Z' });
const priceCap = z.string().regex(/^\d{1,18}$/);

/** A job for the queue. Unknown fields are refused, so that a typo never passes as a default. */
export const jobBody = z.strictObject({
  skuId: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  tier: z.enum(QUEUE_TIERS).default('standard'),
  cards: z.number(),
  topology: z
    .enum(TOPOLOGIES)
    .default('any')
    .meta({ description: 'How its cards lie; `any` is on as few servers as hold them' }),
  walltimeSeconds: z.number().meta({ description: 'It is ended then; what it does not use returns' }),
  deadlineAt: isoInstant.nullable().default(null).meta({ description: 'It must be over by then; null: whenever' }),
  priceCapE10PerCardHour: priceCap
    .nullable()
    .default(null)
    .meta({ description: 'It waits while an hour that it may run in costs more, in 1e-10 yuan; null: no cap' }),
  projectId: z.string().min(1).max(64).nullable().default(null),
  imageId: z.string().min(1).max(64),
  command: z.string().trim().min(1).max(4_000),
});

export const jobDto = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(JOB_STATES),
  skuId: z.string(),
  tier: z.enum(QUEUE_TIERS),
  cards: z.number().int(),
  topology: z.enum(TOPOLOGIES),
  walltimeSeconds: z.number().int(),
  deadlineAt: isoInstant.nullable(),
  priceCapE10PerCardHour: priceCap.nullable(),
  projectId: z.string().nullable(),
  imageId: z.string(),
  command: z.string(),
  submittedAt: isoInstant,
  explanation: z
    .looseObject({ reason: z.string() })
    .nullable()
    .meta({ description: 'Why it waits or was taken out, with the numbers; money in 1e-8 yuan, times in epoch ms' }),
  explainedAt: isoInstant.nullable(),
  reservationId: z.string().nullable().meta({ description: 'What it is once it has started' }),
  workloadId: z.string().nullable(),
  startAt: isoInstant.nullable(),
  endAt: isoInstant.nullable(),
  endedAt: isoInstant.nullable(),
  leaveAt: isoInstant.nullable().meta({ description: 'A flex job that was asked to be gone by then' }),
});
export const jobListDto = z.object({ rows: z.array(jobDto), total: z.number().int() });
export const jobChangedDto = z.object({ jobId: z.string() });
