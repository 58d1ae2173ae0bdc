import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import { AGREEMENT_STATES, type AgreedPricing, type PriceAgreement } from './agreement-types.ts';
import { oneOf } from './price-list.ts';

const SELECTED = {
  id: true,
  organisationId: true,
  skuId: true,
  factorBps: true,
  priceE10PerCardHour: true,
  validFrom: true,
  validTo: true,
  contractNumber: true,
  reason: true,
  state: true,
  proposedBy: true,
  proposedAt: true,
  decidedBy: true,
  decidedAt: true,
  endedBy: true,
  endedAt: true,
} as const;

type Row = { [Column in keyof typeof SELECTED]: unknown } & {
  id: string;
  organisationId: string;
  skuId: string | null;
  factorBps: number | null;
  priceE10PerCardHour: bigint | null;
  validFrom: Date | null;
  validTo: Date | null;
  contractNumber: string;
  reason: string;
  state: string;
  proposedBy: string;
  proposedAt: Date;
  decidedBy: string | null;
  decidedAt: Date | null;
  endedBy: string | null;
  endedAt: Date | null;
};

const instantOrNull = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));
const dateOrNull = (at: Instant | null): Date | null => (at === null ? null : toDate(at));

function pricingOf({ factorBps, priceE10PerCardHour }: Row): AgreedPricing {
  return factorBps === null
    ? { kind: 'fixed', priceE10PerCardHour: priceE10(priceE10PerCardHour ?? 0n) }
    : { kind: 'factor', factorBps };
}

function fromRow(row: Row): PriceAgreement {
  return {
    id: idFrom('priceAgreement', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    skuId: row.skuId === null ? null : idFrom('sku', row.skuId),
    pricing: pricingOf(row),
    validFrom: instantOrNull(row.validFrom),
    validTo: instantOrNull(row.validTo),
    contractNumber: row.contractNumber,
    reason: row.reason,
    state: oneOf(AGREEMENT_STATES, row.state),
    proposedBy: row.proposedBy,
    proposedAt: fromDate(row.proposedAt),
    decidedBy: row.decidedBy,
    decidedAt: instantOrNull(row.decidedAt),
    endedBy: row.endedBy,
    endedAt: instantOrNull(row.endedAt),
  };
}

/** The organisation of that slug; null when there is none. */
export async function findOrganisationBySlug(tx: Tx, slug: string): Promise<Id<'organisation'> | null> {
  const row = await tx.organisation.findUnique({ where: { slug }, select: { id: true } });
  return row && idFrom('organisation', row.id);
}

/** Names of organisations by id. */
export async function readOrganisationNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.organisation.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Names of people by how an actor's label names them, `user:usr_…`. */
export async function readPeopleNames(tx: Tx, actors: readonly string[]): Promise<Map<string, string>> {
  const ids = actors.flatMap((actor) => (actor.startsWith('user:') ? [actor.slice('user:'.length)] : []));
  const rows = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [`user:${id}`, name]));
}

/** Lets the agreements of one organisation be changed by one transaction at a time. */
export async function lockAgreements(tx: Tx, organisationId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('price-agreement:' || ${organisationId}, 0))`;
}

/** All agreements there ever were, newest first. */
export async function readAgreements(tx: Tx): Promise<PriceAgreement[]> {
  const rows = await tx.priceAgreement.findMany({
    orderBy: [{ proposedAt: 'desc' }, { id: 'desc' }],
    select: SELECTED,
  });
  return rows.map(fromRow);
}

export async function findAgreement(tx: Tx, id: string): Promise<PriceAgreement | null> {
  const row = await tx.priceAgreement.findUnique({ where: { id }, select: SELECTED });
  return row && fromRow(row);
}

/** Those of an organisation and SKU (null: of all SKUs) in one state. */
export async function readAgreementsOf(
  tx: Tx,
  { organisationId, skuId }: Pick<PriceAgreement, 'organisationId' | 'skuId'>,
  state: PriceAgreement['state'],
): Promise<PriceAgreement[]> {
  const rows = await tx.priceAgreement.findMany({ where: { organisationId, skuId, state }, select: SELECTED });
  return rows.map(fromRow);
}

export async function insertAgreement(tx: Tx, agreement: PriceAgreement): Promise<void> {
  const { pricing, validFrom, validTo, proposedAt, decidedAt, endedAt, ...same } = agreement;
  await tx.priceAgreement.create({
    data: {
      ...same,
      factorBps: pricing.kind === 'factor' ? pricing.factorBps : null,
      priceE10PerCardHour: pricing.kind === 'fixed' ? pricing.priceE10PerCardHour : null,
      validFrom: dateOrNull(validFrom),
      validTo: dateOrNull(validTo),
      proposedAt: toDate(proposedAt),
      decidedAt: dateOrNull(decidedAt),
      endedAt: dateOrNull(endedAt),
    },
    select: { id: true },
  });
}

export async function writeDecision(
  tx: Tx,
  id: string,
  decision: {
    readonly state: 'approved' | 'declined';
    readonly by: string;
    readonly at: Instant;
    readonly validFrom: Instant | null;
  },
): Promise<void> {
  const { state, by, at, validFrom } = decision;
  await tx.priceAgreement.update({
    where: { id },
    data: { state, decidedBy: by, decidedAt: toDate(at), validFrom: dateOrNull(validFrom) },
    select: { id: true },
  });
}

/** Brings the end of an approved agreement nearer. */
export async function writeEnd(
  tx: Tx,
  id: string,
  end: { readonly by: string; readonly at: Instant; readonly validTo: Instant },
): Promise<void> {
  await tx.priceAgreement.update({
    where: { id },
    data: { endedBy: end.by, endedAt: toDate(end.at), validTo: toDate(end.validTo) },
    select: { id: true },
  });
}

/** Makes the price versions of an approved agreement: one for every version of the list that it meets. */
export async function deriveVersions(tx: Tx, agreementId: string): Promise<void> {
  await tx.$executeRaw`SELECT price_agree(${agreementId}, NULL)`;
}
