import { parseDecimal } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { type SlaPolicy, type Tier, TIERS_MAX } from './types.ts';

/** True when a table makes sense: thresholds fall from line to line, and shares rise, all of them within a whole. */
export function isTable(tiers: readonly Tier[]): boolean {
  return (
    tiers.length >= 1 &&
    tiers.length <= TIERS_MAX &&
    tiers.every(({ belowPpm, creditBps }, i) => {
      const last = tiers[i - 1];
      const isFine = Number.isSafeInteger(belowPpm) && Number.isSafeInteger(creditBps);
      const isInRange = belowPpm >= 1 && belowPpm <= 1_000_000 && creditBps >= 1 && creditBps <= 10_000;
      return isFine && isInRange && (!last || (belowPpm < last.belowPpm && creditBps > last.creditBps));
    })
  );
}

/** Reads lines such as `99.9 10`, below 99.9 % a credit of 10 %; null when one is not of that shape or they are no table. */
export function readTiers(text: string): Tier[] | null {
  const tiers = text
    .split(/[\n;；]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [below = '', credit = '', ...more] = line.split(/[\s,，]+/);
      const belowPpm = parseDecimal(below, 4);
      const creditBps = parseDecimal(credit, 2);
      return more.length > 0 || belowPpm === null || creditBps === null
        ? { belowPpm: 0, creditBps: 0 }
        : { belowPpm: Number(belowPpm), creditBps: Number(creditBps) };
    });
  return isTable(tiers) ? tiers : null;
}

/** The table in force for a SKU in a month: the SKU's own that began last, else the operator's; null before the first. */
export function policyInForce(policies: readonly SlaPolicy[], skuId: string, month: Month): SlaPolicy | null {
  const begun = policies.filter(({ state, validFrom }) => state === 'approved' && validFrom <= month);
  const latest = (whose: string | null): SlaPolicy | null =>
    begun
      .filter((policy) => policy.skuId === whose)
      .reduce<SlaPolicy | null>((last, each) => (last && last.validFrom > each.validFrom ? last : each), null);
  return latest(skuId) ?? latest(null);
}
