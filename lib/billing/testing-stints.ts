import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { present } from '#lib/core/assert.ts';
import { TERM_SECONDS } from './testing-fleet.ts';

// A leap year of a fleet, drawn from a seed: who has which cards from when to when, and when they were down. Cards stand in
// lanes of one size; in each lane one stint follows another, some by the hour and some a paid month.

/** 1 January 2028, 00:00 in Beijing: the first hour of a year of 8,784. */
export const YEAR_AT: Instant = instant(Date.UTC(2027, 11, 31, 16));

/** Sizes of the lanes, in turn, until all cards stand in one: ten thousand cards in some hundred and fifty. */
const LANE_CARDS: readonly number[] = [1, 8, 64, 2, 16, 128, 4, 32, 256, 48, 100, 16, 64, 96, 8, 200];
/** One stint in so many is a paid month by the card. */
const TERMED_EACH = 5;
const STINT_SECONDS = { least: 6 * 3_600, more: 45 * 86_400 };
const PAUSE_SECONDS_MAX = 36 * 3_600;
/** A card fails once in about half of this while it is given away, and is proven again after up to two hours. */
const UP_SECONDS_MAX = 400 * 3_600;
const DOWN_SECONDS = { least: 60, more: 7_200 };

export type YearWish = { readonly cards: number; readonly days: number; readonly seed: number };

/** Some cards of one customer from one instant to another. `number` is its place among all stints of the year. */
export type Stint = {
  readonly number: number;
  readonly purchase: 'by-hour' | 'by-card';
  /** The first of its cards, and how many follow one another from there. */
  readonly firstCard: number;
  readonly cards: number;
  readonly startAt: Instant;
  readonly endAt: Instant;
};

type Next = () => number;

const drawn = (next: Next, most: number): number => Math.floor(next() * most);

function laneStints(
  next: Next,
  lane: number,
  cards: Pick<Stint, 'firstCard' | 'cards'>,
  endsAt: Instant,
): Omit<Stint, 'number'>[] {
  const stints: Omit<Stint, 'number'>[] = [];
  for (let at = plusSeconds(YEAR_AT, drawn(next, 6 * 3_600)); at < endsAt; ) {
    const isTermed = (lane + stints.length) % TERMED_EACH === 0;
    const seconds = isTermed ? TERM_SECONDS : STINT_SECONDS.least + drawn(next, STINT_SECONDS.more);
    const endAt = plusSeconds(at, seconds);
    stints.push({ ...cards, purchase: isTermed ? 'by-card' : 'by-hour', startAt: at, endAt });
    at = plusSeconds(endAt, drawn(next, PAUSE_SECONDS_MAX));
  }
  return stints;
}

/** All stints of a year that begin within its days, numbered in the order of their beginnings. */
export function planYear({ cards, days, seed }: YearWish): Stint[] {
  const next = mulberry32(seed);
  const endsAt = plusSeconds(YEAR_AT, days * 86_400);
  const stints: Omit<Stint, 'number'>[] = [];
  for (let firstCard = 0, lane = 0; firstCard < cards; lane += 1) {
    const size = Math.min(cards - firstCard, present(LANE_CARDS[lane % LANE_CARDS.length], 'a size'));
    stints.push(...laneStints(next, lane, { firstCard, cards: size }, endsAt));
    firstCard += size;
  }
  return stints
    .toSorted((a, b) => a.startAt - b.startAt || a.firstCard - b.firstCard)
    .map((stint, number) => ({ ...stint, number }));
}

/** When one card of a stint was up: its whole time, cut by faults drawn from the year's seed. */
export function drawUptime(seed: number, stint: Stint, seat: number): { startAt: Instant; endAt: Instant }[] {
  const next = mulberry32(seed + 7_919 * (stint.number + 1) + 104_729 * (seat + 1));
  const up: { startAt: Instant; endAt: Instant }[] = [];
  for (let from = stint.startAt; from < stint.endAt; ) {
    const downAt = plusSeconds(from, drawn(next, UP_SECONDS_MAX));
    const endAt = downAt < stint.endAt ? downAt : stint.endAt;
    if (from < endAt) up.push({ startAt: from, endAt });
    from = plusSeconds(downAt, DOWN_SECONDS.least + drawn(next, DOWN_SECONDS.more));
  }
  return up;
}
