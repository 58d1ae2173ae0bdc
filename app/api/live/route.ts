import { liveStream } from '#app/_edge/live-stream.ts';
import type { Ctx } from '#lib/core/context.ts';
import { Forbidden, SignInRequired } from '#lib/identity/authorize.ts';
import { customerCtx, staffCtx } from '#lib/identity/context.ts';
import { isTopic, selectHeard } from '#lib/reservations/live.ts';

const TOPICS_MAX = 16;

/** Tells a page when something it shows has changed: `?org=<slug>` for a customer's page, none for staff. */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const topics = query.getAll('topic');
  if (topics.length === 0 || topics.length > TOPICS_MAX || !topics.every(isTopic))
    return new Response(null, { status: 400 });
  const org = query.get('org');
  let ctx: Ctx;
  try {
    ctx = org === null ? await staffCtx() : await customerCtx(org);
    await selectHeard(ctx, { topics, announced: [] });
  } catch (error) {
    if (error instanceof SignInRequired) return new Response(null, { status: 401 });
    if (error instanceof Forbidden) return new Response(null, { status: 404 });
    throw error;
  }
  const stream = liveStream(request.signal, (announced) => selectHeard(ctx, { topics, announced }));
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
