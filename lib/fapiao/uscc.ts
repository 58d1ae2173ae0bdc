/** What is wrong with a 统一社会信用代码, in the order in which it is checked. */
export type UsccProblem = 'length' | 'characters' | 'organisationCheck' | 'check';

/** GB 32100-2015: a character's value is its place here. I, O, S, V and Z are left out. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** 3^(i−1) mod 31. */
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/** GB 11714, for the eight characters of the organisation code, with values 0–9 and A = 10 to Z = 35. */
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

/** A tax id as people type or paste it, in its one form: half width, upper case, without spaces or hyphens. */
export function normaliseTaxId(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s\u200b\ufeff\u2010-\u2015-]/g, '')
    .toUpperCase();
}

const weigh = (values: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);

function organisationCheckOf(eight: string): string {
  const values = [...eight].map((character) => Number.parseInt(character, 36));
  const check = 11 - (weigh(values, ORGANISATION_WEIGHTS) % 11);
  return check === 10 ? 'X' : `${check % 11}`;
}

function checkOf(seventeen: string): string {
  const values = [...seventeen].map((character) => ALPHABET.indexOf(character));
  return ALPHABET[(31 - (weigh(values, WEIGHTS) % 31)) % 31] ?? '';
}

/**
 * Checks a normalised 统一社会信用代码: 18 characters, the organisation code in positions 9 to 17 with its own check
 * (GB 11714), and the last character over all (GB 32100-2015). Null when it is right.
 */
export function usccProblem(code: string): UsccProblem | null {
  if (code.length !== 18) return 'length';
  if ([...code].some((character) => !ALPHABET.includes(character))) return 'characters';
  if (organisationCheckOf(code.slice(8, 16)) !== code[16]) return 'organisationCheck';
  return checkOf(code.slice(0, 17)) === code[17] ? null : 'check';
}
