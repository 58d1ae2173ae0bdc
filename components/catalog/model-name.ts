import type { Locale } from '#lib/i18n/locale.ts';

/** A card model's name in a language: the maker's family name is Chinese, and Latin letters read it as Zhenwu. */
export function modelName(locale: Locale, name: string): string {
  return locale === 'en' ? name.replace('真武', 'Zhenwu') : name;
}

/** A site's name in a language. */
export function siteName(locale: Locale, name: { readonly zh: string; readonly en: string }): string {
  return locale === 'en' ? name.en : name.zh;
}
