import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { recordHealth, recordTransition } from '#lib/inventory/card-states.ts';
import { post } from '#lib/ledger/posting.ts';
import { hoursReturned, partReturned, placed } from '#lib/ledger/templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { BOOKED_COLUMNS, fromBookedRow, toChangingColumns, toNewRow } from './rows.ts';
import { closeOffer, insertOffer } from './transfer-store.ts';
import type { Booked, Bound, Change, OrganisationLimits, Share } from './types.ts';

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
  const rows = await tx.organisation.findMany({
    where: { id: { in: [...organisationIds] } },
    select: { id: true, cardQuota: true, monthlySpendingLimitUnits: true },
  });
  return new Map(
    rows.map((row) => {
      const limit = row.monthlySpendingLimitUnits;
      const limits = { cardQuota: row.cardQuota, monthlySpendingLimitUnits: limit === null ? null : units(limit) };
      return [row.id as Id<'organisation'>, limits];
    }),
  );
}

/** What organisations set aside for a pool's reservations by Shanghai month, since `from`. */
export async function readCommitted(
  tx: Tx,
  poolId: Id<'pool'>,
  from: Ctx['now'],
): Promise<{ organisationId: string; month: string; amount: Units }[]> {
  const rows = await tx.$queryRaw<{ organisation_id: string; month: string; amount: bigint }[]>`
    SELECT j.organisation_id, shanghai_month(j.effective_at) AS month, sum(p.credit_units)::bigint AS amount
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
      JOIN reservation r ON r.id = j.source->>'reservation'
    WHERE j.kind IN ('holdPlaced', 'commitmentPaid') AND a.kind IN ('hold', 'commitment')
      AND r.pool_id = ${poolId} AND j.effective_at >= ${toDate(from)}::timestamptz
    GROUP BY 1, 2`;
  return rows.map((row) => ({ organisationId: row.organisation_id, month: row.month, amount: units(row.amount) }));
}

/** What the rows need of the pool: its id and the ids behind the ordinals. */
export type PoolNames = { readonly poolId: Id<'pool'>; readonly cardId: (ordinal: number) => string };

/** The last state of each reservation in a list of changes: rows are written once. */
function finalReservations(changes: readonly Change[]): Map<string, Booked> {
  const final = new Map<string, Booked>();
  for (const change of changes) {
    if (change.kind === 'reservationAdded' || change.kind === 'reservationChanged')
      final.set(change.reservation.id, change.reservation);
  }
  return final;
}

async function insertAllocations(
  tx: Tx,
  names: PoolNames,
  organisations: ReadonlyMap<string, string>,
  bindings: readonly Bound[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
    SELECT id, reservation_id, organisation_id, ${names.poolId}, card_id, start_at, end_at
    FROM unnest(${bindings.map((b) => b.id)}::text[], ${bindings.map((b) => b.reservationId)}::text[],
      ${bindings.map((b) => organisations.get(b.reservationId) ?? null)}::text[], ${bindings.map((b) => names.cardId(b.card))}::text[],
      ${bindings.map((b) => toDate(b.interval.startAt))}::timestamptz[],
      ${bindings.map((b) => (b.interval.endAt === null ? null : toDate(b.interval.endAt)))}::timestamptz[])
      AS b (id, reservation_id, organisation_id, card_id, start_at, end_at)`;
}

async function setAllocationEnds(tx: Tx, ids: readonly string[], endAt: Ctx['now'] | null): Promise<void> {
  const at = endAt === null ? null : toDate(endAt);
  await tx.$executeRaw`UPDATE allocation SET end_at = ${at}::timestamptz
    WHERE id = ANY(${ids}::text[]) AND end_at IS DISTINCT FROM ${at}::timestamptz`;
}

async function setUnusedUntil(tx: Tx, ids: readonly string[], until: Ctx['now']): Promise<void> {
  await tx.$executeRaw`UPDATE allocation SET unused_until = ${toDate(until)}::timestamptz WHERE id = ANY(${ids}::text[])`;
}

/** Writes one change other than a new reservation and its last state, which are written first and last. */
async function saveChange(
  tx: Tx,
  names: PoolNames,
  organisations: ReadonlyMap<string, string>,
  change: Change,
): Promise<void> {
  switch (change.kind) {
    case 'cardsBound':
      return insertAllocations(tx, names, organisations, change.bindings);
    case 'bindingsClosed':
      await setAllocationEnds(tx, change.ids, change.endAt);
      return change.unusedUntil ? setUnusedUntil(tx, change.ids, change.unusedUntil) : undefined;
    case 'bindingsExtended':
      return setAllocationEnds(tx, change.ids, change.endAt);
    case 'replanned': {
      const plan = change.shares.map((share) => ({ ...share }));
      await tx.reservation.updateMany({ where: { id: change.id }, data: { plan } });
      return;
    }
    case 'cardsMoved':
      return recordTransition(tx, change.cards.map(names.cardId), change);
    case 'cardHealth':
      return recordHealth(tx, names.cardId(change.card), change, change.reason, change.at);
    case 'reservationEnded': {
      const data = { state: change.state, endedAt: toDate(change.at), endReason: change.reason };
      await tx.reservation.updateMany({ where: { id: change.id }, data });
      return;
    }
    case 'transferOffered':
      return insertOffer(tx, names.poolId, change);
    case 'transferClosed':
      return closeOffer(tx, change);
    case 'reservationAdded':
    case 'reservationChanged':
    case 'moneyPlaced':
    case 'moneyReturned':
    case 'hoursCredited':
    case 'event':
      return;
  }
}

/** What a change moves in the books; null when it moves nothing. */
function journalOf(change: Change, poolId: string): Journal | null {
  if (change.kind !== 'moneyPlaced' && change.kind !== 'moneyReturned' && change.kind !== 'hoursCredited') return null;
  const { reservation, amountUnits, at } = change;
  const { id: reservationId, organisationId, skuId, purchase } = reservation;
  const ref = { reservationId, organisationId, poolId, skuId, purchase };
  switch (change.kind) {
    case 'moneyPlaced':
      return placed(ref, at, change.step, amountUnits, change.cardSeconds);
    case 'moneyReturned':
      return partReturned(ref, at, reservation.cards, amountUnits, change.cardSeconds);
    case 'hoursCredited':
      return hoursReturned(ref, at, change.cardsLeft, amountUnits);
  }
}

/**
 * Writes what decisions changed: reservations, allocations, cards, events, and the journals of what was set aside.
 * Runs under the pool's epoch; the database refuses a deposed leader, a card in two places, and an overdrawn wallet.
 */
export async function saveChanges(
  ctx: Ctx,
  tx: Tx,
  names: PoolNames,
  changes: readonly Change[],
  organisationOf: (reservationId: string) => string | undefined,
): Promise<void> {
  const final = finalReservations(changes);
  const organisations = new Map<string, string>();
  for (const change of changes) {
    if (change.kind !== 'cardsBound') continue;
    for (const { reservationId } of change.bindings) {
      organisations.set(
        reservationId,
        present(
          final.get(reservationId)?.organisationId ?? organisationOf(reservationId),
          `organisation of ${reservationId}`,
        ),
      );
    }
  }
  const added = changes.filter((change) => change.kind === 'reservationAdded');
  if (added.length > 0) {
    await tx.reservation.createMany({
      data: added.map(({ reservation, shares }) =>
        toNewRow(names.poolId, final.get(reservation.id) ?? reservation, shares),
      ),
    });
  }
  const isNew = new Set<string>(added.map(({ reservation }) => reservation.id));
  for (const [id, reservation] of final) {
    if (!isNew.has(id)) await tx.reservation.updateMany({ where: { id }, data: toChangingColumns(reservation) });
  }
  for (const change of changes) await saveChange(tx, names, organisations, change);
  const events = changes.filter((change) => change.kind === 'event');
  if (events.length > 0) {
    const data = events.map(({ reservationId, organisationId, at, event, data: details }) => ({
      reservationId,
      organisationId,
      at: toDate(at),
      kind: event,
      data: { ...details },
    }));
    await tx.reservationEvent.createMany({ data });
  }
  const journals = changes.flatMap((change) => journalOf(change, names.poolId) ?? []);
  await post(ctx, tx, journals);
}
