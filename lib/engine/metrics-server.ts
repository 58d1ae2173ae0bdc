import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Collector } from '#lib/devices/metrics/collector.ts';
import { EXPOSITION_CONTENT_TYPE } from '#lib/devices/metrics/exposition.ts';
import { renderSnapshot } from '#lib/devices/metrics/render.ts';
import { errorText, log } from '#lib/platform/log.ts';

/** Where metrics are served, on 127.0.0.1, and the bearer token that is asked for; port 0 is any that is free. */
export type MetricsPlace = { readonly port: number; readonly token: string | null };

export type MetricsServer = { readonly url: string; close(): Promise<void> };

/** A scraper that does not read is cut off after so long; one that opens ever more connections is refused. */
const SILENCE_MS_MAX = 30_000;
const CONNECTIONS_MAX = 16;

/**
 * Serves `GET /metrics`. Metrics are a service to watchers, never a condition of the market: a port that cannot be had
 * is one line in the log and null, and nothing that a scraper does is thrown.
 */
export async function serveMetrics(place: MetricsPlace, collector: Collector): Promise<MetricsServer | null> {
  const server = createServer((request, response) => {
    answer(request, response, place.token, collector).catch((error: unknown) => {
      response.destroy();
      // A scraper that hangs up half way is its own affair.
      if (!request.destroyed) log.error('a scrape of the metrics failed', { reason: errorText(error) });
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SILENCE_MS_MAX);
  const listening = new Promise<boolean>((resolve) => {
    server.on('error', (error) => {
      log.error('metrics are not served', { port: place.port, reason: error.message });
      resolve(false);
    });
    server.listen(place.port, '127.0.0.1', () => resolve(true));
  });
  if (!(await listening)) return null;
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : place.port;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string | null,
  collector: Collector,
): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  if (path !== '/metrics' && path !== '/') return say(response, 404, 'Metrics are at /metrics.');
  if (request.method !== 'GET') return say(response, 405, 'Only GET is answered here.', { allow: 'GET' });
  if (path === '/') return say(response, 200, 'Kashi: metrics for Prometheus are at /metrics.');
  if (token !== null && !isSame(request.headers.authorization ?? '', `Bearer ${token}`))
    return say(response, 401, 'A bearer token is asked for.', { 'www-authenticate': 'Bearer' });
  const snapshot = await collector.collect().catch((error: unknown) => {
    log.error('collecting metrics failed', { reason: errorText(error) });
    return null;
  });
  if (snapshot === null) return say(response, 500, 'Collecting failed; the log of the engine has the reason.');
  response.writeHead(200, { 'content-type': EXPOSITION_CONTENT_TYPE });
  await pipeline(Readable.from(paced(renderSnapshot(snapshot)), { highWaterMark: 1 }), response);
}

/** A scraper that reads as fast as it is written to must not keep the engine from its work: one piece a turn. */
async function* paced(pieces: Iterable<string>): AsyncGenerator<string> {
  for (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}

function say(response: ServerResponse, status: number, sentence: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${sentence}\n`);
}

/** Compares without telling by its time how much of a guess was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
