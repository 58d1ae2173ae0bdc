import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { UNITS_PER_FEN, type Units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { promoGranted } from '#lib/ledger/credit-templates.ts';
import { post } from '#lib/ledger/posting.ts';
import { withTx } from '#lib/platform/db.ts';
import { hashSecret, newCode, newId } from '#lib/platform/random.ts';
import { findGrantHolder, readGrants, withdrawGrant } from './grant-store.ts';
import { areTermsSound, readCode } from './programme.ts';
import { closeProgramme, findOrganisation, giveGrant, insertCodes, insertProgramme, readProgrammes } from './store.ts';
import { CODES_MAX, type Grant, type Programme, type ProgrammeTerms, type VoucherRefusal } from './types.ts';

/** Groups of four characters in a code: 72 bits, which nobody guesses. */
const CODE_GROUPS = 4;
const HINT_CHARACTERS = 4;

/** Every programme with where its money is, newest first. */
export async function listProgrammes(ctx: Ctx): Promise<Programme[]> {
  authorize(ctx, 'voucherProgramme:read');
  return withTx(ctx, (tx) => readProgrammes(tx, null));
}

/** A programme with its grants, newest first; null when there is none of that id. */
export async function findProgramme(
  ctx: Ctx,
  programmeId: string,
): Promise<{ readonly programme: Programme; readonly grants: readonly Grant[] } | null> {
  authorize(ctx, 'voucherProgramme:read');
  return withTx(ctx, async (tx) => {
    const [programme] = await readProgrammes(tx, programmeId);
    return programme ? { programme, grants: await readGrants(tx, { programmeId }, ctx.now) } : null;
  });
}

/** Makes a programme. It never changes afterwards; it can be closed. */
export async function createProgramme(
  ctx: Ctx,
  terms: ProgrammeTerms,
): Promise<Result<{ readonly programmeId: Id<'voucherProgramme'> }, VoucherRefusal>> {
  authorize(ctx, 'voucherProgramme:manage');
  if (!areTermsSound(terms, ctx.now)) return refuse({ code: 'voucherTermsOutOfRange' });
  const id = newId('voucherProgramme', ctx.now);
  return withTx(ctx, async (tx) => {
    await insertProgramme(tx, { ...terms, id, createdAt: ctx.now, createdBy: actorLabel(ctx.actor) });
    const { name, faceUnits, budgetUnits } = terms;
    await record(ctx, tx, 'voucherProgramme.create', id, { name, faceUnits, budgetUnits });
    return accept({ programmeId: id });
  });
}

/** Closes a programme: it grants nothing more and its codes are dead. What was granted stays. */
export async function closeVoucherProgramme(ctx: Ctx, programmeId: string): Promise<Result<null, VoucherRefusal>> {
  authorize(ctx, 'voucherProgramme:manage');
  return withTx(ctx, async (tx) => {
    const [programme] = await readProgrammes(tx, programmeId);
    if (!programme) return refuse({ code: 'voucherProgrammeUnknown' });
    if (!(await closeProgramme(tx, programmeId, actorLabel(ctx.actor), ctx.now)))
      return refuse({ code: 'voucherProgrammeClosed' });
    await record(ctx, tx, 'voucherProgramme.close', programmeId, { name: programme.name });
    return accept(null);
  });
}

/** Grants a voucher to an organisation. Refused in this order: amount, organisation, programme, its time, its budget. */
export async function grantVoucher(
  ctx: Ctx,
  input: { readonly programmeId: string; readonly slug: string; readonly amountUnits: Units },
): Promise<Result<{ readonly grantId: Id<'promoGrant'> }, VoucherRefusal>> {
  authorize(ctx, 'voucherProgramme:manage');
  const { programmeId, slug, amountUnits } = input;
  if (amountUnits <= 0n || amountUnits % UNITS_PER_FEN !== 0n) return refuse({ code: 'voucherAmountOutOfRange' });
  return withTx(ctx, async (tx) => {
    const organisationId = await findOrganisation(tx, slug);
    if (organisationId === null) return refuse({ code: 'voucherOrganisationUnknown' });
    const id = newId('promoGrant', ctx.now);
    const by = actorLabel(ctx.actor);
    const outcome = await giveGrant(tx, { id, programmeId, organisationId, amountUnits }, by, ctx.now);
    const [programme] = await readProgrammes(tx, programmeId);
    if (outcome === 'unknown' || !programme) return refuse({ code: 'voucherProgrammeUnknown' });
    if (outcome === 'closed') return refuse({ code: 'voucherProgrammeClosed' });
    if (outcome === 'over') return refuse({ code: 'voucherProgrammeOver' });
    if (outcome === 'budget')
      return refuse({ code: 'voucherBudgetExceeded', leftUnits: `${programme.budgetUnits - programme.grantedUnits}` });
    await post(ctx, tx, [promoGranted(id, organisationId, amountUnits, ctx.now)]);
    await record(ctx, tx, 'voucher.grant', id, { programmeId, amountUnits }, organisationId);
    return accept({ grantId: id });
  });
}

/**
 * Makes codes of a programme. They are shown this once: only their hashes are kept. Unused codes take nothing of the
 * budget, so the last of too many is refused when it is redeemed.
 */
export async function createCodes(
  ctx: Ctx,
  input: { readonly programmeId: string; readonly count: number },
): Promise<Result<{ readonly codes: readonly string[] }, VoucherRefusal>> {
  authorize(ctx, 'voucherProgramme:manage');
  const { programmeId, count } = input;
  if (!Number.isSafeInteger(count) || count < 1 || count > CODES_MAX)
    return refuse({ code: 'voucherCodesOutOfRange', codesMax: CODES_MAX });
  return withTx(ctx, async (tx) => {
    const [programme] = await readProgrammes(tx, programmeId);
    if (!programme) return refuse({ code: 'voucherProgrammeUnknown' });
    if (programme.closedAt !== null) return refuse({ code: 'voucherProgrammeClosed' });
    if (programme.validUntil <= ctx.now) return refuse({ code: 'voucherProgrammeOver' });
    const codes = Array.from({ length: count }, () => newCode(CODE_GROUPS));
    const rows = codes.map((code) => ({
      id: newId('voucherCode', ctx.now),
      programmeId,
      codeHash: hashSecret(readCode(code)),
      hint: code.slice(-HINT_CHARACTERS),
    }));
    await insertCodes(tx, rows, actorLabel(ctx.actor), ctx.now);
    await record(ctx, tx, 'voucherProgramme.makeCodes', programmeId, { count });
    return accept({ codes });
  });
}

/** Withdraws a voucher: what is left of it, and what returns to it, is taken back. What it paid for stays paid. */
export async function withdrawVoucher(ctx: Ctx, grantId: string): Promise<Result<null, VoucherRefusal>> {
  authorize(ctx, 'voucherProgramme:manage');
  return withTx(ctx, async (tx) => {
    const organisationId = await findGrantHolder(tx, grantId);
    if (organisationId === null) return refuse({ code: 'voucherGrantUnknown' });
    if (await withdrawGrant(tx, grantId, actorLabel(ctx.actor), ctx.now))
      await record(ctx, tx, 'voucher.withdraw', grantId, {}, organisationId);
    return accept(null);
  });
}
