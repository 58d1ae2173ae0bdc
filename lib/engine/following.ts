import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { writeGrants } from '#lib/devices/records.ts';
import { closeEvidence, openEvidence } from '#lib/metering/evidence-log.ts';
import { withTx } from '#lib/platform/db.ts';
import type { Bound } from '#lib/reservations/planner-types.ts';
import type { HealthReport } from './batch.ts';
import type { EvidenceKeeper, Held } from './evidence-keeper.ts';
import { grantsNeeded, requestGrants } from './granting.ts';
import { followProof } from './observing.ts';
import { cardOf, type Pool } from './pool.ts';

/** What evidence needs of a granted binding. */
export function heldOf(pool: Pool, bound: Bound, grantedAt: Ctx['now']): Held {
  const { id: cardId, uuid } = cardOf(pool, bound.card);
  const { organisationId } = present(
    pool.mind.book.reservations.get(bound.reservationId),
    `reservation ${bound.reservationId}`,
  );
  return {
    allocationId: bound.id,
    reservationId: bound.reservationId,
    organisationId,
    cardId,
    uuid,
    startAt: bound.interval.startAt,
    grantedAt,
  };
}

/** A card that its plugin refused takes no new work until the device layer speaks of it again, and is lost to its holder. */
function refusalOf(pool: Pool, { card, interval }: Bound): HealthReport {
  const { id: cardId, health } = present(pool.mind.book.cards[card], `card ${card}`);
  return { cardId, health, takesNewWork: false, isRefused: true, at: interval.startAt, reason: 'grant_refused' };
}

/**
 * Carries out what was decided: asks the device plugins for the cards of running reservations, keeps what a workload is
 * given, and opens the evidence of what is proven. May be repeated at any time: only what is missing is asked for.
 */
export async function followDecisions(ctx: Ctx, pool: Pool): Promise<boolean> {
  const needs = grantsNeeded(pool.mind, (id) => pool.keeper.has(id));
  if (needs.length === 0) return false;
  const organisationOf = (id: Bound['reservationId']): string =>
    present(pool.mind.book.reservations.get(id), `reservation ${id}`).organisationId;
  const { grants, granted, refused } = await requestGrants(
    needs,
    pool.devices,
    (card) => cardOf(pool, card).uuid,
    organisationOf,
  );
  pool.reports.push(...refused.map(({ bound }) => refusalOf(pool, bound)));
  if (granted.length === 0) return refused.length > 0;
  const keeper: EvidenceKeeper = pool.keeper.copy();
  for (const bound of granted) keeper.hold(heldOf(pool, bound, ctx.now), null);
  const ops = followProof(pool, keeper, new Map());
  await withTx(ctx, async (tx) => {
    await writeGrants(tx, grants, ctx.now);
    await closeEvidence(tx, ops.close);
    await openEvidence(tx, ops.open);
  });
  pool.keeper = keeper;
  return true;
}
