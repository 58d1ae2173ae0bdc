import 'server-only';
import type { StaffRole } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { Tx } from '#lib/platform/db.ts';
import { userKind, userLocale } from './rows.ts';

export type NewUser = {
  readonly id: Id<'user'>;
  readonly kind: 'customer' | 'staff';
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  readonly passwordHash: string;
  readonly at: Instant;
};

/** Saves a person with a password; false, and nothing saved, when the address has an account. */
export async function insertUser(tx: Tx, user: NewUser): Promise<boolean> {
  const { id, kind, email, name, locale } = user;
  const { count } = await tx.user.createMany({
    data: [{ id, kind, email, name, locale, createdAt: toDate(user.at) }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await tx.userPassword.createMany({ data: [{ userId: id, hash: user.passwordHash, changedAt: toDate(user.at) }] });
  return true;
}

export type Credentials = {
  readonly userId: Id<'user'>;
  readonly kind: 'customer' | 'staff';
  readonly email: string;
  readonly locale: Locale;
  readonly hash: string | null;
};

/** What it takes to check a password, of the person with the address or the id. */
export async function findCredentials(
  tx: Tx,
  who: { email: string } | { id: Id<'user'> },
): Promise<Credentials | null> {
  const row = await tx.user.findUnique({
    where: who,
    select: { id: true, kind: true, email: true, locale: true, password: { select: { hash: true } } },
  });
  if (row === null) return null;
  return {
    userId: idFrom('user', row.id),
    kind: userKind(row.kind),
    email: row.email,
    locale: userLocale(row.locale),
    hash: row.password?.hash ?? null,
  };
}

/** Replaces a password. */
export async function savePassword(tx: Tx, userId: Id<'user'>, hash: string, at: Instant): Promise<void> {
  await tx.userPassword.update({ where: { userId }, data: { hash, changedAt: toDate(at) }, select: { userId: true } });
}

/** Saves a person's name and language. */
export async function saveProfile(
  tx: Tx,
  userId: Id<'user'>,
  profile: { name?: string | undefined; locale: Locale },
): Promise<void> {
  const { name, locale } = profile;
  await tx.user.updateMany({ where: { id: userId }, data: { locale, ...(name !== undefined && { name }) } });
}

/** Gives staff roles to a staff account. */
export async function insertStaffRoles(tx: Tx, userId: Id<'user'>, roles: readonly StaffRole[]): Promise<void> {
  await tx.staffRole.createMany({ data: roles.map((role) => ({ userId, role })) });
}
