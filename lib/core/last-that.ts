/**
 * The last of `rising` for which `holds`, where it holds for all before the last; null when for none. Looks first at the
 * place where it is guessed to be, then further and further from there.
 */
export function lastThat<T>(
  rising: readonly T[],
  holds: (each: T) => boolean,
  guess: number = rising.length >>> 1,
): T | null {
  let [known, behind] = [-1, rising.length];
  const look = (place: number): void => {
    const each = rising[place];
    if (each !== undefined && holds(each)) known = place;
    else behind = place;
  };
  for (let step = 1, at = guess; behind - known > 1; step *= 2) {
    const [wasKnown, wasBehind] = [known, behind];
    look(Math.max(known + 1, Math.min(behind - 1, at)));
    // Both ends are known to lie near: what is between them is halved.
    if (known !== -1 && behind !== rising.length) break;
    at = known > wasKnown ? known + step : behind < wasBehind ? behind - step : at;
  }
  while (behind - known > 1) look((known + behind) >>> 1);
  return rising[known] ?? null;
}
