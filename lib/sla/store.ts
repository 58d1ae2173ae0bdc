import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, parseMonth } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { MonthFigures, SlaCredit } from './types.ts';

type FiguresRow = {
  reservation_id: string;
  organisation_id: string;
  sku_id: string;
  promised: bigint;
  excluded: bigint;
  used: bigint;
  down: bigint;
  charged: bigint;
  vouchers: bigint;
};

/** Holds a month's charges still until the transaction ends: the database's trigger on them takes the same lock shared. */
export async function lockMonth(tx: Tx, month: Month): Promise<void> {
  await tx.$executeRaw`SELECT set_config('lock_timeout', '120s', true)`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(2028, billing_month_lock(${month}))`;
}

/** The figures of a month by reservation, as far as its hours are charged: of some, or with null of all. */
export async function readFigures(
  tx: Tx,
  month: Month,
  reservationIds: readonly string[] | null,
): Promise<MonthFigures[]> {
  const rows = await tx.$queryRaw<FiguresRow[]>`
    SELECT * FROM sla_figures(${month}, ${reservationIds}::text[]) ORDER BY reservation_id COLLATE "C"`;
  return rows.map((row) => ({
    reservationId: idFrom('reservation', row.reservation_id),
    organisationId: idFrom('organisation', row.organisation_id),
    skuId: idFrom('sku', row.sku_id),
    promisedSeconds: row.promised,
    excludedSeconds: row.excluded,
    usedSeconds: row.used,
    downSeconds: row.down,
    chargedUnits: units(row.charged),
    voucherUnits: units(row.vouchers),
  }));
}

/** Months whose credits are to be given, or given again because something was put right, with the number of corrections. */
export async function readMonthsDue(tx: Tx, now: Instant): Promise<{ month: Month; putRight: bigint }[]> {
  const rows = await tx.$queryRaw<{ month: string; put_right: bigint }[]>`
    SELECT month, put_right FROM sla_months_due(${toDate(now)}::timestamptz)`;
  return rows.map((row) => ({ month: present(parseMonth(row.month), row.month), putRight: row.put_right }));
}

/** Notes that the credits of a month are given, with everything that was put right by then. */
export async function writeMonthGiven(tx: Tx, month: Month, putRight: bigint, at: Instant): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO sla_month (month, put_right, given_at) VALUES (${month}, ${putRight}::bigint, ${toDate(at)}::timestamptz)
    ON CONFLICT (month) DO UPDATE SET put_right = greatest(sla_month.put_right, excluded.put_right), given_at = excluded.given_at`;
}

/** What reservations were given of a month so far: in how many credits, and how much. */
export async function readGiven(
  tx: Tx,
  month: Month,
  reservationIds: readonly string[],
): Promise<Map<string, { readonly revisions: number; readonly units: Units }>> {
  const rows = await tx.slaCredit.groupBy({
    by: ['reservationId'],
    where: { month, reservationId: { in: [...reservationIds] } },
    _count: true,
    _sum: { amountUnits: true },
  });
  return new Map(
    rows.map(({ reservationId, _count, _sum }) => [
      reservationId,
      { revisions: _count, units: units(_sum.amountUnits ?? 0n) },
    ]),
  );
}

export async function insertCredits(tx: Tx, credits: readonly SlaCredit[]): Promise<void> {
  await tx.slaCredit.createMany({
    data: credits.map(({ tier, effectiveAt, givenAt, ...credit }) => ({
      ...credit,
      ...tier,
      effectiveAt: toDate(effectiveAt),
      givenAt: toDate(givenAt),
    })),
  });
}

const CREDIT = {
  id: true,
  reservationId: true,
  organisationId: true,
  skuId: true,
  month: true,
  revision: true,
  policyId: true,
  promisedSeconds: true,
  excludedSeconds: true,
  usedSeconds: true,
  downSeconds: true,
  chargedUnits: true,
  voucherUnits: true,
  belowPpm: true,
  creditBps: true,
  dueUnits: true,
  amountUnits: true,
  owedUnits: true,
  journalKey: true,
  effectiveAt: true,
  givenAt: true,
} as const;

/** Credits of one organisation, or with null of all, newest month first. */
export async function readCredits(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  of: { readonly month?: Month; readonly reservationId?: string; readonly id?: string },
): Promise<SlaCredit[]> {
  const rows = await tx.slaCredit.findMany({
    where: { ...of, ...(organisationId === null ? {} : { organisationId }) },
    orderBy: [{ month: 'desc' }, { reservationId: 'asc' }, { revision: 'asc' }],
    select: CREDIT,
  });
  return rows.map(({ belowPpm, creditBps, ...row }) => ({
    id: idFrom('compensation', row.id),
    reservationId: idFrom('reservation', row.reservationId),
    organisationId: idFrom('organisation', row.organisationId),
    skuId: idFrom('sku', row.skuId),
    month: present(parseMonth(row.month), row.month),
    revision: row.revision,
    policyId: idFrom('slaPolicy', row.policyId),
    promisedSeconds: row.promisedSeconds,
    excludedSeconds: row.excludedSeconds,
    usedSeconds: row.usedSeconds,
    downSeconds: row.downSeconds,
    chargedUnits: units(row.chargedUnits),
    voucherUnits: units(row.voucherUnits),
    tier: { belowPpm, creditBps },
    dueUnits: units(row.dueUnits),
    amountUnits: units(row.amountUnits),
    owedUnits: units(row.owedUnits ?? 0n),
    journalKey: row.journalKey,
    effectiveAt: fromDate(row.effectiveAt),
    givenAt: fromDate(row.givenAt),
  }));
}

/** A reservation that is credited: what it is called, and whether it was booked on account. */
export type CreditedReservation = { readonly name: string; readonly isOnAccount: boolean };

/** Reservations that are credited, by id. */
export async function readCredited(tx: Tx, ids: readonly string[]): Promise<Map<string, CreditedReservation>> {
  const where = { id: { in: [...ids] } };
  const rows = await tx.reservation.findMany({ where, select: { id: true, name: true, payBy: true } });
  return new Map(rows.map(({ id, name, payBy }) => [id, { name, isOnAccount: payBy === 'account' }]));
}

/** What was credited by month and SKU, newest month first. */
export type CreditSum = {
  readonly month: Month;
  readonly skuId: Id<'sku'>;
  readonly reservations: number;
  readonly amountUnits: Units;
};

/** Credits by month and SKU, of the newest `take` such sums. */
export async function readCreditSums(tx: Tx, take: number): Promise<CreditSum[]> {
  const rows = await tx.$queryRaw<{ month: string; sku_id: string; reservations: number; amount: bigint }[]>`
    SELECT month, sku_id, count(DISTINCT reservation_id)::int AS reservations, sum(amount_units)::bigint AS amount
    FROM sla_credit GROUP BY 1, 2 ORDER BY month DESC, sku_id LIMIT ${take}`;
  return rows.map((row) => ({
    month: present(parseMonth(row.month), row.month),
    skuId: idFrom('sku', row.sku_id),
    reservations: row.reservations,
    amountUnits: units(row.amount),
  }));
}
