import { invariant } from '#lib/core/assert.ts';
import { CUSTOMER_ROLES, type CustomerRole, STAFF_ROLES, type StaffRole } from '#lib/core/context.ts';
import { LOCALES, type Locale } from '#lib/i18n/locale.ts';
import { API_KEY_ROLES, type ApiKeyRole } from './types.ts';

function oneOf<T extends string>(words: readonly T[], text: string): T {
  const word = words.find((candidate) => candidate === text);
  invariant(word !== undefined, `${JSON.stringify(text)} is none of ${words.join(', ')}`);
  return word;
}

/** Columns of text as the closed sets that the database also holds them to. */
export const customerRole = (text: string): CustomerRole => oneOf(CUSTOMER_ROLES, text);
export const apiKeyRole = (text: string): ApiKeyRole => oneOf(API_KEY_ROLES, text);
export const staffRole = (text: string): StaffRole => oneOf(STAFF_ROLES, text);
export const userLocale = (text: string): Locale => oneOf(LOCALES, text);
export const userKind = (text: string): 'customer' | 'staff' => oneOf(['customer', 'staff'], text);
