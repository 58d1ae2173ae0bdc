import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { bandBpsAt } from '#lib/catalog/price.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { rate } from '../rate.ts';
import { chargeEquations, countEvidence, findGaps, type StoredEvidence } from './charge.ts';
import { allHold } from './equation.ts';
import type { ChargeRecord, PublishedPrice } from './types.ts';

const T0 = instant(Date.UTC(2026, 10, 2, 1));
const at = (seconds: number): Instant => plusSeconds(T0, seconds);
const CARD = 'crd_1' as Id<'card'>;

const priceOf = (e10: bigint, nightBps: number): PublishedPrice => ({
  id: idFrom('priceVersion', 'prv_1'),
  validFrom: T0,
  priceE10PerCardHour: priceE10(e10),
  bands: [{ fromHour: 0, toHour: 12, factorBps: nightBps }],
});

const EMPTY: ChargeRecord = {
  organisationId: idFrom('organisation', 'org_1'),
  allocationId: idFrom('allocation', 'alc_1'),
  reservationId: idFrom('reservation', 'rsv_1'),
  reservationName: 'test',
  cardId: CARD,
  place: 'p01/s01/n1',
  slot: 0,
  hourAt: T0,
  revision: 0,
  startAt: T0,
  endAt: at(3_600),
  allocatedFrom: T0,
  allocatedUntil: null,
  usedSeconds: 3_600,
  unusedSeconds: 0,
  downSeconds: 0,
  priceVersionId: idFrom('priceVersion', 'prv_1'),
  bandBps: 10_000,
  weightedSecondsToDate: 0n,
  chargedToDateUnits: units(0n),
  amountUnits: units(0n),
  chargedAt: at(3_600),
  term: null,
  before: { weightedSeconds: 0n, chargedUnits: units(0n) },
  journalKey: 'meter:rsv_1:2026-11-02T01:0',
};

/** Hours of one allocation as the hourly run would charge them: `used` seconds of each, the rest down or unused. */
function chargesOf(hours: readonly number[], price: PublishedPrice, term: ChargeRecord['term']): ChargeRecord[] {
  let before = EMPTY.before;
  return hours.map((used, i) => {
    const hourAt = instant(T0 + i * HOUR_MS);
    const bandBps = term ? 10_000 : bandBpsAt(price as PriceVersion, hourAt);
    const usage = { usedSeconds: used, unusedSeconds: 0, term, before };
    const rated = rate(usage, price.priceE10PerCardHour, bandBps);
    const charge = {
      ...EMPTY,
      hourAt,
      startAt: hourAt,
      endAt: instant(hourAt + HOUR_MS),
      usedSeconds: used,
      downSeconds: 3_600 - used,
      bandBps,
      weightedSecondsToDate: rated.weightedSeconds,
      chargedToDateUnits: rated.chargedUnits,
      amountUnits: rated.amountUnits,
      term,
      before,
    };
    before = rated;
    return charge;
  });
}

/** Proof from the hour's start on for as long as it was used. */
const proofOf = ({ startAt, usedSeconds }: ChargeRecord): StoredEvidence[] =>
  usedSeconds === 0 ? [] : [{ id: '1', startAt, endAt: plusSeconds(startAt, usedSeconds) }];

const someHours = fc.array(fc.integer({ min: 0, max: 3_600 }), { minLength: 1, maxLength: 30 });

describe('the steps of a charge', () => {
  test('hold for any hours, price and band, by the hour and by the card', () => {
    fc.assert(
      fc.property(
        someHours,
        fc.bigInt({ min: 0n, max: 10n ** 13n }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.boolean(),
        (hours, e10, nightBps, isTerm) => {
          const price = priceOf(e10, nightBps);
          const term = isTerm ? { name: 'month' as const, seconds: 30 * 86_400, priceUnits: units(e10) } : null;
          for (const charge of chargesOf(hours, price, term))
            expect(allHold(chargeEquations(charge, price, countEvidence(charge, proofOf(charge))))).toBe(true);
        },
      ),
    );
  });

  test('begin with how an agreed price follows from the list, and show one that does not', () => {
    const agreed = {
      agreementId: idFrom('priceAgreement', 'pra_1'),
      contractNumber: 'KS-1',
      factorBps: 8_500,
      fixedPriceE10: null,
      listVersionId: idFrom('priceVersion', 'prv_list'),
      listPriceE10PerCardHour: priceE10(72_000_000_000n),
      standardPriceE10: priceE10(120_000_000_000n),
      tierFactorBps: 6_000,
    };
    const price = { ...priceOf(61_200_000_000n, 8_000), agreed };
    const [charge = EMPTY] = chargesOf([3_600], price, null);
    const evidence = countEvidence(charge, proofOf(charge));
    const ruleOf = (published: PublishedPrice) => chargeEquations(charge, published, evidence)[2]?.rule;
    expect([ruleOf(price), allHold(chargeEquations(charge, price, evidence))]).toEqual(['agreedShare', true]);
    const fixed = { ...price, agreed: { ...agreed, factorBps: null, fixedPriceE10: priceE10(102_000_000_000n) } };
    expect([ruleOf(fixed), allHold(chargeEquations(charge, fixed, evidence))]).toEqual(['agreedPrice', true]);
    const other = { ...price, agreed: { ...agreed, factorBps: 8_501 } };
    expect(allHold(chargeEquations(charge, other, evidence))).toBe(false);
  });

  test('show any one figure that was altered', () => {
    const price = priceOf(125_000_000_000n, 8_000);
    const charge = chargesOf([3_600, 2_700], price, null)[1] ?? EMPTY;
    const evidence = countEvidence(charge, proofOf(charge));
    const alterations: Partial<ChargeRecord>[] = [
      { usedSeconds: charge.usedSeconds - 1 },
      { downSeconds: charge.downSeconds + 1 },
      { unusedSeconds: 1 },
      { bandBps: charge.bandBps + 1 },
      { weightedSecondsToDate: charge.weightedSecondsToDate + 1n },
      { chargedToDateUnits: units(charge.chargedToDateUnits + 1n) },
      { amountUnits: units(charge.amountUnits - 1n) },
      { endAt: at(7_201) },
      { before: { ...charge.before, chargedUnits: units(charge.before.chargedUnits + 1n) } },
      { before: { ...charge.before, weightedSeconds: charge.before.weightedSeconds + 1n } },
    ];
    expect(allHold(chargeEquations(charge, price, evidence))).toBe(true);
    for (const altered of alterations)
      expect([Object.keys(altered), allHold(chargeEquations({ ...charge, ...altered }, price, evidence))]).toEqual([
        Object.keys(altered),
        false,
      ]);
    expect(allHold(chargeEquations(charge, priceOf(125_000_010_000n, 8_000), evidence))).toBe(false);
    expect(allHold(chargeEquations(charge, price, []))).toBe(false);
  });
});

describe('seconds without proof', () => {
  const proof = (from: number, to: number | null): StoredEvidence => ({
    id: `${from}`,
    startAt: at(from),
    endAt: to === null ? null : at(to),
  });
  const gap = (from: number, to: number, reason: string) => ({ startAt: at(from), endAt: at(to), reason });

  test('are named by why: handing over, a card that failed, no proof, a term that was left', () => {
    const charge = { ...EMPTY, allocatedUntil: at(3_000) };
    const stored = [proof(40, 600), proof(1_200, 2_000), proof(2_500, 3_000)];
    const losses = [
      { cardId: CARD, at: at(601) },
      { cardId: 'crd_2', at: at(2_000) },
    ];
    expect(findGaps(charge, stored, losses)).toEqual([
      gap(0, 40, 'notHandedOver'),
      gap(600, 1_200, 'cardLost'),
      gap(2_000, 2_500, 'noProof'),
      gap(3_000, 3_600, 'leftEarly'),
    ]);
  });

  test('are none where proof goes on beyond the hour, and all where there is none', () => {
    expect(findGaps(EMPTY, [proof(-500, null)], [])).toEqual([]);
    expect(countEvidence(EMPTY, [proof(-500, null)])).toMatchObject([{ countedSeconds: 3_600, endAt: null }]);
    expect(findGaps({ ...EMPTY, allocatedFrom: at(-3_600) }, [], [])).toEqual([gap(0, 3_600, 'noProof')]);
    expect(findGaps({ ...EMPTY, allocatedUntil: at(-10) }, [proof(-500, -10)], [])).toEqual([
      gap(0, 3_600, 'leftEarly'),
    ]);
  });

  test('and proven ones are all seconds of the hour, however the proof lies', () => {
    const piece = fc.tuple(fc.integer({ min: -600, max: 4_200 }), fc.integer({ min: 0, max: 900 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: -600, max: 4_200 }), (pieces, until) => {
        // Proof of a card never overlaps: the database refuses it.
        const sorted = pieces.toSorted(([a], [b]) => a - b);
        const stored = sorted.map(([from, length], i) =>
          proof(from, Math.min(from + length, sorted[i + 1]?.[0] ?? from + length)),
        );
        const charge = { ...EMPTY, allocatedUntil: at(until) };
        const proven = countEvidence(charge, stored).reduce((sum, row) => sum + row.countedSeconds, 0);
        const gaps = findGaps(charge, stored, []).reduce((sum, each) => sum + (each.endAt - each.startAt) / 1_000, 0);
        expect(proven + gaps).toBe(3_600);
      }),
    );
  });
});
