export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The cookie that remembers the look somebody chose; without it the system's holds. */
export const THEME_COOKIE = 'kashi_theme';

/** Reads text as a theme; anything else is the system's. */
export function parseTheme(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}
