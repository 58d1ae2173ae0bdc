import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { customerRole } from './rows.ts';
import type { PendingInvitation } from './types.ts';

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
