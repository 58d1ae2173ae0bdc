import { type Instant, instant } from '#lib/core/instant.ts';
import type { DeviceEventBody } from '../types.ts';

/** A row of `stats`: a card by its number, what is told of it, and when. */
export type StatsLine = {
  readonly index: number;
  readonly metric: string;
  readonly at: Instant;
  readonly value: number;
};

const LINE = /^(\d{1,4}), ([A-Za-z0-9]+) *, (\d{13,17}), (-?\d{1,15}(?:\.\d+)?)$/;

/** Reads `0, pwrDraw , 1662606252543916, 45`; null for anything else. Times are epoch microseconds. */
export function parseStatsLine(line: string): StatsLine | null {
  const [, index, metric = '', micros, value] = LINE.exec(line.trim()) ?? [];
  if (index === undefined) return null;
  return { index: Number(index), metric, at: instant(Math.floor(Number(micros) / 1_000)), value: Number(value) };
}

/** The metric whose samples come each second, whatever happens: the heartbeat. */
export const BEAT_METRIC = 'pwrDraw';

/** What to ask `stats` for: every event that it knows, and the heartbeat. */
export const STATS_METRICS = `xidEvent,sbEcc,dbEcc,pState,clkChg,pwrChg,migChg,${BEAT_METRIC}`;

/** The event that a row tells of; null for a sample, or for a metric that this build has and we do not know. */
export function eventOf({ metric, value }: StatsLine): DeviceEventBody | null {
  return metric === 'xidEvent' ? { type: 'xid', code: value } : (EVENTS[metric] ?? null);
}

const EVENTS: Readonly<Record<string, DeviceEventBody>> = {
  sbEcc: { type: 'ecc', bits: 1 },
  dbEcc: { type: 'ecc', bits: 2 },
  pState: { type: 'pstate' },
  clkChg: { type: 'clock' },
  pwrChg: { type: 'power' },
  migChg: { type: 'partition' },
};
