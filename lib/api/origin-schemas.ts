import { z } from 'zod';

const isoInstant = z.string().meta({ format: 'date-time', example: '2026-11-23T06:00:00Z' });
const whole = z.string().meta({ description: 'A whole number as decimal text', example: '2500000000' });
const units = z.string().meta({ description: 'Money in 1e-8 yuan, as a decimal integer', example: '2500000000' });
const fen = z.string().meta({ description: 'Money in fen, as a decimal integer', example: '1250' });
const count = z.number().int();
const purchase = z.enum(['by-hour', 'by-card']);

const equationDto = z
  .object({
    rule: z.string(),
    formula: z.string(),
    operands: z.record(z.string(), whole),
    result: whole.nullable().meta({ description: 'Worked out again now' }),
    stated: whole.meta({ description: 'What was written down then' }),
    figure: z.enum(['units', 'fen', 'seconds', 'weightedSeconds', 'price', 'bps', 'count']),
    holds: z.boolean(),
  })
  .meta({ description: 'One step: its rule over its operands, and whether that is still what is recorded' });

const totals = { usedSeconds: whole, unusedSeconds: whole, downSeconds: whole, amountUnits: units };
const group = z.object({
  key: z.string().meta({ description: 'The day, the reservation, the hour or the allocation' }),
  name: z.string().nullable(),
  revision: count,
  charges: count,
  brokenCharges: count,
  ...totals,
});
const page = z.object({ rows: z.array(group), total: count, totals: z.object(totals) });
const price = z.object({
  id: z.string(),
  validFrom: isoInstant.meta({ description: 'Published and in force since' }),
  priceE10PerCardHour: whole,
  bands: z.array(z.object({ fromHour: count, toHour: count, factorBps: count })),
});
const item = { model: z.string(), siteName: z.object({ zh: z.string(), en: z.string() }), purchase };

export const invoicesDto = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      month: z.string(),
      issuedAt: isoInstant,
      grossUnits: units,
      residueUnits: units,
      grossFen: fen,
      netFen: fen,
      taxFen: fen,
      snapshotHash: z.string(),
    }),
  ),
  total: count,
});

export const lineDto = z.object({
  invoice: z.object({ id: z.string(), number: z.string(), month: z.string(), isIntact: z.boolean() }),
  line: z.object({
    line: count,
    ...item,
    skuId: z.string(),
    taxRateBps: count,
    usedSeconds: whole,
    unusedSeconds: whole,
    grossUnits: units,
    grossFen: fen,
    netFen: fen,
    taxFen: fen,
  }),
  price,
  charges: count,
  brokenCharges: count,
  equations: z.array(equationDto),
  holds: z.boolean(),
  parts: page.extend({ by: z.enum(['day', 'reservation', 'hour', 'card']) }),
});

export const chargeDto = z.object({
  charge: z.object({
    allocationId: z.string(),
    reservationId: z.string(),
    reservationName: z.string(),
    cardId: z.string(),
    place: z.string(),
    slot: count,
    hourAt: isoInstant,
    revision: count,
    startAt: isoInstant,
    endAt: isoInstant,
    usedSeconds: count,
    unusedSeconds: count,
    downSeconds: count,
    bandBps: count,
    weightedSecondsBefore: whole,
    weightedSecondsToDate: whole,
    chargedBeforeUnits: units,
    chargedToDateUnits: units,
    amountUnits: units,
    term: z.object({ name: z.string(), seconds: count, priceUnits: units }).nullable(),
    chargedAt: isoInstant,
    journalKey: z.string(),
  }),
  evidence: z.array(
    z.object({ id: z.string(), startAt: isoInstant, endAt: isoInstant.nullable(), countedSeconds: count }),
  ),
  gaps: z
    .array(
      z.object({
        startAt: isoInstant,
        endAt: isoInstant,
        reason: z.enum(['notHandedOver', 'cardLost', 'noProof', 'leftEarly']),
      }),
    )
    .meta({ description: 'Seconds that were not charged as used, and why' }),
  equations: z.array(equationDto),
  holds: z.boolean(),
  item: z.object(item),
  price,
  journalId: z.string().nullable(),
  line: z.object({ invoiceId: z.string(), number: z.string(), line: count }).nullable(),
});

const journalRef = z.object({ id: z.string(), key: z.string(), kind: z.string(), effectiveAt: isoInstant });

export const journalDto = journalRef.extend({
  postedAt: isoInstant,
  contentHash: z.string(),
  source: z.record(z.string(), z.union([z.string(), z.number()])),
  legs: z.array(
    z.object({
      leg: count,
      path: z.string(),
      accountKind: z.string(),
      asset: z.string(),
      debitUnits: whole,
      creditUnits: whole,
    }),
  ),
  isWhole: z.boolean().meta({ description: 'False: only the legs of your own accounts are shown' }),
  cause: z.object({
    reservation: z.object({ id: z.string(), name: z.string(), cards: count, purchase }).nullable(),
    hour: z.object({ hourAt: isoInstant, charges: count, ...totals }).nullable(),
    invoice: z.object({ id: z.string(), number: z.string(), month: z.string(), line: count.nullable() }).nullable(),
    payment: z.object({ id: z.string(), method: z.string(), receivedFen: fen.nullable() }).nullable(),
    hold: z.object({ placedUnits: units, capturedUnits: units, releasedUnits: units, balanceUnits: units }).nullable(),
    creditNote: z
      .object({
        id: z.string(),
        number: z.string(),
        line: count,
        taxRateBps: count,
        grossFen: fen,
        netFen: fen,
        taxFen: fen,
        before: z.object({ grossFen: fen, netFen: fen }),
      })
      .nullable(),
    refund: z
      .object({
        id: z.string(),
        route: z.string(),
        state: z.string(),
        amountFen: fen,
        askedUnits: units,
        paidUnits: units,
        returnedUnits: units,
      })
      .nullable(),
    dispute: z
      .object({
        id: z.string(),
        keptUnits: units.nullable().meta({ description: 'What the payment provider keeps; null for customers' }),
        takenUnits: units,
        givenBackUnits: units,
        lostUnits: units,
        leftUnits: units,
      })
      .nullable(),
  }),
  reverses: journalRef.nullable(),
  reversedBy: journalRef.nullable(),
  related: z.array(journalRef),
  charges: page.nullable(),
  equations: z.array(equationDto),
  holds: z.boolean(),
});
