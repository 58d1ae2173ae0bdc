import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { CustomerRole, StaffRole } from '#lib/core/context.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { type TxContext, withTx } from '#lib/platform/db.ts';
import { hashSecret } from '#lib/platform/random.ts';
import { apiKeyRole, customerRole, staffRole, userKind, userLocale } from './rows.ts';
import type { ApiKeyRole, Viewer } from './types.ts';

/** Who looks a secret up: nobody is known yet. Only reads. */
function finder(requestId: string): TxContext {
  return { scope: { kind: 'system' }, actor: { kind: 'system', job: 'signIn' }, requestId };
}

export type SessionActor = {
  readonly now: Instant;
  /** Null: no live session has this secret. */
  readonly viewer: Viewer | null;
  /** The person's seat in the organisation that was asked for; null when they have none there. */
  readonly seat: { readonly organisationId: Id<'organisation'>; readonly role: CustomerRole } | null;
};

type SessionColumns = {
  now: Date;
  user_id: string | null;
  kind: string;
  email: string;
  name: string;
  locale: string;
  staff_roles: string[];
  organisation_id: string | null;
  role: string;
};

/**
 * The business time, the person of a session and their seat in an organisation, in one statement: what it answers was
 * true at one moment. A session that was revoked or has ended answers nobody.
 */
export async function findSessionActor(
  requestId: string,
  secret: string | null,
  orgSlug: string | null,
): Promise<SessionActor> {
  const sessionId = secret === null ? '' : hashSecret(secret);
  const rows = await withTx(
    finder(requestId),
    (tx) => tx.$queryRaw<SessionColumns[]>`
      SELECT kashi_now() AS now, u.id AS user_id, u.kind, u.email, u.name, u.locale,
        ARRAY(SELECT r.role FROM staff_role r WHERE r.user_id = u.id ORDER BY r.role) AS staff_roles,
        m.organisation_id, m.role
      FROM (SELECT) AS always
      LEFT JOIN session s ON s.id = ${sessionId} AND s.revoked_at IS NULL AND s.expires_at > kashi_real_now()
      LEFT JOIN user_account u ON u.id = s.user_id
      LEFT JOIN organisation o ON o.slug = ${orgSlug}
      LEFT JOIN membership m ON m.organisation_id = o.id AND m.user_id = u.id`,
  );
  const row = present(rows[0], 'the business time');
  const now = fromDate(row.now);
  if (row.user_id === null) return { now, viewer: null, seat: null };
  const viewer: Viewer = {
    userId: idFrom('user', row.user_id),
    kind: userKind(row.kind),
    email: row.email,
    name: row.name,
    locale: userLocale(row.locale),
    staffRoles: row.staff_roles.map((role): StaffRole => staffRole(role)),
  };
  const { organisation_id: organisation } = row;
  const seat =
    organisation === null
      ? null
      : { organisationId: idFrom('organisation', organisation), role: customerRole(row.role) };
  return { now, viewer, seat };
}

export type KeyActor = {
  readonly now: Instant;
  readonly key: {
    readonly keyId: Id<'apiKey'>;
    readonly organisationId: Id<'organisation'>;
    readonly role: ApiKeyRole;
  } | null;
};

/** The business time and the key of a secret, in one statement; no key when it was revoked or has ended. */
export async function findKeyActor(requestId: string, secret: string | null): Promise<KeyActor> {
  const hash = secret === null ? '' : hashSecret(secret);
  const rows = await withTx(
    finder(requestId),
    (tx) => tx.$queryRaw<{ now: Date; id: string | null; organisation_id: string; role: string }[]>`
      SELECT n.now, k.id, k.organisation_id, k.role FROM (SELECT kashi_now() AS now) n
      LEFT JOIN api_key k ON k.secret_hash = ${hash} AND k.revoked_at IS NULL
        AND (k.expires_at IS NULL OR k.expires_at > n.now)`,
  );
  const row = present(rows[0], 'the business time');
  const now = fromDate(row.now);
  if (row.id === null) return { now, key: null };
  const organisationId = idFrom('organisation', row.organisation_id);
  return { now, key: { keyId: idFrom('apiKey', row.id), organisationId, role: apiKeyRole(row.role) } };
}
