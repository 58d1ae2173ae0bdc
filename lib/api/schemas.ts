import { z } from 'zod';
import { gangSchema, TERMS } from '#lib/catalog/types.ts';
import { PREFERRED_LEVELS, TOPOLOGIES } from '#lib/core/topology.ts';
import { parseInstant } from '#lib/core/instant.ts';

const isoInstant = z
  .string()
  .refine((text) => parseInstant(text) !== null, 'an ISO 8601 instant with its zone')
  .meta({ format: 'date-time', example: '2026-11-23T06:00:00Z' });
const units = z.string().meta({ description: 'Money in 1e-8 yuan, as a decimal integer', example: '2500000000' });

/** Bodies of requests. Unknown fields are refused, so that a typo never passes as a default. */
export const quoteBody = z.strictObject({
  skuId: z.string().min(1).max(64),
  cards: z.number(),
  topology: z.enum(TOPOLOGIES).default('any'),
  gang: gangSchema.optional().meta({
    description:
      'segmentCards: the topology holds for each segment of so many cards; preferred: all in one of that level if there is room',
  }),
  startAt: isoInstant.nullable().default(null).meta({ description: 'null: as soon as it is decided' }),
  durationSeconds: z.number().nullable().default(null).meta({ description: 'By the hour; null: open end' }),
  term: z.enum(TERMS).nullable().default(null).meta({ description: 'By the card' }),
  imageId: z.string().min(1).max(64).nullable().default(null),
});
export const reserveBody = z.strictObject({
  quoteId: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(80),
  projectId: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .meta({ description: 'A project of the organisation: its quota and limit count too; null: none' }),
  payBy: z
    .enum(['wallet', 'account'])
    .default('wallet')
    .meta({ description: 'account: set aside against the credit line, by the hour and with an end only' }),
});
export const extendBody = z.strictObject({
  seconds: z.number().int().min(1).max(7_776_000),
  expectedUnits: z
    .string()
    .regex(/^\d{1,19}$/)
    .meta({ description: 'What the extension costs, as shown; another price is refused' }),
});
export const autoExtendBody = z.strictObject({
  rule: z
    .strictObject({
      stepSeconds: z.number().int().min(1).max(7_776_000),
      priceE10Max: z
        .string()
        .regex(/^\d{1,18}$/)
        .meta({ description: 'Highest mean price of a step, in 1e-10 yuan per card-hour' }),
      untilAt: isoInstant.nullable().default(null).meta({ description: 'The end never moves beyond this' }),
    })
    .nullable()
    .meta({ description: 'null: the reservation does not extend itself' }),
});
export const shrinkBody = z.strictObject({
  cards: z.number().int().min(1).max(10_000).meta({ description: 'How many cards go back; some, not all' }),
  cardIds: z
    .array(z.string().min(1).max(64))
    .max(10_000)
    .default([])
    .meta({ description: 'Which running cards; empty: those that leave least in pieces' }),
});
export const transferBody = z.strictObject({
  to: z.string().trim().min(1).max(64).meta({ description: 'The address (slug) of the organisation' }),
});
export const acceptBody = z.strictObject({
  expectedUnits: z
    .string()
    .regex(/^\d{1,19}$/)
    .meta({ description: 'What is set aside for it, as offered; another price is refused' }),
});
export const emptyBody = z.strictObject({});

const band = z.object({ fromHour: z.number().int(), toHour: z.number().int(), factorBps: z.number().int() });
const term = z.object({ term: z.enum(TERMS), termSeconds: z.number().int(), factorBps: z.number().int() });
export const skuDto = z.object({
  id: z.string(),
  poolId: z.string(),
  model: z.string(),
  site: z.object({ zh: z.string(), en: z.string() }),
  purchase: z.enum(['by-hour', 'by-card']),
  totalCards: z.number().int(),
  cardsPerServer: z.number().int(),
  cardsPerSupernode: z.number().int(),
  priceE10PerCardHour: z.string().meta({ description: 'Price in 1e-10 yuan per card-hour, tax included' }),
  listPriceE10PerCardHour: z.string().meta({ description: 'The list price; above the price where one was agreed' }),
  contractNumber: z.string().nullable().meta({ description: 'The contract by which a price was agreed; else null' }),
  returnShareBps: z
    .number()
    .int()
    .meta({ description: 'By the card: the share of the unused rest of a running term that is credited, in 1/10,000' }),
  bands: z.array(band),
  terms: z.array(term),
  queueTiers: z.array(
    z.object({ tier: z.enum(['urgent', 'flex']), factorBps: z.number().int(), priceE10PerCardHour: z.string() }),
  ),
});
export const quoteDto = z.object({
  id: z.string(),
  skuId: z.string(),
  cards: z.number().int(),
  priceE10PerCardHour: z.string().meta({ description: 'Your price in 1e-10 yuan per card-hour, tax included' }),
  listPriceE10PerCardHour: z.string().meta({ description: 'The list price; above the price where one was agreed' }),
  contractNumber: z.string().nullable().meta({ description: 'The contract by which a price was agreed; else null' }),
  totalUnits: units,
  listTotalUnits: units.describe('What the total would be by the list'),
  vouchersUnits: units.describe('What vouchers would pay of it at this moment'),
  cashUnits: units.describe('What the wallet would pay: the total less vouchers'),
  lines: z.array(z.object({ seconds: z.number().int(), factorBps: z.number().int(), amountUnits: units })),
  expiresAt: isoInstant,
});
export const reservationDto = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['confirmed', 'active', 'ended', 'cancelled']),
  projectId: z.string().nullable(),
  skuId: z.string(),
  purchase: z.enum(['by-hour', 'by-card']),
  payBy: z.enum(['wallet', 'account']),
  cards: z.number().int(),
  missingCards: z.number().int(),
  topology: z.enum(TOPOLOGIES),
  segmentCards: z.number().int().nullable(),
  preferred: z.enum(PREFERRED_LEVELS).nullable(),
  startAt: isoInstant,
  endAt: isoInstant.nullable(),
  endedAt: isoInstant.nullable(),
  settledAt: isoInstant.nullable(),
  createdAt: isoInstant,
});
export const transferDto = z.object({
  reservationId: z.string(),
  from: z.string(),
  name: z.string(),
  skuId: z.string(),
  cards: z.number().int(),
  topology: z.enum(TOPOLOGIES),
  startAt: isoInstant,
  endAt: isoInstant.nullable(),
  amountUnits: units,
});
export const transfersDto = z.object({ rows: z.array(transferDto) });
export const projectDto = z.object({
  id: z.string(),
  name: z.string(),
  cardQuota: z.number().int().nullable(),
  monthlySpendingLimitUnits: units.nullable(),
  isClosed: z.boolean(),
  cardsInUse: z.number().int(),
  spentUnits: units.meta({ description: 'Charged for hours of this month, in 1e-8 yuan' }),
  committedUnits: units.meta({ description: 'Set aside in this month, which the limit counts, in 1e-8 yuan' }),
});
export const projectsDto = z.object({ rows: z.array(projectDto) });
export const changedDto = z.object({ reservationId: z.string().nullable() });
export const listDto = z.object({ rows: z.array(reservationDto), total: z.number().int() });
export const availabilityDto = z.object({
  poolId: z.string(),
  publishedAt: isoInstant,
  fromHourAt: isoInstant,
  totalCards: z.number().int(),
  freeCards: z.array(z.number().int()),
  freeServers: z.array(z.number().int()),
  freeSupernodes: z.array(z.number().int()),
  largestOnServer: z.array(z.number().int()),
  largestOnSupernode: z.array(z.number().int()),
});
export const errorDto = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    safe: z.string().meta({ description: 'What has not happened' }),
    suggestion: z.string(),
    isRetryable: z.boolean(),
    details: z.record(z.string(), z.unknown()),
  }),
  requestId: z.string(),
});
