/** The last of `rising` for which `holds`, where it holds for all before the last; null when for none. */
export function lastThat<T>(rising: readonly T[], holds: (each: T) => boolean): T | null {
  let [known, behind] = [-1, rising.length];
  while (behind - known > 1) {
    const middle = (known + behind) >>> 1;
    const each = rising[middle];
    if (each !== undefined && holds(each)) known = middle;
    else behind = middle;
  }
  return rising[known] ?? null;
}
