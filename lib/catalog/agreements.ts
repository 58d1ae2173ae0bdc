import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Instant, later } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import { checkTerms, secondAtOrAfter, standingOf } from './agreement-rules.ts';
import {
  deriveVersions,
  findAgreement,
  findOrganisationBySlug,
  insertAgreement,
  lockAgreements,
  readAgreements,
  readAgreementsOf,
  readOrganisationNames,
  readPeopleNames,
  writeDecision,
  writeEnd,
} from './agreement-store.ts';
import type { AgreementRefusal, AgreementTerms, PriceAgreement } from './agreement-types.ts';
import { readSkus } from './price-list.ts';

type Decided = Result<PriceAgreement, AgreementRefusal>;

/** An agreement with the name of whose it is, and of those who decided about it by their actor's label. */
export type NamedAgreement = {
  readonly agreement: PriceAgreement;
  readonly organisationName: string;
  readonly people: ReadonlyMap<string, string>;
};

/** All agreements, newest first: what waits, what holds, what is over. */
export async function listAgreements(ctx: Ctx): Promise<NamedAgreement[]> {
  authorize(ctx, 'priceAgreement:read');
  return withTx(ctx, async (tx) => {
    const agreements = await readAgreements(tx);
    const names = await readOrganisationNames(tx, [...new Set(agreements.map((each) => each.organisationId))]);
    const actors = agreements.flatMap(({ proposedBy, decidedBy, endedBy }) => [proposedBy, decidedBy, endedBy]);
    const people = await readPeopleNames(tx, [...new Set(actors.filter((actor) => actor !== null))]);
    return agreements.map((agreement) => ({
      agreement,
      people,
      organisationName: names.get(agreement.organisationId) ?? agreement.organisationId,
    }));
  });
}

/** What an event of the audit says of an agreement: what is agreed. The customer reads it too, so not why. */
function auditOf({ skuId, pricing, validFrom, validTo, contractNumber }: PriceAgreement) {
  const price =
    pricing.kind === 'factor'
      ? { factorBps: pricing.factorBps }
      : { priceE10PerCardHour: `${pricing.priceE10PerCardHour}` };
  return { skuId, ...price, validFrom, validTo, contractNumber };
}

/**
 * Proposes a price for an organisation. It counts when somebody else has approved it, and never for what was quoted
 * before. One proposal of an organisation and SKU waits at a time. Refused in the order of {@link AgreementRefusal}.
 */
export async function proposeAgreement(
  ctx: Ctx,
  input: Omit<AgreementTerms, 'organisationId'> & { readonly organisationSlug: string },
): Promise<Decided> {
  authorize(ctx, 'priceAgreement:propose');
  const { organisationSlug, ...asked } = input;
  return withTx(ctx, async (tx): Promise<Decided> => {
    const organisationId = await findOrganisationBySlug(tx, organisationSlug.trim());
    if (organisationId === null) return refuse({ code: 'agreementOrganisationUnknown' });
    const { contractNumber, reason } = asked;
    const terms = { ...asked, organisationId, contractNumber: contractNumber.trim(), reason: reason.trim() };
    const refusal = checkTerms(terms, await readSkus(tx, ctx.now), ctx.now);
    if (refusal) return refuse(refusal);
    await lockAgreements(tx, organisationId);
    if ((await readAgreementsOf(tx, terms, 'proposed')).length > 0) return refuse({ code: 'agreementWaiting' });
    const agreement: PriceAgreement = {
      ...terms,
      id: newId('priceAgreement', ctx.now),
      state: 'proposed',
      proposedBy: actorLabel(ctx.actor),
      proposedAt: ctx.now,
      decidedBy: null,
      decidedAt: null,
      endedBy: null,
      endedAt: null,
    };
    await insertAgreement(tx, agreement);
    await record(ctx, tx, 'priceAgreement.proposed', agreement.id, auditOf(agreement), organisationId);
    return accept(agreement);
  });
}

/** Ends what the new agreement replaces on the second on which it begins; what was still ahead never begins. */
async function replaceOlder(tx: Tx, next: PriceAgreement, validFrom: Instant, end: { by: string; at: Instant }) {
  for (const older of await readAgreementsOf(tx, next, 'approved')) {
    const isBefore = older.validTo !== null && (older.validTo <= validFrom || older.validTo === older.validFrom);
    const isAfter = next.validTo !== null && older.validFrom !== null && older.validFrom >= next.validTo;
    if (!isBefore && !isAfter)
      await writeEnd(tx, older.id, { ...end, validTo: later(validFrom, older.validFrom ?? validFrom) });
  }
}

/**
 * Approves or declines a proposal. An approval is by somebody else than who proposed, never begins in the past, and
 * replaces what was agreed before for the same SKU from its beginning on.
 */
export async function decideAgreement(
  ctx: Ctx,
  input: { readonly agreementId: string; readonly isApproved: boolean },
): Promise<Decided> {
  authorize(ctx, 'priceAgreement:decide');
  const [by, at] = [actorLabel(ctx.actor), ctx.now];
  return withTx(ctx, async (tx): Promise<Decided> => {
    const found = await findAgreement(tx, input.agreementId);
    if (!found) return refuse({ code: 'agreementUnknown' });
    const { id, organisationId } = found;
    await lockAgreements(tx, organisationId);
    const agreement = await findAgreement(tx, id);
    if (agreement?.state !== 'proposed') return refuse({ code: 'agreementDecided' });
    if (!input.isApproved) {
      await writeDecision(tx, id, { state: 'declined', by, at, validFrom: agreement.validFrom });
      await record(ctx, tx, 'priceAgreement.declined', id, {}, organisationId);
      return accept({ ...agreement, state: 'declined', decidedBy: by, decidedAt: at });
    }
    if (agreement.proposedBy === by) return refuse({ code: 'agreementSamePerson' });
    const validFrom = agreement.validFrom ?? secondAtOrAfter(at);
    if (validFrom < at || (agreement.validTo !== null && agreement.validTo <= validFrom))
      return refuse({ code: 'agreementRetroactive' });
    await replaceOlder(tx, agreement, validFrom, { by, at });
    await writeDecision(tx, id, { state: 'approved', by, at, validFrom });
    await deriveVersions(tx, id);
    await record(ctx, tx, 'priceAgreement.approved', id, { ...auditOf(agreement), validFrom }, organisationId);
    await notify(tx, 'kashi_change', ['catalog']);
    return accept({ ...agreement, state: 'approved', validFrom, decidedBy: by, decidedAt: at });
  });
}

/** Ends an agreement from now on. What was booked under it keeps its price; a quote that is still valid may be booked. */
export async function endAgreement(
  ctx: Ctx,
  input: { readonly agreementId: string; readonly reason: string },
): Promise<Decided> {
  authorize(ctx, 'priceAgreement:end');
  const reason = input.reason.trim();
  if (reason === '') return refuse({ code: 'agreementTextMissing' });
  return withTx(ctx, async (tx): Promise<Decided> => {
    const found = await findAgreement(tx, input.agreementId);
    if (!found) return refuse({ code: 'agreementUnknown' });
    const { id, organisationId } = found;
    await lockAgreements(tx, organisationId);
    const agreement = await findAgreement(tx, id);
    const standing = agreement && standingOf(agreement, ctx.now);
    if (!agreement || (standing !== 'inForce' && standing !== 'ahead')) return refuse({ code: 'agreementNotInForce' });
    const [endedBy, endedAt] = [actorLabel(ctx.actor), ctx.now];
    const validTo = later(secondAtOrAfter(ctx.now), agreement.validFrom ?? ctx.now);
    await writeEnd(tx, id, { by: endedBy, at: endedAt, validTo });
    await record(ctx, tx, 'priceAgreement.ended', id, { reason, validTo }, organisationId);
    await notify(tx, 'kashi_change', ['catalog']);
    return accept({ ...agreement, validTo, endedBy, endedAt });
  });
}
