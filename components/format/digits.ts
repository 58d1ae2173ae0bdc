/** Puts commas between groups of three digits of the whole part: `-1234567.50` → `-1,234,567.50`. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A whole number with its digits in groups. */
export function formatCount(count: number | bigint): string {
  return groupDigits(count.toString());
}
