import { CONDITIONS, type Condition } from '#lib/inventory/condition.ts';

/** What the address of the map says: the pool, which conditions are shown, whose cards, map or table. */
export type MapState = {
  readonly pool: string;
  /** Empty: all. */
  readonly show: readonly Condition[];
  /** Only this reservation's cards, on the map. */
  readonly holder: string | null;
  readonly view: 'map' | 'table';
};

const isCondition = (text: string): text is Condition => CONDITIONS.some((condition) => condition === text);

/** The conditions in a parameter; what is none is left out, and all of them are the same as none. */
export function parseShow(text: string): Condition[] {
  const named = new Set(text.split(',').filter(isCondition));
  return named.size === CONDITIONS.length ? [] : CONDITIONS.filter((condition) => named.has(condition));
}

/** With one condition switched on or off. Nothing left means everything again. */
export function toggleShow(show: readonly Condition[], condition: Condition): Condition[] {
  const next = show.includes(condition) ? show.filter((other) => other !== condition) : [...show, condition];
  return parseShow(next.join(','));
}

/** The address of a state. */
export function mapHref({ pool, show, holder, view }: MapState): string {
  const query = new URLSearchParams({ pool });
  if (show.length > 0) query.set('show', show.join(','));
  if (holder !== null) query.set('holder', holder);
  if (view === 'table') query.set('view', 'table');
  return `/ops/map?${query}`;
}
