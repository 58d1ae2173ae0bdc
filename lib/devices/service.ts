import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readGrants, readReadings, readSummary } from './store.ts';
import type { CardReading, ReadingSummary, ServerGrant } from './view-types.ts';

// The rows belong to whoever holds the cards; of others' reservations the database shows nothing.

/** The newest readings of cards of a reservation, by card. A card that tells nothing is absent: unknown, not idle. */
export async function listReadings(
  ctx: Ctx,
  input: { readonly reservationId: string; readonly cardIds: readonly string[] },
): Promise<Map<string, CardReading>> {
  authorize(ctx, 'reading:read');
  const readings = await withTx(ctx, (tx) => readReadings(tx, input.reservationId, input.cardIds, ctx.now));
  return new Map(readings.map((reading) => [reading.cardId, reading]));
}

/** The newest readings of all cards of a reservation as one figure each. */
export async function summarizeReadings(ctx: Ctx, input: { readonly reservationId: string }): Promise<ReadingSummary> {
  authorize(ctx, 'reading:read');
  return withTx(ctx, (tx) => readSummary(tx, input.reservationId, ctx.now));
}

/** What workloads of a reservation are given, one server a row. */
export async function listGrants(
  ctx: Ctx,
  input: { readonly reservationId: string },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: ServerGrant[]; total: number }> {
  authorize(ctx, 'reading:read');
  return withTx(ctx, (tx) => readGrants(tx, input.reservationId, page));
}
