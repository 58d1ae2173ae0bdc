import { z } from 'zod';
import type { SlaPolicy } from '#lib/sla/types.ts';

/** The published tables of credits for broken availability. */
export const slaDto = z.object({
  policies: z.array(
    z.object({
      id: z.string(),
      skuId: z.string().nullable().meta({ description: 'null: every SKU without a table of its own' }),
      validFrom: z
        .string()
        .meta({ description: 'The first Shanghai month that it is in force in', example: '2026-12' }),
      tiers: z
        .array(
          z.object({
            belowPpm: z.number().int().meta({ description: 'Availability of the month, in millionths, exclusive' }),
            creditBps: z
              .number()
              .int()
              .meta({ description: 'Share of the month’s charge paid in cash, in basis points' }),
          }),
        )
        .meta({ description: 'From the highest threshold down; the last one that availability is below counts' }),
    }),
  ),
});

export function toSlaDto(policies: readonly SlaPolicy[]): z.infer<typeof slaDto> {
  return {
    policies: policies.map(({ id, skuId, validFrom, tiers }) => ({
      id,
      skuId,
      validFrom,
      tiers: tiers.map(({ belowPpm, creditBps }) => ({ belowPpm, creditBps })),
    })),
  };
}
