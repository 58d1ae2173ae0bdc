import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import type { AutoExtend } from './change-types.ts';
import type { Booked, LostCard, Share } from './types.ts';

/** The columns of a reservation that make it a {@link Booked}. */
export const BOOKED_COLUMNS = {
  id: true,
  organisationId: true,
  skuId: true,
  priceVersionId: true,
  imageId: true,
  name: true,
  purchase: true,
  cards: true,
  topology: true,
  startAt: true,
  endAt: true,
  heldUntil: true,
  term: true,
  termSeconds: true,
  termPriceUnits: true,
  placements: true,
  noticedAt: true,
  autoExtendStepSeconds: true,
  autoExtendPriceE10Max: true,
  autoExtendUntilAt: true,
  autoExtendTryAt: true,
  autoExtendFailure: true,
  offeredTo: true,
  state: true,
  isBound: true,
  lost: true,
  plan: true,
  createdBy: true,
  createdAt: true,
} as const;

export type BookedRow = {
  id: string;
  organisationId: string;
  skuId: string;
  priceVersionId: string;
  imageId: string | null;
  name: string;
  purchase: string;
  cards: number;
  topology: string;
  startAt: Date;
  endAt: Date | null;
  heldUntil: Date | null;
  term: string | null;
  termSeconds: number | null;
  termPriceUnits: bigint | null;
  placements: number;
  noticedAt: Date;
  autoExtendStepSeconds: number | null;
  autoExtendPriceE10Max: bigint | null;
  autoExtendUntilAt: Date | null;
  autoExtendTryAt: Date | null;
  autoExtendFailure: string | null;
  offeredTo: string | null;
  state: string;
  isBound: boolean;
  lost: unknown;
  plan: unknown;
  createdBy: string;
  createdAt: Date;
};

const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

function termFrom(row: BookedRow): Booked['term'] {
  if (row.term === null) return null;
  return {
    kind: row.term as NonNullable<Booked['term']>['kind'],
    seconds: present(row.termSeconds, 'term seconds'),
    priceUnits: units(present(row.termPriceUnits, 'term price')),
  };
}

function autoExtendFrom(row: BookedRow): AutoExtend | null {
  if (row.autoExtendStepSeconds === null) return null;
  return {
    stepSeconds: row.autoExtendStepSeconds,
    priceE10Max: priceE10(present(row.autoExtendPriceE10Max, 'price cap')),
    untilAt: optional(row.autoExtendUntilAt),
    tryAt: fromDate(present(row.autoExtendTryAt, 'next try')),
    failure: row.autoExtendFailure,
  };
}

/** A live reservation and its planned shares, from its row. The database's checks keep the columns to their sets. */
export function fromBookedRow(row: BookedRow): { reservation: Booked; shares: Share[] } {
  const reservation: Booked = {
    id: idFrom('reservation', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    skuId: idFrom('sku', row.skuId),
    priceVersionId: idFrom('priceVersion', row.priceVersionId),
    imageId: row.imageId === null ? null : idFrom('image', row.imageId),
    name: row.name,
    purchase: row.purchase as Booked['purchase'],
    cards: row.cards,
    topology: row.topology as Booked['topology'],
    interval: { startAt: fromDate(row.startAt), endAt: optional(row.endAt) },
    heldUntil: optional(row.heldUntil),
    term: termFrom(row),
    state: row.state as Booked['state'],
    isBound: row.isBound,
    lost: row.lost as LostCard[],
    placements: row.placements,
    noticedAt: fromDate(row.noticedAt),
    autoExtend: autoExtendFrom(row),
    offeredTo: row.offeredTo === null ? null : idFrom('organisation', row.offeredTo),
    createdBy: row.createdBy,
    createdAt: fromDate(row.createdAt),
  };
  return { reservation, shares: row.plan as Share[] };
}

const toDateOrNull = (at: Instant | null): Date | null => (at === null ? null : new Date(at));

/** The columns that decisions change. */
export function toChangingColumns(reservation: Booked) {
  const { cards, interval, heldUntil, term, state, isBound, lost, placements, noticedAt, autoExtend } = reservation;
  return {
    cards,
    endAt: toDateOrNull(interval.endAt),
    heldUntil: toDateOrNull(heldUntil),
    termSeconds: term?.seconds ?? null,
    termPriceUnits: term?.priceUnits ?? null,
    state,
    isBound,
    lost: [...lost],
    placements,
    noticedAt: new Date(noticedAt),
    autoExtendStepSeconds: autoExtend?.stepSeconds ?? null,
    autoExtendPriceE10Max: autoExtend?.priceE10Max ?? null,
    autoExtendUntilAt: toDateOrNull(autoExtend?.untilAt ?? null),
    autoExtendTryAt: toDateOrNull(autoExtend?.tryAt ?? null),
    autoExtendFailure: autoExtend?.failure ?? null,
    offeredTo: reservation.offeredTo,
  };
}

/** The whole row of a new reservation. */
export function toNewRow(poolId: string, reservation: Booked, shares: readonly Share[]) {
  const {
    id,
    organisationId,
    skuId,
    priceVersionId,
    imageId,
    name,
    purchase,
    topology,
    interval,
    term,
    createdBy,
    createdAt,
  } = reservation;
  return {
    id,
    poolId,
    organisationId,
    skuId,
    priceVersionId,
    imageId,
    name,
    purchase,
    topology,
    startAt: new Date(interval.startAt),
    term: term?.kind ?? null,
    plan: shares.map((share) => ({ ...share })),
    createdBy,
    createdAt: new Date(createdAt),
    ...toChangingColumns(reservation),
  };
}
