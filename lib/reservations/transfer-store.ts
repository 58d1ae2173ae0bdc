import 'server-only';
import type { Term, TopologyWish } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { Change } from './decision-types.ts';

/** An open offer as the organisation that it is made to sees it: nothing else of the reservation is theirs to see. */
export type TransferOffer = {
  readonly reservationId: Id<'reservation'>;
  readonly poolId: Id<'pool'>;
  readonly fromName: string;
  readonly skuId: Id<'sku'>;
  readonly name: string;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly interval: Interval;
  readonly term: Term | null;
  readonly amountUnits: Units;
  readonly offeredAt: Instant;
};

/** Writes an offer down, with the terms that it is made at. */
export async function insertOffer(
  tx: Tx,
  poolId: string,
  offer: Extract<Change, { kind: 'transferOffered' }>,
): Promise<void> {
  const { reservation, toOrganisationId, fromName, toSlug, amountUnits, at } = offer;
  const { id, organisationId, skuId, name, cards, topology, interval, term } = reservation;
  await tx.transferOffer.create({
    data: {
      reservationId: id,
      poolId,
      fromOrganisationId: organisationId,
      toOrganisationId,
      fromName,
      toSlug,
      skuId,
      name,
      cards,
      topology,
      startAt: toDate(interval.startAt),
      endAt: interval.endAt === null ? null : toDate(interval.endAt),
      term: term?.kind ?? null,
      amountUnits,
      offeredAt: toDate(at),
      state: 'open',
    },
  });
}

/** Ends the open offer of a reservation. */
export async function closeOffer(
  tx: Tx,
  { id, state, at }: Extract<Change, { kind: 'transferClosed' }>,
): Promise<void> {
  await tx.transferOffer.updateMany({
    where: { reservationId: id, state: 'open' },
    data: { state, closedAt: toDate(at) },
  });
}

/** The open offers made to an organisation, the soonest first. */
export async function readOffersTo(tx: Tx, toOrganisationId: Id<'organisation'>): Promise<TransferOffer[]> {
  const rows = await tx.transferOffer.findMany({
    where: { toOrganisationId, state: 'open' },
    orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
    take: 100,
    select: {
      reservationId: true,
      poolId: true,
      fromName: true,
      skuId: true,
      name: true,
      cards: true,
      topology: true,
      startAt: true,
      endAt: true,
      term: true,
      amountUnits: true,
      offeredAt: true,
    },
  });
  return rows.map(({ startAt, endAt, offeredAt, ...row }) => ({
    ...row,
    reservationId: idFrom('reservation', row.reservationId),
    poolId: idFrom('pool', row.poolId),
    skuId: idFrom('sku', row.skuId),
    topology: row.topology as TopologyWish,
    term: row.term as Term | null,
    interval: { startAt: fromDate(startAt), endAt: endAt === null ? null : fromDate(endAt) },
    amountUnits: units(row.amountUnits),
    offeredAt: fromDate(offeredAt),
  }));
}

/** The pool of what was last offered to an organisation under a reservation's id, open or not; null when it never was. */
export async function readOfferPool(
  tx: Tx,
  toOrganisationId: Id<'organisation'>,
  reservationId: string,
): Promise<Id<'pool'> | null> {
  const row = await tx.transferOffer.findFirst({
    where: { toOrganisationId, reservationId },
    orderBy: { id: 'desc' },
    select: { poolId: true },
  });
  return row ? idFrom('pool', row.poolId) : null;
}

/** The address of the organisation that a reservation is offered to; null without an open offer. */
export async function readOfferedTo(
  tx: Tx,
  fromOrganisationId: Id<'organisation'>,
  reservationId: string,
): Promise<string | null> {
  const row = await tx.transferOffer.findFirst({
    where: { fromOrganisationId, reservationId, state: 'open' },
    select: { toSlug: true },
  });
  return row?.toSlug ?? null;
}
