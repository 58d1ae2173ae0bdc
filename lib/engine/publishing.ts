import 'server-only';
import { HORIZON_DAYS } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { floorToHour } from '#lib/core/instant.ts';
import { type CardReadingRow, writeReadings } from '#lib/devices/records.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { publishAvailability } from '#lib/reservations/availability.ts';
import { availabilityOf } from '#lib/scheduler/availability.ts';
import { cardOf, type Pool } from './pool.ts';

/** Pages read tables, not the engine: how often, in real time, those tables follow. */
const PUBLISH_EVERY_MS = 1_000;
const READ_EVERY_MS = 2_000;

/** Publishes what is free when the plan or the hour has changed, at most once a second. */
export async function publishPlan(ctx: Ctx, pool: Pool, realMs: number): Promise<void> {
  const { version } = pool.mind.planner;
  const hourAt = floorToHour(ctx.now);
  const { published } = pool;
  if ((version === published.version && hourAt === published.hourAt) || realMs - published.atMs < PUBLISH_EVERY_MS)
    return;
  const table = availabilityOf(pool.mind.state, ctx.now, HORIZON_DAYS * 24);
  await withTx(ctx, async (tx) => {
    await publishAvailability(tx, pool.id, BigInt(version), ctx.now, table);
    await notify(tx, 'kashi_change', [`availability:${pool.id}`]);
  });
  pool.published = { version, hourAt, atMs: realMs };
}

/** Samples the cards in use and keeps their newest readings for the pages. */
export async function publishReadings(ctx: Ctx, pool: Pool, realMs: number): Promise<void> {
  if (realMs - pool.readAtMs < READ_EVERY_MS) return;
  pool.readAtMs = realMs;
  const rows: CardReadingRow[] = [];
  for (const reservation of pool.mind.book.reservations.values()) {
    if (reservation.state !== 'active') continue;
    for (const { card: ordinal } of pool.mind.book.bindingsOf(reservation.id)) {
      const card = cardOf(pool, ordinal);
      const readings = await pool.devices.sample(card).catch(() => null);
      if (readings)
        rows.push({ cardId: card.id, serverId: card.serverId, organisationId: reservation.organisationId, readings });
    }
  }
  if (rows.length > 0) await withTx(ctx, (tx) => writeReadings(tx, rows, ctx.now));
}
