import { type Units, units, WHOLE_BPS, ZERO_UNITS } from '#lib/core/money.ts';
import type { Due, Figures, Tier } from './types.ts';

const WHOLE_PPM = 1_000_000n;

export const NO_FIGURES: Figures = {
  promisedSeconds: 0n,
  excludedSeconds: 0n,
  usedSeconds: 0n,
  downSeconds: 0n,
  chargedUnits: ZERO_UNITS,
  voucherUnits: ZERO_UNITS,
};

/** Adds the figures of two parts of a month: what a month comes to does not depend on how it is split. */
export function plusFigures(a: Figures, b: Figures): Figures {
  return {
    promisedSeconds: a.promisedSeconds + b.promisedSeconds,
    excludedSeconds: a.excludedSeconds + b.excludedSeconds,
    usedSeconds: a.usedSeconds + b.usedSeconds,
    downSeconds: a.downSeconds + b.downSeconds,
    chargedUnits: units(a.chargedUnits + b.chargedUnits),
    voucherUnits: units(a.voucherUnits + b.voucherUnits),
  };
}

/** The card-seconds that availability is measured against: promised, less those of announced maintenance. */
export const countedSeconds = ({ promisedSeconds, excludedSeconds }: Figures): bigint =>
  promisedSeconds - excludedSeconds;

/** The counted card-seconds in which there was no proven card. */
export const brokenSeconds = (figures: Figures): bigint => countedSeconds(figures) - figures.usedSeconds;

/** Availability in millionths, rounded down; null where nothing was promised. For display: credits compare the seconds. */
export function availabilityPpm(figures: Figures): number | null {
  const counted = countedSeconds(figures);
  return counted <= 0n ? null : Number((figures.usedSeconds * WHOLE_PPM) / counted);
}

/** The last line of a table that figures fall below: that with the largest share; null when they fall below none. */
export function tierOf(figures: Figures, tiers: readonly Tier[]): Tier | null {
  const isBelow = ({ belowPpm }: Tier): boolean =>
    figures.usedSeconds * WHOLE_PPM < BigInt(belowPpm) * countedSeconds(figures);
  return tiers.findLast(isBelow) ?? null;
}

/** What was charged and not paid by vouchers: a credit is a share of this, so it is never more than was paid in cash. */
export function cashUnits({ chargedUnits, voucherUnits }: Figures): Units {
  return units(chargedUnits > voucherUnits ? chargedUnits - voucherUnits : 0n);
}

/** What a reservation's month comes to by a table: floor(cash × share ÷ 10,000). Null when that is nothing. */
export function dueOf(figures: Figures, tiers: readonly Tier[]): Due | null {
  const tier = tierOf(figures, tiers);
  if (tier === null) return null;
  const dueUnits = units((cashUnits(figures) * BigInt(tier.creditBps)) / WHOLE_BPS);
  return dueUnits > 0n ? { tier, dueUnits } : null;
}

/** What is still missing of what is due. What was given is never taken back: then nothing is missing. */
export function missingUnits({ dueUnits }: Due, givenUnits: Units): Units {
  return units(dueUnits > givenUnits ? dueUnits - givenUnits : 0n);
}

/** What of a credit lessens what its organisation owes, and takes that off what it still owes. */
export function lessenOwed(
  owed: Map<string, Units>,
  { organisationId, amountUnits }: { readonly organisationId: string; readonly amountUnits: Units },
): Units {
  const before = owed.get(organisationId) ?? units(0n);
  const part = units(amountUnits < before ? amountUnits : before);
  owed.set(organisationId, units(before - part));
  return part;
}
