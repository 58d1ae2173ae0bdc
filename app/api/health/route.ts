import { toIso } from '#lib/core/instant.ts';
import { visitorCtx } from '#lib/identity/context.ts';
import { errorText, log } from '#lib/platform/log.ts';

const HEADERS = { 'cache-control': 'no-store' };

/** Whether this process can serve: it reads the business time from the database. */
export async function GET(): Promise<Response> {
  try {
    const { now } = await visitorCtx();
    return Response.json({ status: 'ok', now: toIso(now) }, { headers: HEADERS });
  } catch (error) {
    log.error('health', { reason: errorText(error) });
    return Response.json({ status: 'unavailable' }, { status: 503, headers: HEADERS });
  }
}
