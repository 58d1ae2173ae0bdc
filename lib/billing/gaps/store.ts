import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, HOUR_MS, type Instant, toDate } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { Slice } from '../usage-store.ts';
import { type HourWaiver, WAIVER_STATES } from './types.ts';

/** What a gap hour lasts: bound to the customer until `endAt`, and of a left term unused until `chargedUntil`. */
export type GapSpan = {
  readonly hourAt: Instant;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly chargedUntil: Instant;
  readonly isSettled: boolean;
};

type SpanRow = { hour_at: Date; start_at: Date; end_at: Date; charged_until: Date; is_settled: boolean };

const spanOf = (row: SpanRow): GapSpan => ({
  hourAt: fromDate(row.hour_at),
  startAt: fromDate(row.start_at),
  endAt: fromDate(row.end_at),
  chargedUntil: fromDate(row.charged_until),
  isSettled: row.is_settled,
});

/** A gap hour of an allocation; null when there is none. */
export async function findGapSpan(tx: Tx, allocationId: string, hourAt: Instant): Promise<GapSpan | null> {
  const [row] = await tx.$queryRaw<SpanRow[]>`
    SELECT hour_at, start_at, end_at, charged_until, is_settled
    FROM gap_hours(${toDate(hourAt)}::timestamptz, ${new Date(hourAt + HOUR_MS)}::timestamptz, ${allocationId})`;
  return row ? spanOf(row) : null;
}

export type FoundGap = GapSpan & {
  readonly allocationId: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly cardId: string;
};

/** A page of a month's gap hours, oldest first, and how many there are. */
export async function readGaps(
  tx: Tx,
  month: Month,
  { skip, take }: Slice,
): Promise<{ rows: FoundGap[]; total: number }> {
  const { startAt, endAt } = monthInterval(month);
  await tx.$queryRaw`SELECT set_config('work_mem', '64MB', true)`;
  const rows = await tx.$queryRaw<
    (SpanRow & {
      allocation_id: string;
      card_id: string;
      organisation_id: string;
      organisation: string;
      reservation_id: string;
      reservation: string;
      total: number;
    })[]
  >`
    SELECT g.*, a.card_id, o.id AS organisation_id, o.name AS organisation, r.id AS reservation_id, r.name AS reservation
    FROM (SELECT *, count(*) OVER ()::int AS total FROM gap_hours(${toDate(startAt)}::timestamptz, ${toDate(endAt)}::timestamptz, NULL)
      ORDER BY hour_at, allocation_id COLLATE "C" OFFSET ${skip} LIMIT ${take}) g
    JOIN allocation a ON a.id = g.allocation_id JOIN reservation r ON r.id = a.reservation_id JOIN organisation o ON o.id = a.organisation_id
    ORDER BY g.hour_at, g.allocation_id COLLATE "C"`;
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      ...spanOf(row),
      allocationId: row.allocation_id,
      organisationId: idFrom('organisation', row.organisation_id),
      organisationName: row.organisation,
      reservationId: idFrom('reservation', row.reservation_id),
      reservationName: row.reservation,
      cardId: row.card_id,
    })),
  };
}

/** When the charge of an hour counts: with the hour, or in the next month whose close has not begun. */
export async function readCountsAt(tx: Tx, hourAt: Instant): Promise<Instant> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`SELECT charge_counts_at(${toDate(hourAt)}::timestamptz) AS at`;
  return row ? fromDate(row.at) : hourAt;
}

type WaiverRow = {
  id: string;
  allocation_id: string;
  hour_at: Date;
  organisation_id: string;
  organisation: string;
  reason: string;
  state: string;
  proposed_by: string;
  proposed_by_name: string;
  proposed_at: Date;
  decided_by_name: string | null;
  decided_at: Date | null;
};

const waiverOf = (row: WaiverRow): HourWaiver => ({
  id: idFrom('hourWaiver', row.id),
  allocationId: row.allocation_id,
  hourAt: fromDate(row.hour_at),
  organisationId: idFrom('organisation', row.organisation_id),
  organisationName: row.organisation,
  reason: row.reason,
  state: oneOf(WAIVER_STATES, row.state),
  proposedBy: row.proposed_by,
  proposedByName: row.proposed_by_name,
  proposedAt: fromDate(row.proposed_at),
  decidedByName: row.decided_by_name,
  decidedAt: row.decided_at === null ? null : fromDate(row.decided_at),
});

/** The waivers that a condition on `w` picks, oldest first. */
async function readWhere(tx: Tx, where: Prisma.Sql, most: number): Promise<HourWaiver[]> {
  const rows = await tx.$queryRaw<WaiverRow[]>`
    SELECT w.id, w.allocation_id, w.hour_at, w.organisation_id, o.name AS organisation, w.reason, w.state, w.proposed_by,
      coalesce(p.name, w.proposed_by) AS proposed_by_name, w.proposed_at, coalesce(d.name, w.decided_by) AS decided_by_name, w.decided_at
    FROM hour_waiver w JOIN organisation o ON o.id = w.organisation_id
      LEFT JOIN user_account p ON w.proposed_by = 'user:' || p.id LEFT JOIN user_account d ON w.decided_by = 'user:' || d.id
    WHERE ${where} ORDER BY w.proposed_at, w.id LIMIT ${most}`;
  return rows.map(waiverOf);
}

/** The waivers that wait for their second person, oldest first. */
export function readWaitingWaivers(tx: Tx, most: number): Promise<HourWaiver[]> {
  return readWhere(tx, Prisma.sql`w.state = 'proposed'`, most);
}

/** The waiver of an hour that waits or was agreed to; null without one. */
export async function findWaiverOf(tx: Tx, allocationId: string, hourAt: Instant): Promise<HourWaiver | null> {
  const at = Prisma.sql`w.hour_at = ${toDate(hourAt)}::timestamptz`;
  const own = Prisma.sql`w.allocation_id = ${allocationId} AND ${at} AND w.state <> 'declined'`;
  return (await readWhere(tx, own, 1))[0] ?? null;
}

/** A waiver, locked until the transaction ends; null when there is none. */
export async function lockWaiver(tx: Tx, id: string): Promise<HourWaiver | null> {
  await tx.$queryRaw`SELECT 1 FROM hour_waiver WHERE id = ${id} FOR UPDATE`;
  return (await readWhere(tx, Prisma.sql`w.id = ${id}`, 1))[0] ?? null;
}

/** Keeps a proposal; false when one of the hour waits already. */
export async function insertWaiver(
  tx: Tx,
  waiver: Pick<
    HourWaiver,
    'id' | 'allocationId' | 'hourAt' | 'organisationId' | 'reason' | 'proposedBy' | 'proposedAt'
  >,
): Promise<boolean> {
  const { hourAt, proposedAt, ...rest } = waiver;
  const data = { ...rest, hourAt: toDate(hourAt), proposedAt: toDate(proposedAt), state: 'proposed' };
  return (await tx.hourWaiver.createMany({ data: [data], skipDuplicates: true })).count === 1;
}

export async function writeDecision(
  tx: Tx,
  id: string,
  decision: { readonly state: 'agreed' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  const { state, by, at } = decision;
  await tx.hourWaiver.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}
