/** Whether a page hears of changes: not yet, yes, or not any more, so that it looks by itself. */
export type Life = 'opening' | 'live' | 'stale';

export type LiveOptions = {
  readonly url: string;
  /** Seconds between looks even without an announcement; null: none. */
  readonly everySeconds: number | null;
  readonly onLife: (life: Life) => void;
  /** Renders the page again; false when that is not possible at this moment. */
  readonly refresh: () => boolean;
};

/** Without a sign of life for this long, what is shown may be old. The server beats every 15 s. */
const STALE_MS = 30_000;
/** How often a page looks by itself while it hears nothing. */
const POLL_MS = 10_000;
const REOPEN_MS = 5_000;
/** At most one rendering in this time, however much is announced. */
const PAUSE_MS = 1_000;
const TICK_MS = 250;

/**
 * Follows a live stream while the page is in sight; a hidden page holds no connection. Falls back to looking every ten
 * seconds while there is no stream. Answers how to stop.
 */
export function openLive({ url, everySeconds, onLife, refresh }: LiveOptions): () => void {
  let source: EventSource | null = null;
  let openedMs = 0;
  let seenMs = performance.now();
  let lookedMs = performance.now();
  let isDirty = false;

  const see = (): void => {
    seenMs = performance.now();
    onLife('live');
  };
  const open = (): void => {
    openedMs = performance.now();
    source = new EventSource(url);
    source.addEventListener('beat', see);
    source.addEventListener('change', () => {
      isDirty = true;
      see();
    });
  };
  const close = (): void => {
    source?.close();
    source = null;
  };
  const tick = (): void => {
    if (document.hidden) return;
    const nowMs = performance.now();
    // The browser gives up on a stream that was refused; it is tried anew.
    if (source?.readyState === EventSource.CLOSED) close();
    if (source === null && nowMs - openedMs > REOPEN_MS) open();
    const isStale = nowMs - seenMs > STALE_MS;
    if (isStale) onLife('stale');
    const everyMs = isStale ? POLL_MS : everySeconds === null ? Infinity : everySeconds * 1_000;
    const sinceMs = nowMs - lookedMs;
    if ((!isDirty && sinceMs < everyMs) || sinceMs < PAUSE_MS || !refresh()) return;
    isDirty = false;
    lookedMs = nowMs;
  };
  const onVisibility = (): void => {
    if (document.hidden) {
      close();
      return;
    }
    // What happened meanwhile was not heard.
    isDirty = true;
    seenMs = performance.now();
    open();
  };

  const timer = setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', onVisibility);
  if (!document.hidden) open();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
