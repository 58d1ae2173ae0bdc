import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { earlier, fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { stateOf } from './programme.ts';
import { GRANT_MONEY, type MoneyRow, sumsFrom } from './sums.ts';
import { type Grant, ISSUER_KINDS } from './types.ts';

type GrantRow = MoneyRow & {
  id: string;
  programme_id: string;
  programme_name: string;
  organisation_id: string;
  organisation_name: string;
  issuer_kind: string;
  issuer_name: string;
  terms: string;
  site_ids: string[];
  model_ids: string[];
  purchases: string[];
  priority: number;
  valid_from: Date;
  valid_until: Date;
  withdrawn_at: Date | null;
  granted_at: Date;
  code_id: string | null;
};

function fromGrantRow(row: GrantRow, now: Instant): Grant {
  const withdrawnAt = row.withdrawn_at === null ? null : fromDate(row.withdrawn_at);
  const until = fromDate(row.valid_until);
  const validity = {
    validFrom: fromDate(row.valid_from),
    validUntil: withdrawnAt === null ? until : earlier(until, withdrawnAt),
  };
  const sums = sumsFrom(row);
  return {
    ...sums,
    ...validity,
    grantId: idFrom('promoGrant', row.id),
    programmeId: idFrom('voucherProgramme', row.programme_id),
    programmeName: row.programme_name,
    organisationId: idFrom('organisation', row.organisation_id),
    organisationName: row.organisation_name,
    issuerKind: oneOf(ISSUER_KINDS, row.issuer_kind),
    issuerName: row.issuer_name,
    terms: row.terms,
    scope: {
      siteIds: row.site_ids,
      modelIds: row.model_ids,
      purchases: row.purchases.map((purchase) => oneOf(PURCHASES, purchase)),
    },
    priority: row.priority,
    grantedAt: fromDate(row.granted_at),
    withdrawnAt,
    viaCode: row.code_id !== null,
    state: stateOf({ ...validity, leftUnits: sums.leftUnits }, now),
  };
}

/** Grants with where their money is: of an organisation those that end last first, of a programme the newest first. */
export async function readGrants(
  tx: Tx,
  of: { readonly organisationId: Id<'organisation'> } | { readonly programmeId: string },
  now: Instant,
): Promise<Grant[]> {
  const [where, order] =
    'organisationId' in of
      ? [Prisma.sql`g.organisation_id = ${of.organisationId}`, Prisma.sql`g.valid_until, g.id`]
      : [Prisma.sql`g.programme_id = ${of.programmeId}`, Prisma.sql`g.granted_at DESC, g.id DESC`];
  const rows = await tx.$queryRaw<GrantRow[]>`
    SELECT g.*, o.name AS organisation_name, g.amount_units AS granted, s.left_units::bigint AS "left", s.burnt_units::bigint AS burnt,
      s.expired_units::bigint AS expired, s.recredited_units::bigint AS recredited, s.open_credit_units::bigint AS open_credit
    FROM voucher_grant g JOIN organisation o ON o.id = g.organisation_id JOIN (${GRANT_MONEY}) s ON s.grant_id = g.id
    WHERE ${where} ORDER BY ${order}`;
  return rows.map((row) => fromGrantRow(row, now));
}

/** Whose a grant is; null when there is none of that id. */
export async function findGrantHolder(tx: Tx, grantId: string): Promise<Id<'organisation'> | null> {
  const row = await tx.voucherGrant.findUnique({ where: { id: grantId }, select: { organisationId: true } });
  return row && idFrom('organisation', row.organisationId);
}

/** Withdraws a grant; false when it was withdrawn before. */
export async function withdrawGrant(tx: Tx, grantId: string, by: string, at: Instant): Promise<boolean> {
  const { count } = await tx.voucherGrant.updateMany({
    where: { id: grantId, withdrawnAt: null },
    data: { withdrawnAt: toDate(at), withdrawnBy: by },
  });
  return count === 1;
}

/** A grant that is over and still holds money, with how often it expired before. */
export type Overdue = {
  readonly grantId: Id<'promoGrant'>;
  readonly organisationId: Id<'organisation'>;
  readonly leftUnits: bigint;
  readonly step: number;
};

/** Grants that are over at an instant and hold money; of some only, or with null the first of all. */
export async function readOverdue(
  tx: Tx,
  at: Instant,
  organisationIds: readonly string[] | null,
  take: number,
): Promise<Overdue[]> {
  const whose =
    organisationIds === null ? Prisma.empty : Prisma.sql`AND g.organisation_id = ANY(${[...organisationIds]}::text[])`;
  const rows = await tx.$queryRaw<{ id: string; organisation_id: string; left_units: bigint; step: number }[]>`
    SELECT g.id, g.organisation_id, a.balance_units AS left_units,
      (SELECT count(*) FROM journal j JOIN posting p ON p.journal_id = j.id WHERE p.account_id = a.id AND j.kind = 'promoExpired')::int AS step
    FROM account a JOIN voucher_grant g ON a.path = 'wallet:' || g.organisation_id || ':promo:' || g.id
    WHERE a.kind = 'promo' AND a.balance_units > 0
      AND (g.valid_until <= ${toDate(at)}::timestamptz OR g.withdrawn_at <= ${toDate(at)}::timestamptz) ${whose}
    ORDER BY g.organisation_id, g.id LIMIT ${take}`;
  return rows.map((row) => ({
    grantId: idFrom('promoGrant', row.id),
    organisationId: idFrom('organisation', row.organisation_id),
    leftUnits: row.left_units,
    step: row.step,
  }));
}
