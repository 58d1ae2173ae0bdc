import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { GRANT_MONEY, type MoneyRow, sumsFrom } from './sums.ts';
import { ISSUER_KINDS, type Programme, type ProgrammeTerms } from './types.ts';

type ProgrammeRow = MoneyRow & {
  id: string;
  name: string;
  issuer_kind: string;
  issuer_name: string;
  terms: string;
  site_ids: string[];
  model_ids: string[];
  purchases: string[];
  face_units: bigint;
  budget_units: bigint;
  priority: number;
  valid_from: Date;
  valid_until: Date;
  created_at: Date;
  created_by: string;
  closed_at: Date | null;
  grants: number;
  codes: number;
  redeemed: number;
};

function fromProgrammeRow(row: ProgrammeRow): Programme {
  return {
    id: idFrom('voucherProgramme', row.id),
    name: row.name,
    issuerKind: oneOf(ISSUER_KINDS, row.issuer_kind),
    issuerName: row.issuer_name,
    terms: row.terms,
    siteIds: row.site_ids,
    modelIds: row.model_ids,
    purchases: row.purchases.map((purchase) => oneOf(PURCHASES, purchase)),
    faceUnits: units(row.face_units),
    budgetUnits: units(row.budget_units),
    priority: row.priority,
    validFrom: fromDate(row.valid_from),
    validUntil: fromDate(row.valid_until),
    createdAt: fromDate(row.created_at),
    createdBy: row.created_by,
    closedAt: row.closed_at === null ? null : fromDate(row.closed_at),
    grants: row.grants,
    codes: row.codes,
    codesRedeemed: row.redeemed,
    ...sumsFrom(row),
  };
}

/** Programmes with where their money is, newest first; one, or with null all. */
export async function readProgrammes(tx: Tx, id: string | null): Promise<Programme[]> {
  const which = id === null ? Prisma.sql`true` : Prisma.sql`p.id = ${id}`;
  const rows = await tx.$queryRaw<ProgrammeRow[]>`
    SELECT p.*, m.grants, m.granted, m."left", m.burnt, m.expired, m.recredited, m.open_credit, c.codes, c.redeemed FROM voucher_programme p
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS grants, coalesce(sum(g.amount_units), 0)::bigint AS granted, coalesce(sum(s.left_units), 0)::bigint AS "left",
        coalesce(sum(s.burnt_units), 0)::bigint AS burnt, coalesce(sum(s.expired_units), 0)::bigint AS expired,
        coalesce(sum(s.recredited_units), 0)::bigint AS recredited, coalesce(sum(s.open_credit_units), 0)::bigint AS open_credit
      FROM voucher_grant g JOIN (${GRANT_MONEY}) s ON s.grant_id = g.id WHERE g.programme_id = p.id) m
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS codes, count(grant_id)::int AS redeemed FROM voucher_code c WHERE c.programme_id = p.id) c
    WHERE ${which} ORDER BY p.created_at DESC, p.id DESC`;
  return rows.map(fromProgrammeRow);
}

export async function insertProgramme(
  tx: Tx,
  programme: ProgrammeTerms & {
    readonly id: Id<'voucherProgramme'>;
    readonly createdAt: Instant;
    readonly createdBy: string;
  },
): Promise<void> {
  const { siteIds, modelIds, purchases, validFrom, validUntil, createdAt, ...same } = programme;
  await tx.voucherProgramme.create({
    data: {
      ...same,
      siteIds: [...siteIds],
      modelIds: [...modelIds],
      purchases: [...purchases],
      validFrom: toDate(validFrom),
      validUntil: toDate(validUntil),
      createdAt: toDate(createdAt),
    },
  });
}

/** Closes a programme; false when there is none that is open. */
export async function closeProgramme(tx: Tx, id: string, by: string, at: Instant): Promise<boolean> {
  const { count } = await tx.voucherProgramme.updateMany({
    where: { id, closedAt: null },
    data: { closedAt: toDate(at), closedBy: by },
  });
  return count === 1;
}

export async function insertCodes(
  tx: Tx,
  codes: readonly {
    readonly id: Id<'voucherCode'>;
    readonly programmeId: string;
    readonly codeHash: string;
    readonly hint: string;
  }[],
  by: string,
  at: Instant,
): Promise<void> {
  await tx.voucherCode.createMany({ data: codes.map((code) => ({ ...code, createdAt: toDate(at), createdBy: by })) });
}

/** The organisation of that slug; null when there is none. */
export async function findOrganisation(tx: Tx, slug: string): Promise<Id<'organisation'> | null> {
  const row = await tx.organisation.findUnique({ where: { slug }, select: { id: true } });
  return row && idFrom('organisation', row.id);
}

/** What the database says to a grant: see `voucher_make_grant`. */
export type GrantOutcome = 'granted' | 'unknown' | 'closed' | 'over' | 'budget';

export async function giveGrant(
  tx: Tx,
  grant: {
    readonly id: Id<'promoGrant'>;
    readonly programmeId: string;
    readonly organisationId: Id<'organisation'>;
    readonly amountUnits: bigint;
  },
  by: string,
  at: Instant,
): Promise<GrantOutcome> {
  const [row] = await tx.$queryRaw<{ outcome: GrantOutcome }[]>`
    SELECT voucher_give(${grant.id}, ${grant.programmeId}, ${grant.organisationId}, ${grant.amountUnits}, ${by}, ${toDate(at)}::timestamptz) AS outcome`;
  return row?.outcome ?? 'unknown';
}

/** The answer to a code: a grant that it made now or before, or why there is none. */
export type Redeemed = {
  readonly outcome: GrantOutcome | 'own' | 'used' | 'unknownCode';
  readonly grantId: Id<'promoGrant'> | null;
  readonly amountUnits: bigint;
};

export async function redeem(
  tx: Tx,
  codeHash: string,
  grantId: Id<'promoGrant'>,
  by: string,
  at: Instant,
): Promise<Redeemed> {
  const [row] = await tx.$queryRaw<{ outcome: Redeemed['outcome']; grant_id: string | null; amount_units: bigint }[]>`
    SELECT outcome, grant_id, amount_units FROM voucher_redeem(${codeHash}, ${grantId}, ${by}, ${toDate(at)}::timestamptz)`;
  if (!row) return { outcome: 'unknownCode', grantId: null, amountUnits: 0n };
  return {
    outcome: row.outcome,
    grantId: row.grant_id === null ? null : idFrom('promoGrant', row.grant_id),
    amountUnits: row.amount_units,
  };
}
