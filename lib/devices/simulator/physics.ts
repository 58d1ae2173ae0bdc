import { type Instant, SECOND_MS } from '#lib/core/instant.ts';
import type { CardFigures } from '../card-profile.ts';
import type { RecordedState } from '../simulation.ts';
import { uniform } from './hash.ts';

/**
 * A stretch of time over which a card's load does not change. Power, temperature and energy at any instant of it are
 * closed formulas of this state and the instant, so nothing ticks and two looks at one instant agree.
 */
export type Segment = {
  readonly since: Instant;
  readonly meanPowerW: number;
  readonly startC: number;
  /** Where the temperature is heading. */
  readonly endC: number;
  readonly startEnergyJ: number;
};

/** Power swings around its mean as a sine, whose integral is known: so energy is exactly the integral of power. */
const RIPPLE_SHARE = 0.015;
const RIPPLE_PERIOD_MS = 47_000;
const RIPPLE_RAD_PER_MS = (2 * Math.PI) / RIPPLE_PERIOD_MS;

const NOISE_BUCKET_MS = 5_000;

const SALT = { phase: 11, idlePower: 12, coolant: 13, noise: 14 } as const;

/** The first stretch of a card that has been idle long enough to be as warm as it gets. */
export function restingSegment(figures: CardFigures, key: number, at: Instant): Segment {
  const idle: Segment = { since: at, meanPowerW: idlePowerW(figures, key), startC: 0, endC: 0, startEnergyJ: 0 };
  const celsius = settledC(figures, key, idle.meanPowerW);
  return { ...idle, startC: celsius, endC: celsius };
}

/** The figures under which a card rests, or works, as it did when it was recorded: as warm, and drawing as much. */
export function figuresOfRecord(figures: CardFigures, key: number, record: RecordedState): CardFigures {
  const { powerMw, tempC, utilPct } = record;
  const idle = utilPct === 0 ? { powerIdleMinMw: powerMw, powerIdleMaxMw: powerMw } : {};
  const warmed = { ...figures, ...idle, coolantC: 0 };
  return { ...warmed, coolantC: tempC - settledC(warmed, key, powerMw / 1_000) };
}

/** The stretch that begins at `at` with another power; a cooling fault heads for `hotC` at least. */
export function nextSegment(
  figures: CardFigures,
  key: number,
  last: Segment,
  next: { readonly at: Instant; readonly meanPowerW: number; readonly hotC: number | null },
): Segment {
  return {
    since: next.at,
    meanPowerW: next.meanPowerW,
    startC: celsiusAt(figures, last, next.at),
    endC: Math.max(settledC(figures, key, next.meanPowerW), next.hotC ?? 0),
    startEnergyJ: energyJoulesAt(last, key, next.at),
  };
}

/** What the card draws without work, W. Real cards differ: 62 to 97 W were seen in one server. */
export function idlePowerW(figures: CardFigures, key: number): number {
  const { powerIdleMinMw, powerIdleMaxMw } = figures;
  return (powerIdleMinMw + uniform(key, SALT.idlePower) * (powerIdleMaxMw - powerIdleMinMw)) / 1_000;
}

export function powerWattsAt(segment: Segment, key: number, at: Instant): number {
  return segment.meanPowerW * (1 + RIPPLE_SHARE * Math.sin(RIPPLE_RAD_PER_MS * at + phase(key)));
}

export function energyJoulesAt(segment: Segment, key: number, at: Instant): number {
  const ripple =
    Math.cos(RIPPLE_RAD_PER_MS * segment.since + phase(key)) - Math.cos(RIPPLE_RAD_PER_MS * at + phase(key));
  const milliseconds = at - segment.since + (RIPPLE_SHARE / RIPPLE_RAD_PER_MS) * ripple;
  return segment.startEnergyJ + (segment.meanPowerW * milliseconds) / SECOND_MS;
}

/** A body with one time constant nears its end temperature exponentially. */
export function celsiusAt(figures: CardFigures, segment: Segment, at: Instant): number {
  const seconds = (at - segment.since) / SECOND_MS;
  const left = Math.exp(-seconds / figures.thermalTimeConstantSeconds);
  return segment.endC + (segment.startC - segment.endC) * left;
}

/** A number in [-1, 1) that stays the same for five seconds. */
export function noiseAt(key: number, salt: number, at: Instant): number {
  return 2 * uniform(key, SALT.noise, salt, Math.floor(at / NOISE_BUCKET_MS)) - 1;
}

function settledC(figures: CardFigures, key: number, watts: number): number {
  return figures.coolantC + uniform(key, SALT.coolant) - 0.5 + figures.celsiusPerWatt * watts;
}

function phase(key: number): number {
  return 2 * Math.PI * uniform(key, SALT.phase);
}
