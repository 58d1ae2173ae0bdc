import { accept, type Result, refuse } from '#lib/core/result.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import type { PasswordRefusal } from './types.ts';

export const PASSWORD_CHARACTERS = { min: 12, max: 128 };

/** One writing per password: keyboards and systems compose the same characters differently. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/** `aaaaaaaaaaaa`, `abcabcabcabc`: a short piece again and again, or a run along the alphabet or the digits. */
function isMechanical(text: string): boolean {
  for (let period = 1; period <= 4; period += 1) {
    if ([...text].every((character, i) => i < period || character === text[i - period])) return true;
  }
  const steps = [...text].slice(1).map((character, i) => (character.codePointAt(0) ?? 0) - (text.codePointAt(i) ?? 0));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/**
 * Whether a password may be chosen: long enough, and neither common nor mechanical nor the person's own address. No
 * rule asks for kinds of characters, which only makes passwords worse (ASVS 6.2.5).
 */
export function checkNewPassword(password: string, email: string): Result<string, PasswordRefusal> {
  const text = normalisePassword(password);
  const characters = [...text].length;
  if (characters < PASSWORD_CHARACTERS.min) {
    return refuse({ code: 'passwordTooShort', charactersMin: PASSWORD_CHARACTERS.min });
  }
  if (characters > PASSWORD_CHARACTERS.max) {
    return refuse({ code: 'passwordTooLong', charactersMax: PASSWORD_CHARACTERS.max });
  }
  const folded = text.toLowerCase();
  const isOwnAddress = folded === email || folded === email.split('@')[0];
  if (COMMON_PASSWORDS.has(folded) || isMechanical(folded) || isOwnAddress) return refuse({ code: 'passwordCommon' });
  return accept(text);
}
