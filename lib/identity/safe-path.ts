/** A path of our own site to go on to, out of an address's parameter; null for anything that could lead elsewhere. */
export function safePath(text: string | null | undefined): string | null {
  if (!text?.startsWith('/') || /^\/[/\\]/.test(text) || /[\\\p{Cc}]/u.test(text) || text.length > 500) return null;
  const url = new URL(text, 'http://kashi.invalid');
  return url.host === 'kashi.invalid' ? `${url.pathname}${url.search}` : null;
}
