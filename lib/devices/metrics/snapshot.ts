import type { Health, HealthVerdict } from '../health.ts';
import type { DeviceEventType } from '../types.ts';

/** What one collection found of a fleet: never changed afterwards, so that several scrapes can print it at once. */
export type FleetSnapshot = {
  /** `site="…",pool="…"` of series about the fleet. */
  readonly labels: string;
  readonly servers: readonly { readonly labels: string; readonly isUp: boolean }[];
  /** By card, in the order of servers. */
  readonly cardLabels: readonly string[];
  readonly verdicts: readonly (HealthVerdict | null)[];
  /** By card family, then by card. NaN is what a card could not tell; it is never printed. */
  readonly values: readonly Float64Array[];
  readonly cardsByHealth: Readonly<Record<Health, number>>;
  readonly modelId: string;
  readonly oldestReadingSeconds: number | null;
  readonly events: readonly (readonly [DeviceEventType, number])[];
  readonly calls: readonly (readonly [op: string, count: number])[];
  readonly errors: readonly { readonly op: string; readonly code: number; readonly count: number }[];
};

/** What one scrape shows: the fleets that this process leads, how many of its pools stand still, and how long it took to ask. */
export type Snapshot = {
  readonly fleets: readonly FleetSnapshot[];
  readonly poolsInTrouble: number;
  readonly collectionSeconds: number;
};
