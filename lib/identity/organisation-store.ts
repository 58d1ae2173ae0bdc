import 'server-only';
import type { CustomerRole } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { customerRole } from './rows.ts';
import type { Member, Organisation, OwnOrganisation } from './types.ts';

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
