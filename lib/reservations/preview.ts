import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { type PublishedAvailability, readAvailability } from './availability.ts';
import type { RoomHour } from './calendar.ts';

/** What is free in each hour of a stretch of a pool's table. */
export type Availability = {
  readonly publishedAt: Instant;
  readonly totalCards: number;
  readonly hours: readonly RoomHour[];
};

function hourOf(table: PublishedAvailability, index: number): RoomHour {
  return {
    hourAt: plusMs(table.fromHourAt, index * HOUR_MS),
    freeCards: table.freeCards[index] ?? 0,
    freeServers: table.freeServers[index] ?? 0,
    freeSupernodes: table.freeSupernodes[index] ?? 0,
    largestOnServer: table.largestOnServer[index] ?? 0,
    largestOnSupernode: table.largestOnSupernode[index] ?? 0,
  };
}

/**
 * What is free per hour in a pool, from `fromAt` on and for at most `hours` hours; without them the whole table. Hours
 * that the engine has not published are left out. Null when there is no such pool, or no table yet.
 */
export async function getAvailability(
  ctx: Ctx,
  input: { readonly poolId: string; readonly fromAt?: Instant; readonly hours?: number },
): Promise<Availability | null> {
  authorize(ctx, 'availability:read');
  const table = await withTx(ctx, (tx) => readAvailability(tx, input.poolId));
  if (!table) return null;
  const { publishedAt, totalCards, fromHourAt, freeCards } = table;
  const first = Math.max(0, Math.floor(((input.fromAt ?? fromHourAt) - fromHourAt) / HOUR_MS));
  const last = Math.min(freeCards.length, first + (input.hours ?? freeCards.length));
  const hours = Array.from({ length: Math.max(0, last - first) }, (_, i) => hourOf(table, first + i));
  return { publishedAt, totalCards, hours };
}
