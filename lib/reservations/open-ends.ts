import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

// The door for other modules to what runs until its money does, within their own transaction.

/** A running reservation without an end: held hour by hour, or in its grace. */
export type OpenEnd = {
  readonly id: Id<'reservation'>;
  readonly name: string;
  readonly organisationId: Id<'organisation'>;
  readonly priceVersionId: string;
  /** Where and on which model it runs. */
  readonly siteId: string;
  readonly modelId: string;
  readonly cards: number;
  readonly startAt: Instant;
  readonly heldUntil: Instant;
  /** Up to where it was paid; null when it is paid to where it is held. */
  readonly graceFrom: Instant | null;
};

/** The running open ends of some organisations, or of all. */
export async function readOpenEnds(tx: Tx, organisationIds: readonly string[] | null): Promise<OpenEnd[]> {
  const rows = await tx.$queryRaw<
    {
      id: string;
      name: string;
      organisation_id: string;
      price_version_id: string;
      site_id: string;
      model_id: string;
      cards: number;
      start_at: Date;
      held_until: Date;
      grace_from: Date | null;
    }[]
  >`
    SELECT r.id, r.name, r.organisation_id, r.price_version_id, s.site_id, s.card_model_id AS model_id, r.cards, r.start_at, r.held_until, r.grace_from
    FROM reservation r JOIN sku s ON s.id = r.sku_id
    WHERE r.state = 'active' AND r.end_at IS NULL AND r.held_until IS NOT NULL
      AND (${organisationIds === null} OR r.organisation_id = ANY(${organisationIds ?? []}::text[]))
    ORDER BY r.organisation_id, r.held_until, r.id`;
  return rows.map((row) => ({
    id: row.id as Id<'reservation'>,
    name: row.name,
    organisationId: row.organisation_id as Id<'organisation'>,
    priceVersionId: row.price_version_id,
    siteId: row.site_id,
    modelId: row.model_id,
    cards: row.cards,
    startAt: fromDate(row.start_at),
    heldUntil: fromDate(row.held_until),
    graceFrom: row.grace_from === null ? null : fromDate(row.grace_from),
  }));
}

/** Which of some organisations have a reservation that was stopped for lack of money and is not settled yet. */
export async function readUnsettledStops(tx: Tx, organisationIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
    SELECT DISTINCT organisation_id FROM reservation
    WHERE organisation_id = ANY(${organisationIds}::text[]) AND end_reason = 'funds' AND settled_at IS NULL`;
  return new Set(rows.map((row) => row.organisation_id));
}

/** A job that waits in a pool's queue. */
export type WaitingJob = {
  readonly id: Id<'job'>;
  readonly poolId: Id<'pool'>;
  readonly organisationId: Id<'organisation'>;
};

/** The jobs of an organisation that have waited since before an instant, and that nobody was asked under such a key to withdraw. */
export async function readWaitingJobs(
  tx: Tx,
  organisationId: Id<'organisation'>,
  before: Instant,
  keyOf: string,
): Promise<WaitingJob[]> {
  const rows = await tx.$queryRaw<{ id: string; pool_id: string }[]>`
    SELECT q.id, q.pool_id FROM queued_job q
    WHERE q.organisation_id = ${organisationId} AND q.state = 'queued' AND q.submitted_at < ${toDate(before)}::timestamptz
      AND NOT EXISTS (SELECT FROM command c WHERE c.organisation_id = q.organisation_id AND c.idempotency_key = ${keyOf} || q.id)
    ORDER BY q.id`;
  return rows.map((row) => ({ id: row.id as Id<'job'>, poolId: row.pool_id as Id<'pool'>, organisationId }));
}
