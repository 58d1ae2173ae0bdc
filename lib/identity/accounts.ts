import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { authorize, authorizePerson } from './authorize.ts';
import { foundOrganisation } from './founding.ts';
import { hashPassword } from './password.ts';
import { checkNewPassword } from './password-rules.ts';
import { unsafeWide } from './scope.ts';
import { insertStaffRoles, insertUser, saveProfile } from './user-store.ts';
import type { PasswordRefusal, ProfileInput, Refused, SignUpInput, StaffInput } from './types.ts';

export type SignedUp = {
  readonly userId: Id<'user'>;
  readonly organisationId: Id<'organisation'>;
  readonly slug: string;
};

/** Opens an account with an organisation of its own and an empty wallet. Signing in is a second step. */
export async function signUp(
  ctx: Ctx,
  input: SignUpInput,
): Promise<Result<SignedUp, PasswordRefusal | Refused<'emailTaken'>>> {
  authorize(ctx, 'account:signUp');
  const { name, email, locale } = input;
  const password = checkNewPassword(input.password, email);
  if (!password.ok) return password;
  const passwordHash = await hashPassword(password.value);
  return withTx(unsafeWide(ctx), async (tx) => {
    const userId = newId('user', ctx.now);
    const user = { id: userId, kind: 'customer', email, name, locale, passwordHash, at: ctx.now } as const;
    if (!(await insertUser(tx, user))) return refuse({ code: 'emailTaken' });
    await record(ctx, tx, 'account.opened', userId, { kind: 'customer' });
    const { id, slug } = await foundOrganisation(ctx, tx, { name: input.organisationName, ownerId: userId });
    return accept({ userId, organisationId: id, slug });
  });
}

/** Opens an account of the operator's staff. Only the seeding job does: there is no form that makes staff. */
export async function createStaff(
  ctx: Ctx,
  input: StaffInput,
): Promise<Result<{ readonly userId: Id<'user'> }, PasswordRefusal | Refused<'emailTaken'>>> {
  authorize(ctx, 'market:seed');
  const { name, email, locale, roles } = input;
  const password = checkNewPassword(input.password, email);
  if (!password.ok) return password;
  const passwordHash = await hashPassword(password.value);
  return withTx(ctx, async (tx) => {
    const userId = newId('user', ctx.now);
    const user = { id: userId, kind: 'staff', email, name, locale, passwordHash, at: ctx.now } as const;
    if (!(await insertUser(tx, user))) return refuse({ code: 'emailTaken' });
    await insertStaffRoles(tx, userId, roles);
    await record(ctx, tx, 'account.opened', userId, { kind: 'staff', roles });
    return accept({ userId });
  });
}

/** Changes one's own name and language. */
export async function updateProfile(ctx: Ctx, input: ProfileInput): Promise<void> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  await withTx(unsafeWide(ctx), async (tx) => {
    await saveProfile(tx, userId, input);
    await record(ctx, tx, 'account.changed', userId, { locale: input.locale });
  });
}

/** Remembers the language somebody chose, for their next device. */
export async function setOwnLocale(ctx: Ctx, input: Pick<ProfileInput, 'locale'>): Promise<void> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  await withTx(unsafeWide(ctx), (tx) => saveProfile(tx, userId, { locale: input.locale }));
}
