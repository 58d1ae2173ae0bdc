import { bandBpsAt } from '#lib/catalog/price.ts';
import { earlier, floorToSecond, type Instant, later, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { BRIDGED_GAP_SECONDS } from '#lib/metering/types.ts';
import { type Equation, equation } from './equation.ts';
import type { ChargeRecord, EvidenceRow, Gap, GapReason, LossEvent, PublishedPrice } from './types.ts';

/** An interval of proof as it is stored. */
export type StoredEvidence = { readonly id: string; readonly startAt: Instant; readonly endAt: Instant | null };

/** Altered rows may lie off the second: then a step does not hold, and nothing breaks. */
const wholeSeconds = (from: Instant, to: Instant): number => Math.floor((to - from) / SECOND_MS);

/** A paid term by the card has no bands. */
const FULL_BPS = 10_000;

/** Up to where the card was the customer's in the hour: what lies beyond is a paid term that runs on unused. */
function boundUntil({ startAt, endAt, allocatedUntil }: ChargeRecord): Instant {
  return later(startAt, earlier(endAt, allocatedUntil ?? endAt));
}

/** What of an interval of proof lies in the charge; proof that goes on reaches beyond a charged hour. */
function partOf(charge: ChargeRecord, { startAt, endAt }: StoredEvidence): ClosedInterval | null {
  const until = boundUntil(charge);
  const part = { startAt: later(startAt, charge.startAt), endAt: earlier(endAt ?? until, until) };
  return part.startAt < part.endAt ? part : null;
}

/** The proof that counts for a charge, each interval with its seconds in it. */
export function countEvidence(charge: ChargeRecord, stored: readonly StoredEvidence[]): EvidenceRow[] {
  return stored.flatMap((row) => {
    const part = partOf(charge, row);
    return part === null ? [] : [{ ...row, countedSeconds: wholeSeconds(part.startAt, part.endAt) }];
  });
}

function reasonOf(charge: ChargeRecord, gap: ClosedInterval, losses: readonly LossEvent[]): GapReason {
  const { cardId, allocatedFrom } = charge;
  const from = plusSeconds(gap.startAt, -BRIDGED_GAP_SECONDS);
  if (losses.some((loss) => loss.cardId === cardId && floorToSecond(loss.at) >= from && loss.at < gap.endAt))
    return 'cardLost';
  return gap.startAt === allocatedFrom ? 'notHandedOver' : 'noProof';
}

/**
 * The seconds of a charge without proof, in order, each stretch with why: the card was still being handed over, it had
 * failed, or nothing proved it; and those that a paid term ran on after the customer had left.
 */
export function findGaps(
  charge: ChargeRecord,
  stored: readonly StoredEvidence[],
  losses: readonly LossEvent[],
): readonly Gap[] {
  const until = boundUntil(charge);
  const parts = stored.flatMap((row) => partOf(charge, row) ?? []).sort((a, b) => a.startAt - b.startAt);
  const gaps: Gap[] = [];
  let at = charge.startAt;
  for (const { startAt, endAt } of [...parts, { startAt: until, endAt: until }]) {
    const gap = { startAt: at, endAt: startAt };
    if (at < startAt) gaps.push({ ...gap, reason: reasonOf(charge, gap, losses) });
    at = later(at, endAt);
  }
  return until < charge.endAt ? [...gaps, { startAt: until, endAt: charge.endAt, reason: 'leftEarly' }] : gaps;
}

/** What was found out, or agreed by two people, after an hour had its turn. */
export type LateFacts = {
  /** The hour's seconds by evidence and what was found out later, and those of all its charges; null without any of it. */
  readonly corrected: { readonly provenSeconds: number; readonly usedSeconds: number } | null;
  /** True: nobody charged the hour in its turn, and two people agreed that it is not paid. */
  readonly isWaived: boolean;
};

/** An hour about which nothing was found out later. */
export const IN_TURN: LateFacts = { corrected: null, isWaived: false };

/** A waived hour: its band is none, and what an allocation was charged to date stays as it was. */
function waived({ before, bandBps, ...charge }: ChargeRecord): Equation[] {
  return [
    equation('bandWaived', { waivers: 1n }, BigInt(bandBps)),
    equation('weightedWaived', { before: before.weightedSeconds }, charge.weightedSecondsToDate),
    equation('chargedWaived', { before: before.chargedUnits }, charge.chargedToDateUnits),
  ];
}

/** The seconds that a charge says are used: those that are proven, or with its revisions those that are by now. */
function usedEquations(charge: ChargeRecord, proven: number, { corrected }: LateFacts): Equation[] {
  if (corrected !== null)
    return [equation('secondsCorrected', { proven: BigInt(corrected.provenSeconds) }, BigInt(corrected.usedSeconds))];
  // A revision says what changes; what proved it came late, beside the evidence of its time.
  return charge.revision > 0 ? [] : [equation('secondsProven', { proven: BigInt(proven) }, BigInt(charge.usedSeconds))];
}

/** By the hour: seconds weighted with the band of their hour, and R(before) and R(after) from the published price. */
function hourly({ before, usedSeconds, bandBps, ...charge }: ChargeRecord, price: PublishedPrice): Equation[] {
  const weighted = charge.weightedSecondsToDate;
  const priceE10 = price.priceE10PerCardHour;
  return [
    equation('bandInForce', { band: BigInt(bandBpsAt(price, charge.hourAt)) }, BigInt(bandBps)),
    equation(
      'weightedByHour',
      { before: before.weightedSeconds, used: BigInt(usedSeconds), band: BigInt(bandBps) },
      weighted,
    ),
    equation('chargedBefore', { price: priceE10, weighted: before.weightedSeconds }, before.chargedUnits),
    equation('chargedAfter', { price: priceE10, weighted }, charge.chargedToDateUnits),
  ];
}

/** By the card: the share of the prepaid term that is earned by what has passed of it. */
function prepaid(
  { before, usedSeconds, unusedSeconds, bandBps, ...charge }: ChargeRecord,
  term: NonNullable<ChargeRecord['term']>,
): Equation[] {
  const elapsed = charge.weightedSecondsToDate;
  const whole = { termPrice: term.priceUnits, term: BigInt(term.seconds) };
  return [
    equation('bandInForce', { band: BigInt(FULL_BPS) }, BigInt(bandBps)),
    equation(
      'weightedByCard',
      { before: before.weightedSeconds, used: BigInt(usedSeconds), unused: BigInt(unusedSeconds) },
      elapsed,
    ),
    equation('earnedBefore', { ...whole, elapsed: before.weightedSeconds }, before.chargedUnits),
    equation('earnedAfter', { ...whole, elapsed }, charge.chargedToDateUnits),
  ];
}

/** How an agreed price came out of the list; nothing for a price of the list. */
function agreedStep({ priceE10PerCardHour, agreed }: PublishedPrice): Equation[] {
  if (!agreed) return [];
  const { standardPriceE10: list, tierFactorBps, factorBps, fixedPriceE10 } = agreed;
  const tier = BigInt(tierFactorBps);
  return [
    factorBps === null
      ? equation('agreedPrice', { list, agreed: fixedPriceE10 ?? list, tier }, priceE10PerCardHour)
      : equation('agreedShare', { list, tier, share: BigInt(factorBps) }, priceE10PerCardHour),
  ];
}

/** The steps from the evidence of a charge to its amount, in their order. */
export function chargeEquations(
  charge: ChargeRecord,
  price: PublishedPrice,
  evidence: readonly EvidenceRow[],
  late: LateFacts = IN_TURN,
): readonly Equation[] {
  const { usedSeconds, unusedSeconds, downSeconds, startAt, endAt, before, term } = charge;
  const proven = evidence.reduce((sum, { countedSeconds }) => sum + countedSeconds, 0);
  const isRevision = charge.revision > 0;
  const rated = () => (term === null ? hourly(charge, price) : prepaid(charge, term));
  return [
    ...usedEquations(charge, proven, late),
    equation(
      'secondsSplit',
      { used: BigInt(usedSeconds), unused: BigInt(unusedSeconds), down: BigInt(downSeconds) },
      BigInt(isRevision ? 0 : wholeSeconds(startAt, endAt)),
    ),
    ...agreedStep(price),
    ...(late.isWaived && !isRevision ? waived(charge) : rated()),
    equation('amount', { after: charge.chargedToDateUnits, before: before.chargedUnits }, charge.amountUnits),
  ];
}
