const SLUG_CHARACTERS_MAX = 40;

/**
 * The part of an organisation's name that can stand in an address, `Moban AI (Shaoguan)` → `moban-ai-shaoguan`; names
 * without Latin letters or digits leave nothing, and the caller adds a suffix.
 */
export function slugBase(name: string): string {
  const text = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return text.slice(0, SLUG_CHARACTERS_MAX).replaceAll(/^-+|-+$/g, '');
}

/** The address to try at the given attempt: the name alone first, then with a suffix of chance. */
export function slugCandidate(name: string, attempt: number, suffix: string): string {
  const base = slugBase(name);
  if (base === '') return `org-${suffix}`;
  return attempt === 0 && base.length >= 2 ? base : `${base}-${suffix}`;
}
