/** The middle of some figures: half of them are at most it. Throws when there are none. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

/** The figure that a share of all are at most, by the nearest rank; `share` is over 0 and at most 1. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('no figures');
  return found;
}

/** Four significant digits: what a benchmark can tell, and what fits a table. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(4));
}
