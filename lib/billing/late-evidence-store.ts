import 'server-only';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';
import type { ReservationRef } from '#lib/ledger/templates.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { RatedUsage } from './rate.ts';
import type { LateEvidence, Revision } from './late-evidence-types.ts';

/** An allocation that evidence is about: whose it is, what it costs, and from when to when something can be known of it. */
export type EvidenceSubject = ReservationRef & {
  readonly cardId: string;
  readonly priceVersionId: string;
  readonly term: RatedUsage['term'];
  /** What was used of it is owed, and not paid yet. */
  readonly isOnAccount: boolean;
  /** What was paid for it went back in full. */
  readonly isRefunded: boolean;
  readonly fromAt: Instant;
  readonly untilAt: Instant;
};

/**
 * An allocation as the subject of evidence; null when there is none. Its pool's lease is locked, so that no hour is charged
 * until the transaction is over.
 */
export async function findSubject(tx: Tx, allocationId: string): Promise<EvidenceSubject | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(20_26, 11)`;
  await tx.$queryRaw`SELECT 1 FROM pool_lease WHERE pool_id = (SELECT pool_id FROM allocation WHERE id = ${allocationId}) FOR UPDATE`;
  return viewSubject(tx, allocationId);
}

/** An allocation as the subject of evidence, as it stands; null when there is none. */
export async function viewSubject(tx: Tx, allocationId: string): Promise<EvidenceSubject | null> {
  const [row] = await tx.$queryRaw<
    {
      reservation_id: string;
      organisation_id: string;
      card_id: string;
      pool_id: string;
      sku_id: string;
      price_version_id: string;
      purchase: string;
      pay_by: string;
      is_refunded: boolean;
      term_seconds: number | null;
      term_price_units: bigint | null;
      start_at: Date;
      until_at: Date;
    }[]
  >`
    SELECT a.reservation_id, a.organisation_id, a.card_id, a.pool_id, r.sku_id, r.price_version_id, r.purchase, r.pay_by, r.end_reason IS NOT DISTINCT FROM 'refunded' AS is_refunded, r.term_seconds, r.term_price_units,
      a.start_at, least(coalesce(a.end_at, 'infinity'), m.proven_until) AS until_at
    FROM allocation a JOIN reservation r ON r.id = a.reservation_id JOIN proof_mark m ON m.pool_id = a.pool_id WHERE a.id = ${allocationId}`;
  if (!row) return null;
  return {
    reservationId: idFrom('reservation', row.reservation_id),
    organisationId: idFrom('organisation', row.organisation_id),
    cardId: row.card_id,
    poolId: row.pool_id,
    skuId: row.sku_id,
    priceVersionId: row.price_version_id,
    purchase: row.purchase === 'by-card' ? 'by-card' : 'by-hour',
    isOnAccount: row.pay_by === 'account',
    isRefunded: row.is_refunded,
    term:
      row.term_seconds === null || row.term_price_units === null
        ? null
        : { seconds: row.term_seconds, priceUnits: row.term_price_units },
    fromAt: fromDate(row.start_at),
    untilAt: fromDate(row.until_at),
  };
}

/** The proven seconds of an interval as they are known now. */
export async function readProvenSeconds(
  tx: Tx,
  late: Pick<LateEvidence, 'allocationId' | 'startAt' | 'endAt'>,
): Promise<number> {
  const [row] = await tx.$queryRaw<{ seconds: number }[]>`
    SELECT corrected_seconds(${late.allocationId}, ${toDate(late.startAt)}::timestamptz, ${toDate(late.endAt)}::timestamptz, ${toDate(late.endAt)}::timestamptz) AS seconds`;
  return present(row, 'seconds').seconds;
}

/** Keeps what was found out; the answer is its number. */
export async function insertCorrection(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  late: LateEvidence,
): Promise<bigint> {
  const { id } = await tx.evidenceCorrection.create({
    data: {
      allocationId: late.allocationId,
      organisationId: subject.organisationId,
      cardId: subject.cardId,
      startAt: toDate(late.startAt),
      endAt: toDate(late.endAt),
      isProven: late.isProven,
      reason: late.reason.trim(),
      recordedBy: actorLabel(ctx.actor),
      recordedAt: toDate(ctx.now),
    },
    select: { id: true },
  });
  return id;
}

/** An hour whose charges say other seconds than its evidence does now. */
export type WrongHour = {
  readonly hourAt: Instant;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly revision: number;
  readonly bandBps: number;
  readonly countsAt: Instant;
  /** Evidence less charges: what the next revision says. */
  readonly usedSeconds: number;
};

/** The charged hours of an allocation within an interval that are wrong now, in order, each with its next revision. */
export async function readWrongHours(tx: Tx, late: LateEvidence): Promise<WrongHour[]> {
  const rows = await tx.$queryRaw<
    { hour_at: Date; start_at: Date; end_at: Date; revision: number; band_bps: number; counts_at: Date; used: number }[]
  >`
    SELECT c.hour_at, c.start_at, c.end_at, c.revision, c.band_bps, charge_counts_at(c.hour_at) AS counts_at, c.used FROM (
      SELECT u.hour_at, min(u.start_at) AS start_at, min(u.end_at) AS end_at, max(u.revision) + 1 AS revision, min(u.band_bps) AS band_bps,
        corrected_seconds(u.allocation_id, min(u.start_at), min(u.start_at) + make_interval(secs => sum(u.used_seconds + u.down_seconds)::int), m.proven_until)
          - sum(u.used_seconds)::int AS used
      FROM usage_charge u JOIN proof_mark m ON m.pool_id = u.pool_id
      WHERE u.allocation_id = ${late.allocationId} AND u.hour_at < ${toDate(late.endAt)}::timestamptz
        AND u.hour_at > ${toDate(late.startAt)}::timestamptz - interval '1 hour'
      GROUP BY u.allocation_id, u.hour_at, m.proven_until) c
    WHERE c.used <> 0 ORDER BY c.hour_at`;
  return rows.map((row) => ({
    hourAt: fromDate(row.hour_at),
    startAt: fromDate(row.start_at),
    endAt: fromDate(row.end_at),
    revision: row.revision,
    bandBps: row.band_bps,
    countsAt: fromDate(row.counts_at),
    usedSeconds: row.used,
  }));
}

/** What an allocation was charged up to now. */
export async function readBefore(tx: Tx, allocationId: string): Promise<RatedUsage['before']> {
  const [row] = await tx.$queryRaw<{ weighted: bigint; charged: bigint }[]>`
    SELECT weighted, charged FROM charged_before(${allocationId})`;
  return { weightedSeconds: row?.weighted ?? 0n, chargedUnits: row?.charged ?? 0n };
}

type Rated = { readonly weightedSeconds: bigint; readonly chargedUnits: bigint; readonly journalKey: string };
export type RevisedCharge = WrongHour & Revision & Rated;

/** A charge that is booked out of its turn: what changes of an hour, or all of one that was left out. */
export type LateCharge = RevisedCharge & { readonly unusedSeconds: number; readonly downSeconds: number };

/** Writes the charges of revisions: no second comes or goes. */
export function insertRevisions(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  allocationId: string,
  charges: readonly RevisedCharge[],
): Promise<void> {
  const whole = charges.map((charge) => ({ ...charge, unusedSeconds: 0, downSeconds: -charge.usedSeconds }));
  return insertCharges(ctx, tx, subject, allocationId, whole);
}

/** Writes charges out of their turn, in the order in which they go on from each other. */
export async function insertCharges(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  allocationId: string,
  charges: readonly LateCharge[],
): Promise<void> {
  for (const charge of charges) {
    await tx.$executeRaw`
      INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id, purchase,
        start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps, weighted_seconds_to_date, charged_to_date_units, amount_units,
        journal_key, charged_at, late_at)
      VALUES (${allocationId}, ${toDate(charge.hourAt)}::timestamptz, ${charge.revision}, ${subject.organisationId}, ${subject.reservationId},
        ${subject.cardId}, ${subject.poolId}, ${subject.skuId}, ${subject.priceVersionId}, ${subject.purchase}, ${toDate(charge.startAt)}::timestamptz,
        ${toDate(charge.endAt)}::timestamptz, ${charge.usedSeconds}, ${charge.downSeconds}, ${charge.unusedSeconds}, ${charge.bandBps}, ${charge.weightedSeconds}::bigint,
        ${charge.chargedUnits}::bigint, ${charge.amountUnits}::bigint, ${charge.journalKey}, ${toDate(ctx.now)}::timestamptz, ${toDate(charge.countsAt)}::timestamptz)`;
  }
}
