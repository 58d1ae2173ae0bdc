import type { Condition } from '#lib/inventory/condition.ts';

/** Colours of the interface that the map uses, as names of tokens. */
export type MapColour = 'free' | 'use' | 'soon' | 'out' | 'fault' | 'faultMark' | 'unknown' | 'ring';

/** The tokens of `app/globals.css` behind them, one law for the canvas and the legend. */
export const MAP_TOKENS: Readonly<Record<MapColour, string>> = {
  free: '--line-strong',
  use: '--accent',
  soon: '--accent-ink',
  out: '--warn',
  fault: '--danger-fill',
  faultMark: '--on-danger',
  unknown: '--ink-3',
  ring: '--ink',
};

/** A rectangle of a glyph in eighths of the cell. */
type Part = {
  readonly colour: MapColour;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
};

const full = (colour: MapColour): Part => ({ colour, x: 0, y: 0, w: 8, h: 8 });

/**
 * How each condition looks, as rectangles: colour and shape, so that neither has to carry it alone. A small square for
 * free, a whole one for in use, half a square for soon, bars for cordoned, a plus
 * for maintenance, a cross for faulty, a dot in a frame for unknown,
 * a small empty frame for a spare.
 */
export const GLYPHS: Readonly<Record<Condition, readonly Part[]>> = {
  free: [{ colour: 'free', x: 1, y: 1, w: 6, h: 6 }],
  inUse: [full('use')],
  heldSoon: [
    { colour: 'soon', x: 0, y: 4, w: 8, h: 4 },
    { colour: 'soon', x: 0, y: 0, w: 1, h: 4 },
    { colour: 'soon', x: 7, y: 0, w: 1, h: 4 },
    { colour: 'soon', x: 1, y: 0, w: 6, h: 1 },
  ],
  cordoned: [
    { colour: 'out', x: 0, y: 0, w: 8, h: 2 },
    { colour: 'out', x: 0, y: 3, w: 8, h: 2 },
    { colour: 'out', x: 0, y: 6, w: 8, h: 2 },
  ],
  maintenance: [
    { colour: 'out', x: 3, y: 0, w: 2, h: 8 },
    { colour: 'out', x: 0, y: 3, w: 3, h: 2 },
    { colour: 'out', x: 5, y: 3, w: 3, h: 2 },
  ],
  unhealthy: [
    full('fault'),
    { colour: 'faultMark', x: 1, y: 1, w: 2, h: 2 },
    { colour: 'faultMark', x: 5, y: 1, w: 2, h: 2 },
    { colour: 'faultMark', x: 3, y: 3, w: 2, h: 2 },
    { colour: 'faultMark', x: 1, y: 5, w: 2, h: 2 },
    { colour: 'faultMark', x: 5, y: 5, w: 2, h: 2 },
  ],
  unknown: [
    { colour: 'unknown', x: 0, y: 0, w: 8, h: 1 },
    { colour: 'unknown', x: 0, y: 7, w: 8, h: 1 },
    { colour: 'unknown', x: 0, y: 1, w: 1, h: 6 },
    { colour: 'unknown', x: 7, y: 1, w: 1, h: 6 },
    { colour: 'unknown', x: 3, y: 3, w: 2, h: 2 },
  ],
  spare: [
    { colour: 'unknown', x: 1, y: 1, w: 6, h: 1 },
    { colour: 'unknown', x: 1, y: 6, w: 6, h: 1 },
    { colour: 'unknown', x: 1, y: 2, w: 1, h: 4 },
    { colour: 'unknown', x: 6, y: 2, w: 1, h: 4 },
  ],
};
