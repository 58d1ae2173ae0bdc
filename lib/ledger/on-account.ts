import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import { chart } from './chart.ts';
import { postpaidAccrued } from './credit-templates.ts';
import { post } from './posting.ts';

// The door for other modules to what organisations may use before they pay, within their own transaction.

type Organisation = Id<'organisation'>;

/** A credit line on account in force, and how it is used, in 1e-8 yuan. Free = limit − set aside − owed. */
export type AccountLine = {
  readonly limitUnits: Units;
  /** Promised to reservations on account and not used yet. */
  readonly setAsideUnits: Units;
  /** Used and not paid yet. */
  readonly owedUnits: Units;
  readonly freeUnits: Units;
};

type LineRow = { organisation_id: string; limit: bigint; set_aside: bigint; owed: bigint };

function fromRow({ limit, set_aside: setAside, owed }: LineRow): AccountLine {
  return {
    limitUnits: units(limit),
    setAsideUnits: units(setAside),
    owedUnits: units(owed),
    freeUnits: units(limit - setAside - owed),
  };
}

/** The lines on account of organisations; who has none is not among them. */
export async function readLines(tx: Tx, organisationIds: readonly string[]): Promise<Map<Organisation, AccountLine>> {
  const rows = await tx.$queryRaw<LineRow[]>`
    SELECT l.organisation_id, -l.minimum_units AS limit, -l.balance_units AS set_aside, -coalesce(r.balance_units, 0) AS owed
    FROM account l LEFT JOIN account r ON r.path = 'ar:' || l.organisation_id || ':open'
    WHERE l.path = ANY(${organisationIds.map((id) => chart.lineSetAside(id as Organisation).path)}::text[])`;
  return new Map(rows.map((row) => [idFrom('organisation', row.organisation_id), fromRow(row)]));
}

/** The same, locked for the rest of the transaction: after the wallets, where those are locked too. */
export async function lockLines(tx: Tx, organisationIds: readonly string[]): Promise<Map<Organisation, AccountLine>> {
  if (organisationIds.length === 0) return new Map();
  const paths = organisationIds.flatMap((id) =>
    [chart.lineSetAside, chart.receivable].map((account) => account(id as Organisation).path),
  );
  await tx.$executeRaw`SELECT path FROM ledger_lock(${paths}::text[])`;
  return readLines(tx, organisationIds);
}

/** Everybody with a line on account, or with something still owed on a former one, by id. */
export async function readAllLines(tx: Tx): Promise<Map<Organisation, AccountLine>> {
  const rows = await tx.$queryRaw<{ organisation_id: string }[]>`
    SELECT organisation_id FROM account WHERE kind = 'lineSetAside' ORDER BY 1`;
  return readLines(
    tx,
    rows.map((row) => row.organisation_id),
  );
}

/** An hour of a reservation on account whose charge left its hold. */
export type UsedHour = {
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Organisation;
  readonly hourAt: Instant;
  readonly effectiveAt: Instant;
  readonly amountUnits: Units;
  /** The journal that charged it, where that was not the hour's own. */
  readonly chargedBy?: string;
};

/**
 * What the charges of an hour of a pool took out of holds on account becomes owed, each once: within the transaction of the
 * charges, whose journals are there. What counts in a month is noted with it.
 */
export async function accrueOnAccount(ctx: Ctx, tx: Tx, poolId: string, hourAt: Instant): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string; organisation_id: string; effective_at: Date; amount: bigint }[]>`
    SELECT r.id, r.organisation_id, j.effective_at, p.debit_units AS amount FROM reservation r
      JOIN journal j ON j.key = 'meter:' || r.id || ':' || to_char(${toDate(hourAt)}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') || ':0'
      JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id AND a.kind = 'hold'
    WHERE r.pool_id = ${poolId} AND r.pay_by = 'account' AND r.settled_at IS NULL
      AND NOT EXISTS (SELECT FROM journal o WHERE o.key = 'owed:' || j.key) ORDER BY r.id`;
  await postUsedHours(
    ctx,
    tx,
    rows.map((row) => ({
      reservationId: idFrom('reservation', row.id),
      organisationId: idFrom('organisation', row.organisation_id),
      hourAt,
      effectiveAt: fromDate(row.effective_at),
      amountUnits: units(row.amount),
    })),
  );
}

/** Posts that hours on account are owed, which nobody posted before, and notes them by month. */
export async function postUsedHours(ctx: Ctx, tx: Tx, hours: readonly UsedHour[]): Promise<void> {
  if (hours.length === 0) return;
  await post(
    ctx,
    tx,
    hours.map((hour) => postpaidAccrued(hour, { ...hour, revision: 0 }, hour.amountUnits)),
  );
  await tx.$executeRaw`
    INSERT INTO on_account_month AS m (organisation_id, month, used_units)
    SELECT u.organisation_id, shanghai_month(u.at), sum(u.amount) FROM unnest(${hours.map((hour) => hour.organisationId)}::text[],
      ${hours.map((hour) => toDate(hour.effectiveAt))}::timestamptz[], ${hours.map((hour) => `${hour.amountUnits}`)}::text[]::bigint[])
      AS u (organisation_id, at, amount) WHERE u.amount > 0 GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (organisation_id, month) DO UPDATE SET used_units = m.used_units + excluded.used_units`;
}

/** What organisations used on account by month; of one, or with null of all. */
export async function readUsedByMonth(
  tx: Tx,
  whose: Organisation | null,
): Promise<{ organisationId: Organisation; month: Month; usedUnits: Units }[]> {
  const rows = await tx.$queryRaw<{ organisation_id: string; month: string; used: bigint }[]>`
    SELECT organisation_id, month, used_units AS used FROM on_account_month
    WHERE ${whose}::text IS NULL OR organisation_id = ${whose} ORDER BY 1, 2`;
  return rows.map(({ organisation_id, month, used }) => ({
    organisationId: idFrom('organisation', organisation_id),
    month: month as Month,
    usedUnits: units(used),
  }));
}
