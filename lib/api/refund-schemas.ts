import { z } from 'zod';

const isoInstant = z.string().meta({ format: 'date-time', example: '2026-11-23T06:00:00Z' });
const amount = z.string().meta({ description: 'In 1e-8 yuan' });

/** What refunding a term in full now gives back, and to where. */
export const refundPreviewDto = z.object({
  untilAt: isoInstant.meta({ description: 'The last instant at which it is refunded' }),
  windowDays: z.number().int().meta({ description: 'Days of 24 hours each after the purchase' }),
  paidUnits: amount,
  chargedUnits: z.string().meta({ description: 'Of it for hours that were used, which comes back too; in 1e-8 yuan' }),
  givenUnits: z.string().meta({ description: 'Given before for broken availability; in 1e-8 yuan' }),
  backUnits: amount,
  walletUnits: amount,
  vouchers: z.array(z.object({ id: z.string(), amountUnits: amount })),
});
