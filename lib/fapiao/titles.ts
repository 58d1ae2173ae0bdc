import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { lockAccount } from './account-store.ts';
import { findTitle, readTitles, writeDefault, writeRemoval, writeTitle } from './title-store.ts';
import { type Buyer, type FapiaoRefusal, TITLES_MAX, type Title, type TitleInput } from './types.ts';
import { normaliseTaxId, usccProblem } from './uscc.ts';

/**
 * What was typed as a buyer, with its tax id in one form. Refuses, in this order: a special fapiao for a person, a tax id
 * of a person, a company's tax id that is wrong.
 */
function checkTitle(input: TitleInput): Result<Buyer, FapiaoRefusal> {
  const taxId = normaliseTaxId(input.taxId);
  if (input.kind === 'person') {
    if (input.fapiaoType === '81') return refuse({ code: 'specialForCompanies' });
    return taxId === '' ? accept({ ...input, taxId: null }) : refuse({ code: 'taxIdForCompanies' });
  }
  const problem = usccProblem(taxId);
  return problem === null ? accept({ ...input, taxId }) : refuse({ code: 'taxIdWrong', problem });
}

const isSame = (a: Buyer, b: Buyer): boolean =>
  a.fapiaoType === b.fapiaoType && a.name === b.name && a.taxId === b.taxId;

/** The titles of the actor's organisation, the default one first. */
export async function listTitles(ctx: Ctx): Promise<Title[]> {
  const organisationId = authorizeTenant(ctx, 'fapiao:read');
  return withTx(ctx, (tx) => readTitles(tx, organisationId));
}

/** Keeps a new title, or with `titleId` a changed one. What is issued or asked for keeps the title that it has. */
export async function saveTitle(
  ctx: Ctx,
  input: TitleInput & { readonly titleId?: string | undefined },
): Promise<Result<Title, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  const checked = checkTitle(input);
  if (!checked.ok) return checked;
  const { kind, fapiaoType, name, taxId, addressPhone, bankAccount } = checked.value;
  return withTx(ctx, async (tx) => {
    await lockAccount(tx, organisationId);
    const titles = await readTitles(tx, organisationId);
    const old = titles.find(({ id }) => id === input.titleId);
    if (input.titleId !== undefined && !old) return refuse({ code: 'fapiaoTitleUnknown' });
    if (titles.some((title) => title.id !== old?.id && isSame(title, checked.value)))
      return refuse({ code: 'fapiaoTitleKnown' });
    if (!old && titles.length >= TITLES_MAX) return refuse({ code: 'fapiaoTitlesFull', titlesMax: TITLES_MAX });
    const title: Title = {
      id: old?.id ?? newId('fapiaoTitle', ctx.now),
      isDefault: old?.isDefault ?? titles.length === 0,
      ...{ kind, fapiaoType, name, taxId, addressPhone, bankAccount },
    };
    await writeTitle(tx, organisationId, title, { by: actorLabel(ctx.actor), at: ctx.now });
    await record(ctx, tx, old ? 'fapiaoTitle.change' : 'fapiaoTitle.create', title.id, { name, taxId });
    return accept(title);
  });
}

/** Makes a title the one that new requests begin with. */
export async function chooseDefaultTitle(ctx: Ctx, titleId: string): Promise<Result<null, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  return withTx(ctx, async (tx) => {
    await lockAccount(tx, organisationId);
    if (!(await findTitle(tx, organisationId, titleId))) return refuse({ code: 'fapiaoTitleUnknown' });
    await writeDefault(tx, organisationId, titleId, { by: actorLabel(ctx.actor), at: ctx.now });
    await record(ctx, tx, 'fapiaoTitle.default', titleId, {});
    return accept(null);
  });
}

/** Takes a title out of use; when it was the default, the first of the others is. */
export async function removeTitle(ctx: Ctx, titleId: string): Promise<Result<null, FapiaoRefusal>> {
  const organisationId = authorizeTenant(ctx, 'fapiao:request');
  const change = { by: actorLabel(ctx.actor), at: ctx.now };
  return withTx(ctx, async (tx) => {
    await lockAccount(tx, organisationId);
    const title = await findTitle(tx, organisationId, titleId);
    if (!title) return refuse({ code: 'fapiaoTitleUnknown' });
    await writeRemoval(tx, organisationId, titleId, change);
    const next = (await readTitles(tx, organisationId))[0];
    if (title.isDefault && next) await writeDefault(tx, organisationId, next.id, change);
    await record(ctx, tx, 'fapiaoTitle.remove', titleId, {});
    return accept(null);
  });
}
