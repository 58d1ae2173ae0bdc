import { cardCharge } from '#lib/catalog/price.ts';
import { present } from '#lib/core/assert.ts';
import { floorToSecond, fromDate, later, plusSeconds } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { refundUntil } from '#lib/reservations/refund-terms.ts';
import { jobOfReservation } from '#lib/reservations/queue/types.ts';
import { fromBookedRow } from '#lib/reservations/rows.ts';
import { cardsInUse } from '#lib/reservations/quota.ts';
import { REFUNDS } from './market.ts';
import { catalogOf, intervalOf, liveRows, type PlacementRow, type ReservationRow, type Rows } from './rows.ts';
import { each, type Invariant, type Sight } from './sight.ts';

const placementsOf = (pools: readonly Pick<Rows, 'placements'>[]): PlacementRow[] =>
  pools.flatMap(({ placements }) => [...placements.values()]);

/** No wallet is overdrawn, and nobody owes more than the hours of grace that were lent. */
export const walletsCovered: Invariant = ({ rows, elsewhere }) => {
  const lent = new Map<string, bigint>();
  for (const { organisationId, amount, isOwed } of placementsOf([rows, ...elsewhere]))
    if (isOwed) lent.set(organisationId, (lent.get(organisationId) ?? 0n) + amount);
  return each(rows.wallets, ([id, balance]) =>
    balance >= -(lent.get(id) ?? 0n) ? null : `${id} stands at ${balance}, and was lent ${lent.get(id) ?? 0n}`,
  );
};

/** Money is neither made nor lost: wallets, vouchers, what is set aside and what was earned are what was paid in and granted. */
export const moneyConserved: Invariant = ({ rows }) => {
  const { granted, left, expired } = rows.vouchers;
  let total = rows.earned + left + expired - granted;
  for (const balance of rows.wallets.values()) total += balance;
  for (const { placed, captured, returned } of rows.holds.values()) total += placed - captured - returned;
  // What a line stands for is there without having been paid in.
  for (const { setAside, owed } of rows.lines.values()) total -= setAside + owed;
  return total === rows.paidIn ? [] : [`${rows.paidIn} was paid in, ${total} is there`];
};

/** Nobody has more set aside and owed than the line allows, and what is set aside is what the reservations on it still hold. */
export const linesKept: Invariant = ({ rows, elsewhere }) => {
  const held = new Map<string, bigint>();
  const all = [rows, ...elsewhere].flatMap(({ reservations }) => [...reservations.values()]);
  for (const { id, organisationId, payBy } of all) {
    const hold = payBy === 'account' ? rows.holds.get(id) : undefined;
    if (!hold) continue;
    const rest = hold.placed - hold.captured - hold.returned;
    held.set(organisationId, (held.get(organisationId) ?? 0n) + rest);
  }
  const strangers = [...held.keys()].filter((id) => !rows.lines.has(id));
  return [
    ...strangers.map((id) => `${id} has something on account and no line`),
    ...each(rows.lines, ([id, { limit, setAside, owed }]) =>
      setAside + owed <= limit && owed >= 0n && setAside === (held.get(id) ?? 0n)
        ? null
        : `${id} has ${setAside} set aside for ${held.get(id) ?? 0n}, owes ${owed}, and may have ${limit}`,
    ),
  ];
};

/** What the cards of a reservation that it has now cost by its contract: all of its time, its terms, or the held hours of an open end. */
function agreedNow(rows: Rows, row: ReservationRow): bigint {
  if (row.termPriceUnits !== null) return row.termPriceUnits * BigInt(row.cards);
  const price = present(catalogOf(rows).prices.get(row.priceVersionId), `price ${row.priceVersionId}`);
  const startAt = fromDate(row.startAt);
  // A job that was asked to leave has set aside its whole walltime.
  const job = rows.jobs.get(jobOfReservation(row.id))?.job;
  const until = row.endAt ?? row.heldUntil;
  const endAt = job ? plusSeconds(startAt, job.walltimeSeconds) : fromDate(present(until, `held time of ${row.id}`));
  return cardCharge(price, { startAt, endAt }) * BigInt(row.cards);
}

/** What cards that were given back cost until then, by the hour; of a running term they stay charged, for some price of then. */
function agreedBefore(rows: Rows, row: ReservationRow): { readonly units: bigint; readonly isLeast: boolean } {
  const startAt = fromDate(row.startAt);
  const price = present(catalogOf(rows).prices.get(row.priceVersionId), `price ${row.priceVersionId}`);
  const begun = rows.shrinks.filter(
    ({ reservationId, at }) => reservationId === row.id && floorToSecond(at) >= startAt,
  );
  if (row.termPriceUnits !== null) return { units: 0n, isLeast: begun.length > 0 };
  const spent = begun.map(({ cards, at }) => cardCharge(price, { startAt, endAt: floorToSecond(at) }) * BigInt(cards));
  return { units: spent.reduce((sum, each) => sum + each, 0n), isLeast: false };
}

/** Every live reservation has set aside what its contract costs, and every placement has its reservation. */
export const holdsAsAgreed: Invariant = ({ rows }) => [
  ...each(liveRows(rows), (row) => {
    const hold = rows.holds.get(row.id);
    const held = (hold?.placed ?? 0n) - (hold?.returned ?? 0n);
    const before = agreedBefore(rows, row);
    const expected = agreedNow(rows, row) + before.units;
    const isKept = before.isLeast ? held > expected : held === expected;
    return isKept ? null : `${row.id} costs ${expected} and has set aside ${held}`;
  }),
  ...each(rows.placements.values(), ({ key, reservationId }) =>
    rows.reservations.has(reservationId) ? null : `${key} has no reservation`,
  ),
];

/** What is over is settled: charged no more than was set aside, the rest returned, the hold closed, and only then. */
export const holdsResolved: Invariant = ({ rows, isAtRest, now }) =>
  each(rows.reservations.values(), (row) => {
    const hold = rows.holds.get(row.id);
    if (!hold) return `${row.id} has no hold`;
    const { placed, captured, returned, resolvedAt } = hold;
    if (row.endedAt === null)
      return captured + returned <= placed && resolvedAt === null ? null : `${row.id} is live and settled`;
    if (row.settledAt === null) {
      const settlesAt = later(row.endedAt, intervalOf(row).endAt ?? row.endedAt);
      return isAtRest && settlesAt <= now ? `${row.id} is over and not settled` : null;
    }
    const isClosed = captured + returned === placed && captured >= 0n && returned >= 0n && resolvedAt !== null;
    const isFree = row.state !== 'cancelled' || captured === 0n;
    return isClosed && isFree ? null : `${row.id} set aside ${placed}, was charged ${captured}, got back ${returned}`;
  });

/**
 * What is refunded is refunded once for an organisation and SKU, within the days of the rule, and whole: the hours that
 * were charged go back too. Nothing else ends as refunded.
 */
export const refundsKept: Invariant = ({ rows }) => {
  const keys = [...rows.refunds.values()].map(({ organisationId, skuId }) => `${organisationId} ${skuId}`);
  return [
    ...each(rows.reservations.values(), ({ id, endReason, term, createdAt, settledAt }) => {
      const refund = rows.refunds.get(id);
      if (!refund) return endReason === 'refunded' ? `${id} ended as refunded, and is not` : null;
      const isByRule = endReason === 'refunded' && term === 'day';
      if (!isByRule || refund.at > refundUntil(REFUNDS, fromDate(createdAt))) return `${id} is not to be refunded`;
      const charged = rows.holds.get(id)?.captured ?? 0n;
      return settledAt === null || refund.credited === charged
        ? null
        : `${id} was charged ${charged} and got back ${refund.credited}`;
    }),
    ...(new Set(keys).size === keys.length ? [] : [`somebody is refunded twice: ${keys.join(', ')}`]),
  ];
};

/** A holder of reservations, with what it may have. */
type Holder = {
  readonly id: string;
  readonly cardQuota: number | null;
  readonly monthlySpendingLimitUnits: Units | null;
};

const heldBy =
  (id: string) =>
  ({ organisationId, projectId }: { readonly organisationId: string; readonly projectId: string | null }): boolean =>
    organisationId === id || projectId === id;

/** What a holder set aside by month, pool by pool; where that passed its limit. */
function overspent(placements: readonly PlacementRow[], id: string, limit: bigint): string[] {
  const spent = new Map<string, bigint>();
  return placements.filter(heldBy(id)).flatMap(({ key, month, amount }) => {
    const total = (spent.get(month) ?? 0n) + amount;
    spent.set(month, total);
    return total <= limit ? [] : [`with ${key} ${id} set aside ${total}, its limit is ${limit}`];
  });
}

/** That a holder is within its bounds in all pools together, and that memory knows what it set aside this month in its own. */
function boundsKept(
  { rows, elsewhere, mind, now }: Sight,
  { id, cardQuota, monthlySpendingLimitUnits: limit }: Holder,
): string[] {
  const own = [rows, ...elsewhere]
    .flatMap(liveRows)
    .filter(heldBy(id))
    .map((row) => fromBookedRow(row).reservation);
  const most = Math.max(0, ...own.map(({ interval }) => cardsInUse(own, interval)));
  const month = monthOf(now);
  const committed = mind.book.committedIn(id, month);
  const placements = [...rows.placements.values()].filter((row) => heldBy(id)(row) && row.month === month);
  const placed = placements.reduce((sum, { amount }) => sum + amount, 0n);
  return [
    ...(cardQuota !== null && most > cardQuota ? [`${id} has ${most} cards at once, its quota is ${cardQuota}`] : []),
    ...(limit === null ? [] : overspent(placementsOf([rows, ...elsewhere]), id, limit)),
    ...(committed === placed ? [] : [`${id} is remembered with ${committed} of ${placed}`]),
  ];
}

/** Nothing takes an organisation past its quota of cards at once, or past its spending limit of the month. */
export const limitsKept: Invariant = (sight) =>
  [...sight.rows.limits].flatMap(([id, limits]) => boundsKept(sight, { id, ...limits }));

/** Nothing takes a project past its quota or its limit; it holds its organisation's reservations only, none once closed. */
export const projectsKept: Invariant = (sight) =>
  sight.rows.projects.flatMap((project) => {
    const strangers = [...sight.rows.reservations.values()].filter(
      ({ projectId, organisationId }) =>
        projectId === project.id && (project.isClosed || organisationId !== project.organisationId),
    );
    return [...boundsKept(sight, project), ...strangers.map(({ id }) => `${id} may not be in ${project.id}`)];
  });
