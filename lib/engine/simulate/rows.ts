import { invariant, present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { ruleOf } from '#lib/inventory/lifecycle.ts';
import type { CardState } from '#lib/reservations/book.ts';
import { type MaintenanceWindow, WINDOW_IS_LIVE } from '#lib/reservations/maintenance-types.ts';
import { type BookedRow, fromBookedRow } from '#lib/reservations/rows.ts';
import type { Answer } from '#lib/reservations/command-types.ts';
import type { Booked, CatalogView, OrganisationLimits } from '#lib/reservations/types.ts';
import type { Bound } from '#lib/reservations/planner-types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { ProjectLimits } from '#lib/reservations/project-types.ts';
import { type JobRow, queuePartsOf, saveQueueChange } from './job-rows.ts';
import { committedSince, type MindParts } from '../mind-building.ts';
import { beginningsOf, catalogAfter, emptyPool, projectsOf } from './market.ts';
import { saveMoney } from './money-rows.ts';
import type { Market } from './steps.ts';

export type ReservationRow = BookedRow & {
  readonly endedAt: Instant | null;
  readonly endReason: string | null;
  readonly settledAt: Instant | null;
};
export type AllocationRow = Bound;
export type HoldRow = {
  readonly placed: bigint;
  readonly captured: bigint;
  readonly returned: bigint;
  readonly resolvedAt: Instant | null;
};
export type PlacementRow = {
  readonly key: string;
  readonly reservationId: string;
  readonly organisationId: string;
  readonly projectId: string | null;
  readonly month: Month;
  readonly amount: Units;
  readonly at: Instant;
  /** Hours of grace, owed instead of taken from the wallet. */
  readonly isOwed: boolean;
};
export type CommandRow = {
  readonly id: Id<'command'>;
  readonly organisationId: Id<'organisation'> | null;
  readonly key: string;
  readonly request: string;
  readonly payload: string;
  readonly actor: string;
  readonly answers: readonly Answer[];
  readonly decisionNumber: number | null;
  readonly epoch: number | null;
  readonly decidedAt: Instant | null;
  readonly inputs: { readonly [name: string]: string };
  /** How often the hourly price had been replaced: the catalog that the decision read. */
  readonly reprices: number;
};

/** Cards that were given back while the rest of a reservation went on. */
export type ShrinkRow = { readonly reservationId: string; readonly cards: number; readonly at: Instant };

/** A credit line on account: what it allows, what is set aside against it, and what was used and is owed. */
export type LineRow = { readonly limit: bigint; readonly setAside: bigint; readonly owed: bigint };

/** A term that was refunded whole, when, and what its hours were credited. */
export type RefundRow = {
  readonly organisationId: string;
  readonly skuId: string;
  readonly at: Instant;
  readonly credited: bigint;
};

/** Everything that is committed of a simulated market. A committed value is never changed, only replaced. */
export type Rows = {
  readonly market: Market;
  readonly pool: ReturnType<typeof emptyPool>;
  readonly cards: CardState[];
  readonly reservations: Map<string, ReservationRow>;
  readonly allocations: Map<string, AllocationRow>;
  readonly placements: Map<string, PlacementRow>;
  readonly jobs: Map<string, JobRow>;
  /** Jobs of which the workload is over. */
  readonly workloadsOver: Set<Id<'job'>>;
  readonly holds: Map<string, HoldRow>;
  readonly wallets: Map<string, bigint>;
  /** The credit lines on account, by organisation. */
  readonly lines: Map<string, LineRow>;
  /** What vouchers were granted, have left, and lost at their end; nothing in memory, where there are none. */
  readonly vouchers: { readonly granted: bigint; readonly left: bigint; readonly expired: bigint };
  readonly limits: Map<Id<'organisation'>, OrganisationLimits>;
  readonly projects: readonly ProjectLimits[];
  /** Terms that were refunded whole, by reservation. */
  readonly refunds: Map<string, RefundRow>;
  readonly shrinks: ShrinkRow[];
  /** Running terms of which cards that were given back are charged on as unused. */
  readonly partlyUnused: Set<string>;
  /** Maintenance windows, those that are over included. */
  readonly windows: Map<string, MaintenanceWindow>;
  readonly commands: Map<string, CommandRow>;
  readonly hourlyYuan: number[];
  paidIn: bigint;
  earned: bigint;
  epoch: number;
  decisions: number;
};

/** The rows of a market on which nothing has happened. */
export function firstRows(market: Market): Rows {
  const pool = emptyPool(market);
  const organisations = beginningsOf(market);
  return {
    market,
    pool,
    cards: [...pool.cards],
    reservations: new Map(),
    allocations: new Map(),
    placements: new Map(),
    jobs: new Map(),
    workloadsOver: new Set(),
    holds: new Map(),
    wallets: new Map(organisations.map(({ id, wallet }) => [id, wallet])),
    lines: new Map(
      organisations.flatMap(({ id, lineUnits }) =>
        lineUnits === null ? [] : [[id, { limit: lineUnits, setAside: 0n, owed: 0n }]],
      ),
    ),
    vouchers: { granted: 0n, left: 0n, expired: 0n },
    limits: new Map(organisations.map(({ id, limits }) => [id, limits])),
    projects: projectsOf(market),
    refunds: new Map(),
    shrinks: [],
    partlyUnused: new Set(),
    windows: new Map(),
    commands: new Map(),
    hourlyYuan: [],
    paidIn: organisations.reduce((sum, { wallet }) => sum + wallet, 0n),
    earned: 0n,
    epoch: 0,
    decisions: 0,
  };
}

/** A draft of the next rows: what is written to it is there only once it takes the place of these. */
export function draftOf(rows: Rows): Rows {
  return {
    ...rows,
    cards: [...rows.cards],
    reservations: new Map(rows.reservations),
    allocations: new Map(rows.allocations),
    placements: new Map(rows.placements),
    jobs: new Map(rows.jobs),
    workloadsOver: new Set(rows.workloadsOver),
    holds: new Map(rows.holds),
    wallets: new Map(rows.wallets),
    lines: new Map(rows.lines),
    refunds: new Map(rows.refunds),
    shrinks: [...rows.shrinks],
    partlyUnused: new Set(rows.partlyUnused),
    windows: new Map(rows.windows),
    commands: new Map(rows.commands),
    hourlyYuan: [...rows.hourlyYuan],
  };
}

export function catalogOf({ pool, hourlyYuan }: Pick<Rows, 'pool' | 'hourlyYuan'>): CatalogView {
  return catalogAfter(pool.catalog, hourlyYuan);
}

const isLive = ({ state }: ReservationRow): boolean => state === 'confirmed' || state === 'active';

/** The live reservations, oldest first. */
export function liveRows(rows: Pick<Rows, 'reservations'>): ReservationRow[] {
  return [...rows.reservations.values()]
    .filter(isLive)
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
}

function liveBindings(rows: Rows): Bound[] {
  const isBoundNow = ({ reservationId, interval }: AllocationRow): boolean => {
    const row = rows.reservations.get(reservationId);
    return row !== undefined && isLive(row) && (row.endAt?.getTime() ?? null) === interval.endAt;
  };
  return [...rows.allocations.values()]
    .filter(isBoundNow)
    .sort((a, b) => a.interval.startAt - b.interval.startAt || (a.id < b.id ? -1 : 1));
}

/** What a new leader reads of the rows: `pool-loading.ts`, without the database. */
export function partsOf(rows: Rows, now: Instant): MindParts {
  const sums = new Map<string, bigint>();
  const live = liveRows(rows).map(fromBookedRow);
  const since = committedSince(
    live.map(({ reservation }) => reservation),
    now,
  );
  for (const { organisationId, projectId, month, amount } of rows.placements.values())
    for (const holderId of [organisationId, projectId])
      if (month >= since && holderId !== null) {
        const key = `${holderId} ${month}`;
        sums.set(key, (sums.get(key) ?? 0n) + amount);
      }
  return {
    now,
    poolId: rows.pool.poolId,
    topology: rows.pool.topology,
    cards: rows.cards,
    catalog: catalogOf(rows),
    committed: [...sums].map(([key, amount]) => {
      const [holderId = '', month = ''] = key.split(' ');
      return { holderId, month: month as Month, amount: units(amount) };
    }),
    live,
    bindings: liveBindings(rows),
    windows: [...rows.windows.values()].filter(({ state }) => WINDOW_IS_LIVE[state]),
    queue: queuePartsOf(rows, now),
  };
}

function setCard(rows: Rows, card: number, patch: Partial<CardState>): void {
  rows.cards[card] = { ...present(rows.cards[card], `card ${card}`), ...patch };
}

function setHealth(rows: Rows, change: Extract<Change, { kind: 'cardHealth' }>): void {
  const { card, health, takesNewWork, probationUntil } = change;
  setCard(rows, card, { health, takesNewWork, probationUntil });
}

function setSpares(rows: Rows, { toSpare, toSale }: Extract<Change, { kind: 'sparesSet' }>): void {
  for (const card of toSpare) setCard(rows, card, { isSpare: true, isOnSale: false });
  for (const card of toSale) setCard(rows, card, { isSpare: false, isOnSale: true });
}

function setReservation(rows: Rows, id: string, patch: Partial<ReservationRow>): void {
  rows.reservations.set(id, { ...present(rows.reservations.get(id), `reservation ${id}`), ...patch });
}

function endBindings(rows: Rows, change: Extract<Change, { kind: 'bindingsClosed' | 'bindingsExtended' }>): void {
  for (const id of change.ids) {
    const row = present(rows.allocations.get(id), `allocation ${id}`);
    rows.allocations.set(id, { ...row, interval: { ...row.interval, endAt: change.endAt } });
  }
  if (change.kind === 'bindingsClosed' && change.unusedUntil) rows.partlyUnused.add(change.reservationId);
}

function noteEvent(rows: Rows, { event, reservationId, at, data }: Extract<Change, { kind: 'event' }>): void {
  if (event === 'shrunk') rows.shrinks.push({ reservationId, at, cards: Number(data['cards']) });
}

/** Writes one change: `saveChanges` of `reservations/book-keeping.ts`, without the database. */
export function saveChange(rows: Rows, change: Change): void {
  switch (change.kind) {
    case 'reservationAdded': {
      const { reservation, shares } = change;
      invariant(!rows.reservations.has(reservation.id), `${reservation.id} is there already`);
      const row = bookedRowOf(reservation, shares);
      rows.reservations.set(reservation.id, { ...row, endedAt: null, endReason: null, settledAt: null });
      return;
    }
    case 'reservationChanged': {
      const { id } = change.reservation;
      const { plan } = present(rows.reservations.get(id), `reservation ${id}`);
      setReservation(rows, id, bookedRowOf(change.reservation, plan));
      return;
    }
    case 'reservationEnded': {
      const { id, state, at, reason } = change;
      setReservation(rows, id, { state, endedAt: at, endReason: reason });
      return;
    }
    case 'replanned':
      setReservation(rows, change.id, { plan: change.shares.map((share) => ({ ...share })) });
      return;
    case 'cardsBound':
      for (const bound of change.bindings) {
        invariant(!rows.allocations.has(bound.id), `${bound.id} is there already`);
        rows.allocations.set(bound.id, bound);
      }
      return;
    case 'bindingsClosed':
    case 'bindingsExtended':
      endBindings(rows, change);
      return;
    case 'cardsMoved':
      for (const card of change.cards) setCard(rows, card, { lifecycle: ruleOf(change.act).to });
      return;
    case 'cardHealth':
      setHealth(rows, change);
      return;
    case 'moneyPlaced':
    case 'moneyReturned':
    case 'hoursCredited':
    case 'termRefunded':
      saveMoney(rows, change);
      return;
    case 'event':
      noteEvent(rows, change);
      return;
    case 'windowChanged':
      rows.windows.set(change.window.id, change.window);
      return;
    case 'sparesSet':
      setSpares(rows, change);
      return;
    case 'jobQueued':
    case 'jobsExplained':
    case 'jobStarted':
    case 'jobLeaving':
    case 'jobCancelled':
    case 'jobRefused':
      saveQueueChange(rows.jobs, change);
      return;
    // Whom something is offered to is in its reservation's own row.
    case 'transferOffered':
    case 'transferClosed':
      return;
    case 'drainPlanned':
      invariant(false, `${change.kind}: no step of a simulated market leads to it`);
  }
}

const dateOrNull = (at: Instant | null): Date | null => (at === null ? null : toDate(at));

/** The row that a reservation is read from: the other way round of `fromBookedRow`. */
function bookedRowOf(reservation: Booked, plan: unknown): BookedRow {
  const { interval, heldUntil, term, lost, noticedAt, autoExtend, createdAt, gang, graceFrom, ...same } = reservation;
  return {
    ...same,
    segmentCards: gang?.segmentCards ?? null,
    preferredLevel: gang?.preferred ?? null,
    startAt: toDate(interval.startAt),
    endAt: dateOrNull(interval.endAt),
    heldUntil: dateOrNull(heldUntil),
    graceFrom: dateOrNull(graceFrom ?? null),
    term: term?.kind ?? null,
    termSeconds: term?.seconds ?? null,
    termPriceUnits: term?.priceUnits ?? null,
    payBy: reservation.payBy ?? 'wallet',
    lost: [...lost],
    plan,
    noticedAt: toDate(noticedAt),
    autoExtendStepSeconds: autoExtend?.stepSeconds ?? null,
    autoExtendPriceE10Max: autoExtend?.priceE10Max ?? null,
    autoExtendUntilAt: dateOrNull(autoExtend?.untilAt ?? null),
    autoExtendTryAt: dateOrNull(autoExtend?.tryAt ?? null),
    autoExtendFailure: autoExtend?.failure ?? null,
    createdAt: toDate(createdAt),
  };
}

/** The interval that a row was bought for. */
export function intervalOf(row: ReservationRow): { readonly startAt: Instant; readonly endAt: Instant | null } {
  return { startAt: fromDate(row.startAt), endAt: row.endAt === null ? null : fromDate(row.endAt) };
}
