import type { Certainty } from './card-profile.ts';
import type { FaultKind } from './fault-types.ts';

/** How often things break by themselves. Rates are means over the fleet, lemons included. */
export type FaultRates = {
  /** Card kinds per card and hour, server kinds per server and hour; a kind that is absent never comes by itself. */
  readonly perHour: Readonly<Partial<Record<FaultKind, number>>>;
  /** The share of servers that fail `lemonFactor` times as often as the others. */
  readonly lemonShare: number;
  readonly lemonFactor: number;
};

export type FaultRate = {
  readonly kind: FaultKind;
  readonly perHour: number;
  readonly certainty: Certainty;
  readonly source: string;
};

/** Card-hours of the Llama 3 run: 16,384 H100 for 54 days. */
const LLAMA3_CARD_HOURS = 16_384 * 54 * 24;

/**
 * Counts are verified for H100; that a Zhenwu card breaks as often is not known to anybody. Which of our kinds stands
 * for a published cause is our reading, hence `derived`.
 */
const LLAMA3_COUNTS: readonly (readonly [FaultKind, number, string])[] = [
  ['lost', 148, 'faulty GPU'],
  ['hbm_uecc', 72, 'GPU HBM'],
  ['icn_down', 35, 'network switch or cable'],
  ['sram_ecc', 19, 'GPU SRAM'],
  ['kill_overtime', 17, 'GPU system processor'],
  ['thermal', 6, 'GPU thermal interface or sensor'],
  ['sdc', 6, 'silent data corruption'],
];

export const LLAMA3_RATE_TABLE: readonly FaultRate[] = LLAMA3_COUNTS.map(([kind, count, cause]) => ({
  kind,
  perHour: count / LLAMA3_CARD_HOURS,
  certainty: 'derived',
  source: `Llama 3 paper: ${count} × ${cause}`,
}));

/** What job-interruption counts cannot show. Nobody has published such rates for these cards. */
const ASSUMED_RATE_TABLE: readonly FaultRate[] = [
  assumed('lost', 1e-6),
  assumed('kill_overtime', 1e-6),
  assumed('cecc_storm', 3e-6),
  assumed('retirement_failed', 5e-7),
  assumed('icn_half_width', 5e-7),
  assumed('thermal', 5e-6),
  assumed('silent_slow', 2.8e-7),
  assumed('driver_unloaded', 1e-7),
  assumed('lib_mismatch', 1e-7),
  assumed('vfio_bound', 1e-7),
  assumed('stale_initramfs', 1e-6),
];

const LEMONS = { lemonShare: 0.02, lemonFactor: 10 } as const;

/** What stopped jobs in the Llama 3 run, 1.43e-5 per card and hour in all, with our lemons. */
export const LLAMA3_RATES: FaultRates = { perHour: toPerHour(LLAMA3_RATE_TABLE), ...LEMONS };

/** Our working mixture: the memory and ICN rates of Llama 3, and assumptions for all that it does not show. */
export const ASSUMED_RATES: FaultRates = {
  perHour: { ...LLAMA3_RATES.perHour, ...toPerHour(ASSUMED_RATE_TABLE) },
  ...LEMONS,
};

function assumed(kind: FaultKind, perHour: number): FaultRate {
  return { kind, perHour, certainty: 'assumption', source: 'none published; configuration' };
}

function toPerHour(table: readonly FaultRate[]): Partial<Record<FaultKind, number>> {
  return Object.fromEntries(table.map(({ kind, perHour }) => [kind, perHour]));
}
