/** A time span in its two largest units, rounded down, zero parts left out: 93,784 s is 1 day 2 hours. */
export type DurationPart = { readonly unit: 'days' | 'hours' | 'minutes' | 'seconds'; readonly count: number };

const SECONDS = { days: 86_400, hours: 3_600, minutes: 60, seconds: 1 } as const;
const ORDER = ['days', 'hours', 'minutes', 'seconds'] as const;

/** The parts to show of a span; a negative one shows as zero seconds. */
export function durationParts(totalSeconds: bigint | number): DurationPart[] {
  let rest = Math.max(Math.floor(Number(totalSeconds)), 0);
  const parts = ORDER.map((unit) => {
    const count = Math.floor(rest / SECONDS[unit]);
    rest -= count * SECONDS[unit];
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first === -1) return [{ unit: 'seconds', count: 0 }];
  return parts.slice(first, first + 2).filter(({ count }) => count > 0);
}
