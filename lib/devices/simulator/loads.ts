import type { LoadProfileName } from '../simulation.ts';

/** What a process asks of each of its cards, as shares of what the card has. All assumptions. */
export type Load = {
  readonly utilPct: number;
  readonly memUtilPct: number;
  readonly memoryShare: number;
  /** Of the way from idle power to the limit. */
  readonly powerShare: number;
  /** Of the rate of each active link. */
  readonly icnShare: number;
};

export const LOADS = {
  idle: { utilPct: 0, memUtilPct: 0, memoryShare: 0.005, powerShare: 0, icnShare: 0 },
  inference: { utilPct: 55, memUtilPct: 40, memoryShare: 0.82, powerShare: 0.5, icnShare: 0.15 },
  training: { utilPct: 96, memUtilPct: 70, memoryShare: 0.92, powerShare: 0.95, icnShare: 0.45 },
} as const satisfies Record<LoadProfileName, Load>;

const FULL: Load = { utilPct: 100, memUtilPct: 100, memoryShare: 1, powerShare: 1, icnShare: 1 };

const KEYS = ['utilPct', 'memUtilPct', 'memoryShare', 'powerShare', 'icnShare'] as const satisfies (keyof Load)[];

/** What several processes ask of one card together, each share cut at what the card has. */
export function addLoads(loads: Iterable<Load>): Load {
  const sum = { utilPct: 0, memUtilPct: 0, memoryShare: 0, powerShare: 0, icnShare: 0 };
  for (const load of loads) for (const key of KEYS) sum[key] = Math.min(FULL[key], sum[key] + load[key]);
  return sum;
}
