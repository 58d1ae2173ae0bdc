import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { takeDeviceRequests, writeOutcome } from '#lib/devices/records.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import type { Pool } from './pool.ts';

/** Does what ops asked of cards and servers: repairs, and faults of the simulator. True when something was asked. */
export async function performRequests(ctx: Ctx, pool: Pool): Promise<boolean> {
  if (!pool.mayHaveRequests) return false;
  pool.mayHaveRequests = false;
  const requests = await withTx(ctx, (tx) => takeDeviceRequests(tx, pool.id));
  for (const request of requests) {
    const outcome = await pool.devices.perform(request);
    await withTx(ctx, async (tx) => {
      await writeOutcome(tx, request.id, outcome);
      await notify(tx, 'kashi_change', ['devices']);
    });
  }
  return requests.length > 0;
}
