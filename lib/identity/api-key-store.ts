import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { apiKeyRole } from './rows.ts';
import type { ApiKeyView } from './types.ts';

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
