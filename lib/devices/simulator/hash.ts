/**
 * Chance as a pure function: the same keys give the same number on every machine and in every order of asking. So a
 * history does not depend on who looked first, and nothing has to be remembered between two looks.
 */
export function hash32(...keys: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    hash = scramble(hash ^ (key | 0));
    hash = scramble(hash ^ Math.floor(key / 0x1_0000_0000));
  }
  return hash >>> 0;
}

/** A number in [0, 1) from keys. */
export function uniform(...keys: readonly number[]): number {
  return hash32(...keys) / 0x1_0000_0000;
}

/** The key of a text (FNV-1a, scrambled). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scramble(hash) >>> 0;
}

/** The finaliser of Murmur3, which turns near keys into far numbers. */
function scramble(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
