import { chargeToDate, earnedToDate, type PriceE10, type Units, units } from '#lib/core/money.ts';

/** What rating needs of an allocation's hour; seconds are whole, the band is one per clock hour. */
export type RatedUsage = {
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly term: { readonly seconds: number; readonly priceUnits: bigint } | null;
  readonly before: { readonly weightedSeconds: bigint; readonly chargedUnits: bigint };
};

export type Rating = {
  /** Σ of the allocation up to and with this hour: seconds × band by the hour, seconds by the card. */
  readonly weightedSeconds: bigint;
  readonly chargedUnits: Units;
  /** This hour's charge: the difference to what was charged before. */
  readonly amountUnits: Units;
};

/**
 * Rates an hour of an allocation. By the hour: R(t) of used seconds × band. By the card: the part of the paid term
 * earned by used and unused seconds; seconds without proof earn nothing and their price returns at the end.
 */
export function rate(usage: RatedUsage, price: PriceE10, bandBps: number): Rating {
  const { before, term } = usage;
  const weightedSeconds = term
    ? before.weightedSeconds + BigInt(usage.usedSeconds + usage.unusedSeconds)
    : before.weightedSeconds + BigInt(usage.usedSeconds) * BigInt(bandBps);
  const chargedUnits = term
    ? earnedToDate(units(term.priceUnits), weightedSeconds, BigInt(term.seconds))
    : chargeToDate(price, weightedSeconds);
  return { weightedSeconds, chargedUnits, amountUnits: units(chargedUnits - before.chargedUnits) };
}
