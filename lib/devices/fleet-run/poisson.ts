/** The counts between which a Poisson variable lies with a probability, as much left out below as above. */
export type PoissonInterval = { readonly low: number; readonly high: number };

/** Weights below this share of the greatest one change no digit of a sum. */
const NEGLIGIBLE = 1e-18;

/**
 * The central interval of a Poisson variable of this mean. Weights are taken relative to the mode, so no mean
 * underflows.
 */
export function poissonInterval(mean: number, probability: number): PoissonInterval {
  const mode = Math.floor(mean);
  const below: number[] = [];
  for (let k = mode, weight = 1; k > 0 && weight > NEGLIGIBLE; k -= 1) {
    weight *= k / mean;
    below.push(weight);
  }
  const above: number[] = [];
  for (let k = mode + 1, weight = mean / (mode + 1); weight > NEGLIGIBLE; k += 1) {
    above.push(weight);
    weight *= mean / (k + 1);
  }
  const weights = [...below.toReversed(), 1, ...above];
  const first = mode - below.length;
  const tail = (weights.reduce((a, b) => a + b, 0) * (1 - probability)) / 2;
  return {
    low: first + countWithin(weights, tail),
    high: first + weights.length - 1 - countWithin(weights.toReversed(), tail),
  };
}

/** How many of the first weights together stay within a tail. */
function countWithin(weights: readonly number[], tail: number): number {
  let sum = 0;
  let count = 0;
  for (const weight of weights) {
    sum += weight;
    if (sum > tail) break;
    count += 1;
  }
  return count;
}
