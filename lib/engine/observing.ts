import 'server-only';
import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { isUp } from '#lib/devices/health.ts';
import type { HealthChange } from '#lib/devices/watched-cards.ts';
import { nextResolution, recordCases, resolveCases } from '#lib/inventory/faults.ts';
import { closeEvidence, markProven, openEvidence, reportLate } from '#lib/metering/evidence-log.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { HealthReport } from './batch.ts';
import { caseReports } from './case-reports.ts';
import type { EvidenceKeeper, EvidenceOps, Held } from './evidence-keeper.ts';
import type { Pool } from './pool.ts';

/** What the devices of a pool told up to an instant, not yet written. */
export type Observation = {
  readonly at: Instant;
  readonly changes: readonly HealthChange[];
  readonly keeper: EvidenceKeeper;
  readonly ops: EvidenceOps;
};

/** When an allocation ends for sure. One that may still be paid on, when what is due gets decided, has no end yet: no proof may be lost. */
function allocatedUntil({ mind: { book } }: Pool, { reservationId, allocationId }: Held): Instant | null {
  if (book.reservations.get(reservationId)?.autoExtend) return null;
  return book.bindingsOf(reservationId).find(({ id }) => id === allocationId)?.interval.endAt ?? null;
}

/** Lets a keeper follow what the devices of a pool prove by now. */
export function followProof(pool: Pool, keeper: EvidenceKeeper, lostAt: ReadonlyMap<string, Instant>): EvidenceOps {
  return keeper.follow(
    (uuid) => pool.devices.proof(uuid),
    lostAt,
    (held) => allocatedUntil(pool, held),
  );
}

/**
 * Lets the devices live up to `at` and works out what that proves, with what an earlier observation told that could not be written.
 * Writes nothing.
 */
export async function observe(pool: Pool, at: Instant): Promise<Observation> {
  pool.unwritten = [...pool.unwritten, ...(await pool.devices.observe(at))];
  const changes = pool.unwritten;
  const lostAt = new Map(changes.filter(({ verdict }) => !isUp(verdict)).map(({ uuid, since }) => [uuid, since]));
  const keeper = pool.keeper.copy();
  const ops = followProof(pool, keeper, lostAt);
  return { at, changes, keeper, ops };
}

/** True when an observation is worth writing: the mark moves by a second, evidence opens or closes, a card changed. */
export function isNews(pool: Pool, { at, ops, changes }: Observation): boolean {
  return floorToSecond(at) > pool.markedAt || ops.open.length > 0 || ops.close.length > 0 || changes.length > 0;
}

/**
 * Writes what an observation proves: evidence that opened or closed, the pool's mark, fault cases. Answers when the next
 * case resolves by itself.
 */
export async function writeObservation(tx: Tx, pool: Pool, observation: Observation): Promise<Instant | null> {
  const { at, ops, changes } = observation;
  await closeEvidence(tx, ops.close);
  await openEvidence(tx, ops.open);
  await markProven(tx, pool.id, floorToSecond(at));
  await reportLate(tx, ops.late, 'watch of the pool', at);
  const reports = caseReports(
    changes,
    (uuid) => pool.devices.cards.get(uuid),
    ({ ordinal, lifecycle }) => pool.mind.book.cards[ordinal]?.lifecycle ?? lifecycle,
  );
  await recordCases(tx, pool.id, reports);
  const isDue = pool.casesDueAt !== null && pool.casesDueAt <= at;
  if (isDue || reports.length > 0) {
    await resolveCases(tx, pool.id, at);
    return nextResolution(tx, pool.id);
  }
  return pool.casesDueAt;
}

/** Takes an observation into memory once it is committed. */
export function takeObservation(pool: Pool, observation: Observation, casesDueAt: Instant | null): void {
  pool.unwritten = pool.unwritten.slice(observation.changes.length);
  pool.casesDueAt = casesDueAt;
  pool.keeper = observation.keeper;
  pool.markedAt = floorToSecond(observation.at);
  pool.reports.push(
    ...observation.changes.flatMap((change): HealthReport[] => {
      const card = pool.devices.cards.get(change.uuid);
      if (!card) return [];
      const { health, takesNewWork, reason } = change.verdict;
      return [{ cardId: card.id, health, takesNewWork, isRefused: false, at: change.since, reason }];
    }),
  );
}
