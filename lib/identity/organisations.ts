import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { withTx } from '#lib/platform/db.ts';
import { authorizeMember, authorizePerson, authorizeTenant } from './authorize.ts';
import { foundOrganisation } from './founding.ts';
import { unsafeWide } from './scope.ts';
import { getOrganisationRow, saveOrganisationName, selectOrganisationsOf } from './organisation-store.ts';
import type { Organisation, OrganisationInput, OwnOrganisation, Refused } from './types.ts';

/** How many organisations one person may own: a bound on what one account can hold back from others. */
const OWNED_MAX = 10;

/** The organisations that the person belongs to, by name. */
export async function listMyOrganisations(ctx: Ctx): Promise<OwnOrganisation[]> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  return withTx(unsafeWide(ctx), (tx) => selectOrganisationsOf(tx, userId));
}

/** Founds a further organisation, with the person as its owner. */
export async function createOrganisation(
  ctx: Ctx,
  { name }: OrganisationInput,
): Promise<Result<Organisation, Refused<'organisationsTooMany' | 'accountIsStaff'>>> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  if (ctx.actor.kind === 'staff') return refuse({ code: 'accountIsStaff' });
  return withTx(unsafeWide(ctx), async (tx) => {
    const owned = (await selectOrganisationsOf(tx, userId)).filter(({ role }) => role === 'owner');
    if (owned.length >= OWNED_MAX) return refuse({ code: 'organisationsTooMany', organisationsMax: OWNED_MAX });
    return accept(await foundOrganisation(ctx, tx, { name, ownerId: userId }));
  });
}

/** The actor's organisation. */
export async function getOrganisation(ctx: Ctx): Promise<Organisation> {
  const organisationId = authorizeTenant(ctx, 'organisation:read');
  return withTx(ctx, (tx) => getOrganisationRow(tx, organisationId));
}

/** Renames the organisation; its address stays, because links and keys of customers carry it. */
export async function renameOrganisation(ctx: Ctx, { name }: OrganisationInput): Promise<void> {
  const { organisationId } = authorizeMember(ctx, 'organisation:change');
  await withTx(ctx, async (tx) => {
    await saveOrganisationName(tx, organisationId, name);
    await record(ctx, tx, 'organisation.renamed', organisationId, { name });
  });
}
