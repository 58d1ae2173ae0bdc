import 'server-only';
import type { CustomerRole, StaffRole } from '#lib/core/context.ts';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import type { Tx } from '#lib/platform/db.ts';
import { apiKeyRole, customerRole, userKind, userLocale } from './rows.ts';
import type { Attempts } from './throttle.ts';
import type { ApiKeyView, Member, Organisation, OwnOrganisation, PendingInvitation } from './types.ts';

// People ------------------------------------------------------------------------------------------------------------

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

// Organisations -----------------------------------------------------------------------------------------------------

/** Saves an organisation; false, and nothing saved, when its address is taken. */
export async function insertOrganisation(tx: Tx, organisation: Organisation & { cardQuota: number }): Promise<boolean> {
  const { id, slug, name, cardQuota, createdAt } = organisation;
  const { count } = await tx.organisation.createMany({
    data: [{ id, slug, name, cardQuota, createdAt: toDate(createdAt) }],
    skipDuplicates: true,
  });
  return count > 0;
}

/** The organisation of an id. */
export async function getOrganisationRow(tx: Tx, id: Id<'organisation'>): Promise<Organisation> {
  const row = await tx.organisation.findUniqueOrThrow({
    where: { id },
    select: { slug: true, name: true, createdAt: true },
  });
  return { id, slug: row.slug, name: row.name, createdAt: fromDate(row.createdAt) };
}

/** The organisation with an address; null when there is none. */
export async function findOrganisationBySlug(tx: Tx, slug: string): Promise<Id<'organisation'> | null> {
  const row = await tx.organisation.findUnique({ where: { slug }, select: { id: true } });
  return row ? idFrom('organisation', row.id) : null;
}

/** Renames an organisation. Its address stays. */
export async function saveOrganisationName(tx: Tx, id: Id<'organisation'>, name: string): Promise<void> {
  await tx.organisation.updateMany({ where: { id }, data: { name } });
}

/** Makes changes of an organisation's members wait for one another. */
export async function lockOrganisation(tx: Tx, id: Id<'organisation'>): Promise<void> {
  await tx.$queryRaw`SELECT id FROM organisation WHERE id = ${id} FOR UPDATE`;
}

/** The organisations somebody belongs to, by name. */
export async function selectOrganisationsOf(tx: Tx, userId: Id<'user'>): Promise<OwnOrganisation[]> {
  const rows = await tx.membership.findMany({
    where: { userId },
    select: { role: true, organisation: { select: { id: true, slug: true, name: true, createdAt: true } } },
    orderBy: [{ organisation: { name: 'asc' } }, { organisationId: 'asc' }],
  });
  return rows.map(({ role, organisation: { id, slug, name, createdAt } }) => ({
    id: idFrom('organisation', id),
    slug,
    name,
    createdAt: fromDate(createdAt),
    role: customerRole(role),
  }));
}

// Members -----------------------------------------------------------------------------------------------------------

type Seat = { readonly organisationId: Id<'organisation'>; readonly userId: Id<'user'> };

/** Makes somebody a member; false when they are one. */
export async function insertMember(tx: Tx, seat: Seat, role: CustomerRole, at: Instant): Promise<boolean> {
  const { count } = await tx.membership.createMany({
    data: [{ ...seat, role, createdAt: toDate(at) }],
    skipDuplicates: true,
  });
  return count > 0;
}

/** The role of a member, null when there is none, and how many owners the organisation has. */
export async function findSeat(tx: Tx, seat: Seat): Promise<{ role: CustomerRole | null; owners: number }> {
  const row = await tx.membership.findUnique({ where: { organisationId_userId: seat }, select: { role: true } });
  const owners = await tx.membership.count({ where: { organisationId: seat.organisationId, role: 'owner' } });
  return { role: row === null ? null : customerRole(row.role), owners };
}

/** Changes a member's role, or ends the membership with null. */
export async function saveSeat(tx: Tx, seat: Seat, role: CustomerRole | null): Promise<void> {
  if (role === null) await tx.membership.deleteMany({ where: seat });
  else await tx.membership.updateMany({ where: seat, data: { role } });
}

/** The members of an organisation, the longest there first. */
export async function selectMembers(tx: Tx, organisationId: Id<'organisation'>): Promise<Member[]> {
  const rows = await tx.membership.findMany({
    where: { organisationId },
    select: { role: true, createdAt: true, user: { select: { id: true, name: true, email: true } } },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
  });
  return rows.map(({ role, createdAt, user }) => ({
    userId: idFrom('user', user.id),
    name: user.name,
    email: user.email,
    role: customerRole(role),
    joinedAt: fromDate(createdAt),
  }));
}

// Invitations -------------------------------------------------------------------------------------------------------

type NewInvitation = Omit<PendingInvitation, 'createdAt'> & {
  readonly organisationId: Id<'organisation'>;
  readonly tokenHash: string;
  readonly invitedBy: Id<'user'>;
  readonly createdAt: Instant;
};

/** Saves an invitation; earlier open ones to the same address end. */
export async function insertInvitation(tx: Tx, invitation: NewInvitation): Promise<void> {
  const { organisationId, email, createdAt, expiresAt } = invitation;
  await tx.invitation.updateMany({
    where: { organisationId, email, acceptedAt: null, revokedAt: null },
    data: { revokedAt: toDate(createdAt) },
  });
  await tx.invitation.createMany({
    data: [{ ...invitation, createdAt: toDate(createdAt), expiresAt: toDate(expiresAt) }],
  });
}

export type InvitationRow = Omit<PendingInvitation, 'createdAt'> & {
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly organisationSlug: string;
  readonly isAccepted: boolean;
  readonly isRevoked: boolean;
};

/** The invitation of a link. */
export async function findInvitationRow(tx: Tx, tokenHash: string): Promise<InvitationRow | null> {
  const row = await tx.invitation.findUnique({
    where: { tokenHash },
    select: {
      id: true,
      organisationId: true,
      email: true,
      role: true,
      expiresAt: true,
      acceptedAt: true,
      revokedAt: true,
      organisation: { select: { name: true, slug: true } },
    },
  });
  if (row === null) return null;
  return {
    id: idFrom('invitation', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    organisationName: row.organisation.name,
    organisationSlug: row.organisation.slug,
    email: row.email,
    role: customerRole(row.role),
    expiresAt: fromDate(row.expiresAt),
    isAccepted: row.acceptedAt !== null,
    isRevoked: row.revokedAt !== null,
  };
}

/** Marks an open invitation accepted or revoked; false when it is not open any more. */
export async function endInvitation(
  tx: Tx,
  key: { id: string; organisationId: Id<'organisation'> },
  end: { acceptedAt: Instant } | { revokedAt: Instant },
): Promise<boolean> {
  const { count } = await tx.invitation.updateMany({
    where: { ...key, acceptedAt: null, revokedAt: null },
    data: 'acceptedAt' in end ? { acceptedAt: toDate(end.acceptedAt) } : { revokedAt: toDate(end.revokedAt) },
  });
  return count > 0;
}

/** The invitations of an organisation that can still be answered, newest first. */
export async function selectOpenInvitations(
  tx: Tx,
  organisationId: Id<'organisation'>,
  now: Instant,
): Promise<PendingInvitation[]> {
  const rows = await tx.invitation.findMany({
    where: { organisationId, acceptedAt: null, revokedAt: null, expiresAt: { gt: toDate(now) } },
    select: { id: true, email: true, role: true, createdAt: true, expiresAt: true },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map((row) => ({
    id: idFrom('invitation', row.id),
    email: row.email,
    role: customerRole(row.role),
    createdAt: fromDate(row.createdAt),
    expiresAt: fromDate(row.expiresAt),
  }));
}

// API keys ----------------------------------------------------------------------------------------------------------

export type ApiKeyRow = Omit<ApiKeyView, 'state'> & {
  readonly organisationId: Id<'organisation'>;
  readonly isRevoked: boolean;
};

type NewApiKey = Omit<ApiKeyRow, 'isRevoked'> & { readonly secretHash: string; readonly createdBy: Id<'user'> };

/** Saves a key. */
export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<void> {
  const { id, organisationId, name, role, prefix, secretHash, createdBy } = key;
  await tx.apiKey.createMany({
    data: [
      {
        ...{ id, organisationId, name, role, prefix, secretHash, createdBy },
        createdAt: toDate(key.createdAt),
        expiresAt: key.expiresAt === null ? null : toDate(key.expiresAt),
      },
    ],
  });
}

/** The keys of an organisation, newest first. */
export async function selectApiKeys(tx: Tx, organisationId: Id<'organisation'>): Promise<ApiKeyRow[]> {
  const rows = await tx.apiKey.findMany({
    where: { organisationId },
    select: { id: true, name: true, role: true, prefix: true, createdAt: true, expiresAt: true, revokedAt: true },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map((row) => ({
    id: idFrom('apiKey', row.id),
    organisationId,
    name: row.name,
    role: apiKeyRole(row.role),
    prefix: row.prefix,
    createdAt: fromDate(row.createdAt),
    expiresAt: row.expiresAt === null ? null : fromDate(row.expiresAt),
    isRevoked: row.revokedAt !== null,
  }));
}

/** Revokes a key for good; false when there is no such key in force. */
export async function endApiKey(
  tx: Tx,
  key: { id: string; organisationId: Id<'organisation'> },
  at: Instant,
): Promise<boolean> {
  const { count } = await tx.apiKey.updateMany({
    where: { ...key, revokedAt: null },
    data: { revokedAt: toDate(at) },
  });
  return count > 0;
}

// Sessions and attempts: on real time, because a demo clock that runs a day a minute must not sign people out. --------

/** Real time by the database's clock. */
export async function readRealNow(tx: Tx): Promise<Instant> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT kashi_real_now() AS now`;
  return fromDate(present(row, 'the database clock').now);
}

/** What is remembered of an address, locked until the transaction ends. */
export async function lockAttempts(tx: Tx, email: string, at: Instant): Promise<Attempts> {
  const [row] = await tx.$queryRaw<{ failures: number; blocked_until: Date | null }[]>`
    INSERT INTO sign_in_attempt (email, failures, updated_at) VALUES (${email}, 0, ${toDate(at)})
    ON CONFLICT (email) DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING failures, blocked_until`;
  const { failures, blocked_until: until } = present(row, 'the attempts of an address');
  return { failures, blockedUntil: until === null ? null : fromDate(until) };
}

/** Remembers attempts at an address; null forgets them. */
export async function saveAttempts(tx: Tx, email: string, attempts: Attempts | null): Promise<void> {
  if (attempts === null) {
    await tx.signInAttempt.deleteMany({ where: { email } });
    return;
  }
  const { failures, blockedUntil } = attempts;
  await tx.signInAttempt.updateMany({
    where: { email },
    data: { failures, blockedUntil: blockedUntil === null ? null : toDate(blockedUntil) },
  });
}

export type SessionRow = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly userAgent: string;
};

/** Saves a session under the hash of its secret. */
export async function insertSession(tx: Tx, userId: Id<'user'>, session: SessionRow): Promise<void> {
  const { id, userAgent, createdAt, expiresAt } = session;
  await tx.session.createMany({
    data: [{ id, userId, userAgent, createdAt: toDate(createdAt), expiresAt: toDate(expiresAt) }],
  });
}

/** The live sessions of a person, newest first. */
export async function selectSessions(tx: Tx, userId: Id<'user'>, at: Instant): Promise<SessionRow[]> {
  const rows = await tx.session.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: toDate(at) } },
    select: { id: true, createdAt: true, expiresAt: true, userAgent: true },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map((row) => ({ ...row, createdAt: fromDate(row.createdAt), expiresAt: fromDate(row.expiresAt) }));
}

type SessionKey = { readonly id: string; readonly userId?: Id<'user'> };

/** Ends sessions at once and answers how many: one, or all of a person but one. */
export async function endSessions(
  tx: Tx,
  which: SessionKey | { readonly userId: Id<'user'>; readonly exceptId: string },
  at: Instant,
): Promise<number> {
  const where = 'exceptId' in which ? { userId: which.userId, id: { not: which.exceptId } } : which;
  const { count } = await tx.session.updateMany({
    where: { ...where, revokedAt: null },
    data: { revokedAt: toDate(at) },
  });
  return count;
}
