import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { gangOf, type PreferredLevel } from '#lib/core/topology.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import type { AutoExtend } from './change-types.ts';
import type { ColumnType } from '#lib/platform/rows-in-columns.ts';
import type { Booked, LostCard } from './types.ts';
import type { Bound, Share } from './planner-types.ts';

/** The columns of a reservation that make it a {@link Booked}. */
export const BOOKED_COLUMNS = {
  id: true,
  organisationId: true,
  projectId: true,
  skuId: true,
  priceVersionId: true,
  imageId: true,
  name: true,
  purchase: true,
  cards: true,
  topology: true,
  segmentCards: true,
  preferredLevel: true,
  startAt: true,
  endAt: true,
  heldUntil: true,
  graceFrom: true,
  term: true,
  termSeconds: true,
  termPriceUnits: true,
  payBy: true,
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
  projectId: string | null;
  skuId: string;
  priceVersionId: string;
  imageId: string | null;
  name: string;
  purchase: string;
  cards: number;
  topology: string;
  segmentCards: number | null;
  preferredLevel: string | null;
  startAt: Date;
  endAt: Date | null;
  heldUntil: Date | null;
  graceFrom?: Date | null;
  term: string | null;
  termSeconds: number | null;
  termPriceUnits: bigint | null;
  payBy?: string;
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
    projectId: row.projectId === null ? null : idFrom('project', row.projectId),
    skuId: idFrom('sku', row.skuId),
    priceVersionId: idFrom('priceVersion', row.priceVersionId),
    imageId: row.imageId === null ? null : idFrom('image', row.imageId),
    name: row.name,
    purchase: row.purchase as Booked['purchase'],
    cards: row.cards,
    topology: row.topology as Booked['topology'],
    gang: gangOf(row.segmentCards, row.preferredLevel as PreferredLevel | null),
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
    ...(row.payBy === 'account' ? { payBy: row.payBy } : {}),
    ...(row.graceFrom ? { graceFrom: fromDate(row.graceFrom) } : {}),
  };
  return { reservation, shares: row.plan as Share[] };
}

const textOf = (at: Instant | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The columns that decisions change, by their names in the table. */
export function toChangingColumns(reservation: Booked) {
  const { cards, interval, heldUntil, term, state, isBound, lost, placements, noticedAt, autoExtend } = reservation;
  return {
    id: reservation.id,
    cards,
    end_at: textOf(interval.endAt),
    held_until: textOf(heldUntil),
    grace_from: textOf(reservation.graceFrom ?? null),
    term_seconds: term?.seconds ?? null,
    term_price_units: term ? `${term.priceUnits}` : null,
    state,
    is_bound: isBound,
    lost,
    placements,
    noticed_at: textOf(noticedAt),
    auto_extend_step_seconds: autoExtend?.stepSeconds ?? null,
    auto_extend_price_e10_max: autoExtend ? `${autoExtend.priceE10Max}` : null,
    auto_extend_until_at: textOf(autoExtend?.untilAt ?? null),
    auto_extend_try_at: textOf(autoExtend?.tryAt ?? null),
    auto_extend_failure: autoExtend?.failure ?? null,
    offered_to: reservation.offeredTo,
  };
}

/** The whole row of a new reservation, by the names in the table. */
export function toNewRow(poolId: string, reservation: Booked, shares: readonly Share[]) {
  const { organisationId, projectId, skuId, priceVersionId, imageId, name, purchase, topology } = reservation;
  const { interval, term, createdBy, createdAt } = reservation;
  return {
    pool_id: poolId,
    organisation_id: organisationId,
    project_id: projectId,
    sku_id: skuId,
    price_version_id: priceVersionId,
    image_id: imageId,
    name,
    purchase,
    topology,
    segment_cards: reservation.gang?.segmentCards ?? null,
    preferred_level: reservation.gang?.preferred ?? null,
    start_at: textOf(interval.startAt),
    term: term?.kind ?? null,
    pay_by: reservation.payBy ?? 'wallet',
    plan: shares,
    created_by: createdBy,
    created_at: textOf(createdAt),
    ...toChangingColumns(reservation),
  };
}

/** The columns of {@link toNewRow}. */
export const RESERVATION_COLUMNS: Readonly<Record<keyof ReturnType<typeof toNewRow>, ColumnType>> = {
  id: 'text',
  pool_id: 'text',
  organisation_id: 'text',
  project_id: 'text',
  sku_id: 'text',
  price_version_id: 'text',
  image_id: 'text',
  name: 'text',
  purchase: 'text',
  cards: 'int',
  topology: 'text',
  segment_cards: 'int',
  preferred_level: 'text',
  start_at: 'timestamptz',
  end_at: 'timestamptz',
  held_until: 'timestamptz',
  grace_from: 'timestamptz',
  term: 'text',
  term_seconds: 'int',
  term_price_units: 'bigint',
  placements: 'int',
  state: 'text',
  lost: 'jsonb',
  plan: 'jsonb',
  is_bound: 'boolean',
  created_by: 'text',
  created_at: 'timestamptz',
  noticed_at: 'timestamptz',
  auto_extend_step_seconds: 'int',
  auto_extend_price_e10_max: 'bigint',
  auto_extend_until_at: 'timestamptz',
  auto_extend_try_at: 'timestamptz',
  auto_extend_failure: 'text',
  offered_to: 'text',
  pay_by: 'text',
};

/** The row of a new allocation, by the names in the table. */
export function toAllocationRow(
  poolId: string,
  organisationId: string,
  cardId: string,
  { id, reservationId, interval }: Bound,
) {
  const [startAt, endAt] = [textOf(interval.startAt), textOf(interval.endAt)];
  return {
    id,
    reservation_id: reservationId,
    organisation_id: organisationId,
    pool_id: poolId,
    card_id: cardId,
    start_at: startAt,
    end_at: endAt,
  };
}

/** The columns of {@link toAllocationRow}. */
export const ALLOCATION_COLUMNS: Readonly<Record<keyof ReturnType<typeof toAllocationRow>, ColumnType>> = {
  id: 'text',
  reservation_id: 'text',
  organisation_id: 'text',
  pool_id: 'text',
  card_id: 'text',
  start_at: 'timestamptz',
  end_at: 'timestamptz',
};
