import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { recordHealth, recordSpares, recordTransition } from '#lib/inventory/card-states.ts';
import { openArrears } from '#lib/ledger/arrears.ts';
import { sendPosting } from '#lib/ledger/posting.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { askDirectly, sendDirectly } from '#lib/platform/direct-statements.ts';
import { insertRows } from '#lib/platform/rows-in-columns.ts';
import { saveDrainPlan, saveWindow } from './maintenance-keeping.ts';
import { moneyJournals } from './money-journals.ts';
import { saveQueue } from './queue/job-rows.ts';
import { insertRefunds } from './refund-rows.ts';
import { partsOf, type RoundRows, roundRowsOf } from './round-rows.ts';
import {
  ALLOCATION_COLUMNS,
  BOOKED_COLUMNS,
  fromBookedRow,
  RESERVATION_COLUMNS,
  toAllocationRow,
  toChangingColumns,
  toNewRow,
} from './rows.ts';
import { closeOffer, insertOffer } from './transfer-store.ts';
import type { Booked, OrganisationLimits } from './types.ts';
import type { Bound, Share } from './planner-types.ts';
import type { Change } from './decision-types.ts';

// The engine's door to the tables of reservations, within its own transaction.

/** The live reservations of a pool with their plans, oldest first. */
export async function readLive(tx: Tx, poolId: Id<'pool'>): Promise<{ reservation: Booked; shares: Share[] }[]> {
  const rows = await tx.reservation.findMany({
    where: { poolId, state: { in: ['confirmed', 'active'] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: BOOKED_COLUMNS,
  });
  return rows.map(fromBookedRow);
}

/** The cards that live reservations of a pool have; `ordinals` maps card ids to the pool's numbers. */
export async function readBindings(
  tx: Tx,
  poolId: Id<'pool'>,
  ordinals: ReadonlyMap<string, number>,
): Promise<Bound[]> {
  const rows = await tx.$queryRaw<
    { id: string; reservation_id: string; card_id: string; start_at: Date; end_at: Date | null }[]
  >`
    SELECT a.id, a.reservation_id, a.card_id, a.start_at, a.end_at
    FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.pool_id = ${poolId} AND r.state IN ('confirmed', 'active') AND a.end_at IS NOT DISTINCT FROM r.end_at
    ORDER BY a.start_at, a.id`;
  return rows.map((row) => ({
    id: row.id as Id<'allocation'>,
    reservationId: row.reservation_id as Id<'reservation'>,
    card: present(ordinals.get(row.card_id), `card ${row.card_id}`),
    interval: { startAt: fromDate(row.start_at), endAt: row.end_at === null ? null : fromDate(row.end_at) },
  }));
}

/** The limits of organisations. */
export async function readLimits(
  tx: Tx,
  organisationIds: readonly string[],
): Promise<Map<Id<'organisation'>, OrganisationLimits>> {
  const rows = await askDirectly<{ id: string; card_quota: number; limit_units: bigint | null; grace_seconds: number }>(
    tx,
    Prisma.sql`
      SELECT id, card_quota, monthly_spending_limit_units AS limit_units, arrears_grace_seconds(id) AS grace_seconds FROM organisation
      WHERE id = ANY(${organisationIds}::text[])`,
  );
  return new Map(
    rows.map((row) => {
      const limit = row.limit_units;
      const limits = {
        cardQuota: row.card_quota,
        monthlySpendingLimitUnits: limit === null ? null : units(limit),
        graceSeconds: row.grace_seconds,
      };
      return [row.id as Id<'organisation'>, limits];
    }),
  );
}

/** What organisations, and their projects, set aside for a pool's reservations by Shanghai month, since `from`. */
export async function readCommitted(
  tx: Tx,
  poolId: Id<'pool'>,
  from: Ctx['now'],
): Promise<{ holderId: string; month: string; amount: Units }[]> {
  const rows = await tx.$queryRaw<{ holder_id: string; month: string; amount: bigint }[]>`
    SELECT h.holder_id, shanghai_month(j.effective_at) AS month, sum(p.credit_units)::bigint AS amount
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
      JOIN reservation r ON r.id = j.source->>'reservation'
      CROSS JOIN LATERAL (VALUES (j.organisation_id), (r.project_id)) AS h (holder_id)
    WHERE j.kind IN ('holdPlaced', 'commitmentPaid', 'gracePlaced') AND a.kind IN ('hold', 'commitment')
      AND r.pool_id = ${poolId} AND j.effective_at >= ${toDate(from)}::timestamptz AND h.holder_id IS NOT NULL
    GROUP BY 1, 2`;
  return rows.map((row) => ({ holderId: row.holder_id, month: row.month, amount: units(row.amount) }));
}

/** What the rows need of the pool: its id and the ids behind the ordinals. */
export type PoolNames = { readonly poolId: Id<'pool'>; readonly cardId: (ordinal: number) => string };

/** Rows as one parameter, which the database reads into its own columns. */
const rowsIn = (rows: readonly object[]): string => JSON.stringify(rows);

function insertReservations(tx: Tx, { poolId }: PoolNames, { added }: RoundRows): void {
  const rows = [...added.values()].map(({ reservation, shares }) => toNewRow(poolId, reservation, shares));
  insertRows(tx, 'reservation', RESERVATION_COLUMNS, rows);
}

/** What decisions changed, then what they ended: a reservation may be in both. */
function updateReservations(ctx: Ctx, tx: Tx, { changed, ended, replanned }: RoundRows): void {
  if (changed.size > 0) {
    const rows = [...changed.values()].map(toChangingColumns);
    sendDirectly(
      tx,
      Prisma.sql`
        UPDATE reservation r SET cards = c.cards, end_at = c.end_at, held_until = c.held_until, grace_from = c.grace_from, term_seconds = c.term_seconds,
          term_price_units = c.term_price_units, state = c.state, is_bound = c.is_bound, lost = c.lost, placements = c.placements,
          noticed_at = c.noticed_at, auto_extend_step_seconds = c.auto_extend_step_seconds,
          auto_extend_price_e10_max = c.auto_extend_price_e10_max, auto_extend_until_at = c.auto_extend_until_at,
          auto_extend_try_at = c.auto_extend_try_at, auto_extend_failure = c.auto_extend_failure, offered_to = c.offered_to
        FROM json_populate_recordset(NULL::reservation, ${rowsIn(rows)}::json) AS c WHERE r.id = c.id`,
    );
  }
  if (replanned.size > 0) {
    const rows = [...replanned].map(([id, plan]) => ({ id, plan }));
    sendDirectly(
      tx,
      Prisma.sql`
        UPDATE reservation r SET plan = c.plan, replans = r.replans + 1, replanned_at = ${toDate(ctx.now)}::timestamptz
        FROM json_populate_recordset(NULL::reservation, ${rowsIn(rows)}::json) AS c WHERE r.id = c.id`,
    );
  }
  if (ended.length > 0) {
    const rows = ended.map(({ id, state, at, reason }) => ({ id, state, ended_at: toDate(at), end_reason: reason }));
    sendDirectly(
      tx,
      Prisma.sql`
        UPDATE reservation r SET state = c.state, ended_at = c.ended_at, end_reason = c.end_reason
        FROM json_populate_recordset(NULL::reservation, ${rowsIn(rows)}::json) AS c WHERE r.id = c.id`,
    );
  }
}

/**
 * Allocations that become shorter first, then those that become longer, then new ones: so that no row ever overlaps
 * one that is about to give way, whatever gives way to what within the round.
 */
function writeAllocations(
  tx: Tx,
  names: PoolNames,
  { ends, hasLonger, unusedUntil, bound }: RoundRows,
  organisationOf: (reservationId: string) => string,
): void {
  if (ends.size > 0) {
    const rows = rowsIn([...ends].map(([id, endAt]) => ({ id, end_at: endAt === null ? null : toDate(endAt) })));
    if (hasLonger)
      sendDirectly(
        tx,
        Prisma.sql`
          UPDATE allocation a SET end_at = c.end_at FROM json_populate_recordset(NULL::allocation, ${rows}::json) AS c
          WHERE a.id = c.id AND c.end_at < coalesce(a.end_at, 'infinity')`,
      );
    sendDirectly(
      tx,
      Prisma.sql`
        UPDATE allocation a SET end_at = c.end_at FROM json_populate_recordset(NULL::allocation, ${rows}::json) AS c
        WHERE a.id = c.id AND a.end_at IS DISTINCT FROM c.end_at`,
    );
  }
  if (unusedUntil.size > 0) {
    const rows = rowsIn([...unusedUntil].map(([id, until]) => ({ id, unused_until: toDate(until) })));
    sendDirectly(
      tx,
      Prisma.sql`
        UPDATE allocation a SET unused_until = c.unused_until
        FROM json_populate_recordset(NULL::allocation, ${rows}::json) AS c WHERE a.id = c.id`,
    );
  }
  const rows = [...bound.values()].map((binding) =>
    toAllocationRow(names.poolId, organisationOf(binding.reservationId), names.cardId(binding.card), binding),
  );
  insertRows(tx, 'allocation', ALLOCATION_COLUMNS, rows);
}

const EVENT_COLUMNS = {
  reservation_id: 'text',
  organisation_id: 'text',
  at: 'timestamptz',
  kind: 'text',
  data: 'jsonb',
} as const;

function insertEvents(tx: Tx, { events }: RoundRows): void {
  const rows = events.map(({ reservationId, organisationId, at, event, data }) => ({
    reservation_id: reservationId,
    organisation_id: organisationId,
    at: toDate(at),
    kind: event,
    data,
  }));
  insertRows(tx, 'reservation_event', EVENT_COLUMNS, rows);
}

async function recordCards(tx: Tx, names: PoolNames, { cards }: RoundRows): Promise<void> {
  for (const change of cards) {
    if (change.kind === 'cardsMoved') await recordTransition(tx, change.cards.map(names.cardId), change);
    else await recordHealth(tx, names.cardId(change.card), change, change.reason, change.at);
  }
}

/** One part of a round, as {@link partsOf} makes them. */
async function savePart(
  ctx: Ctx,
  tx: Tx,
  names: PoolNames,
  changes: readonly Change[],
  organisationOf: (reservationId: string) => string,
): Promise<void> {
  const rows = roundRowsOf(changes);
  insertReservations(tx, names, rows);
  updateReservations(ctx, tx, rows);
  writeAllocations(tx, names, rows, organisationOf);
  await recordCards(tx, names, rows);
  for (const { toSpare, toSale, ...share } of rows.spares)
    await recordSpares(tx, names.poolId, {
      ...share,
      toSpare: toSpare.map(names.cardId),
      toSale: toSale.map(names.cardId),
    });
  for (const plan of rows.drainPlans) await saveDrainPlan(tx, names, plan);
  for (const window of rows.windows.values()) await saveWindow(tx, names, window);
  for (const offer of rows.offers) {
    if (offer.kind === 'transferOffered') await insertOffer(tx, names.poolId, offer);
    else await closeOffer(tx, offer);
  }
  insertRefunds(tx, rows.refunds);
  await saveQueue(tx, names.poolId, changes);
  insertEvents(tx, rows);
  const lent = rows.money.filter((change) => change.kind === 'moneyPlaced' && change.isOwed);
  if (lent.length > 0)
    await openArrears(
      tx,
      lent.map(({ reservation }) => reservation.organisationId),
    );
  const journals = Map.groupBy(await moneyJournals(tx, rows.money, names.poolId), ({ kind }) => kind === 'gracePlaced');
  // A wallet that pays while its organisation owes is refused: what it paid before its grace, in one round after an outage, goes first.
  sendPosting(ctx, tx, journals.get(false) ?? []);
  sendPosting(ctx, tx, journals.get(true) ?? []);
}

/**
 * Writes what decisions changed, one statement a kind of row for the whole round: reservations, allocations, cards,
 * events, and the journals of what was set aside. Runs under the pool's epoch; the database refuses a deposed leader, a
 * card in two places, and an overdrawn wallet. `organisationOf` knows every reservation that cards are bound to.
 */
export async function saveChanges(
  ctx: Ctx,
  tx: Tx,
  names: PoolNames,
  changes: readonly Change[],
  organisationOf: (reservationId: string) => string,
): Promise<void> {
  for (const part of partsOf(changes)) await savePart(ctx, tx, names, part, organisationOf);
}
