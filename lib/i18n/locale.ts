export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = 'zh-CN';

/** The cookie that remembers a choice made in the interface. */
export const LOCALE_COOKIE = 'kashi_locale';

/** Reads text as a locale; null when it is none of ours. */
export function parseLocale(text: string | null | undefined): Locale | null {
  return LOCALES.find((locale) => locale === text) ?? null;
}

/** The first of an `Accept-Language` header's languages that we speak, by its weights; null when there is none. */
function acceptedLocale(header: string): Locale | null {
  const wishes = header
    .split(',')
    .map((part, position) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((p) => /^\s*q=(\d(?:\.\d{1,3})?)$/.exec(p)?.[1]).find((q) => q !== undefined);
      return { language: tag.split('-')[0], weight: Number(weight ?? 1), position };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.position - b.position);
  for (const { language } of wishes) {
    const found = LOCALES.find((locale) => locale.split('-')[0] === language);
    if (found) return found;
  }
  return null;
}

/** The language to answer in: what was chosen here, else what the person's profile says, else what the browser asks. */
export function chooseLocale(wishes: {
  readonly cookie?: string | undefined;
  readonly profile?: Locale | undefined;
  readonly acceptLanguage?: string | null | undefined;
}): Locale {
  return parseLocale(wishes.cookie) ?? wishes.profile ?? acceptedLocale(wishes.acceptLanguage ?? '') ?? DEFAULT_LOCALE;
}
