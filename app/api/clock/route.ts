import { readClockFor } from '#lib/engine/clock-control.ts';
import { visitorCtx } from '#lib/identity/context.ts';

/** How business time stands, for the clock in the staff's bar. */
export async function GET(): Promise<Response> {
  return Response.json(await readClockFor(await visitorCtx()), { headers: { 'cache-control': 'no-store' } });
}
