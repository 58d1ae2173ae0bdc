/** What a browser says about where a request comes from. */
export type RequestSource = {
  readonly origin: string | null;
  readonly fetchSite: string | null;
  readonly host: string | null;
};

/**
 * Whether a changing request comes from our own pages. Browsers always send `Origin` with one and pages of others
 * cannot forge it; a request without it, or with `null`, is refused. `publicUrl` counts too: a reverse proxy may have
 * put another name into `Host`. `X-Forwarded-Host` is not believed, because anybody can send it.
 */
export function isSameOrigin(source: RequestSource, publicUrl: string): boolean {
  if (source.fetchSite !== null && source.fetchSite !== 'same-origin') return false;
  if (source.origin === null || !URL.canParse(source.origin)) return false;
  const { host } = new URL(source.origin);
  return host !== '' && (host === source.host || host === new URL(publicUrl).host);
}
