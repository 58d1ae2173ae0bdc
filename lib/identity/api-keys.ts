import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { DAY_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { withTx } from '#lib/platform/db.ts';
import { hashSecret, newId } from '#lib/platform/random.ts';
import { keyPrefix, keyState, newApiKeySecret } from './api-key-secret.ts';
import { authorizeMember } from './authorize.ts';
import { endApiKey, insertApiKey, selectApiKeys } from './api-key-store.ts';
import { lockOrganisation } from './organisation-store.ts';
import type { ApiKeyInput, ApiKeyView, Refused } from './types.ts';

const LIVE_KEYS_MAX = 30;

export type NewKey = { readonly secret: string; readonly key: ApiKeyView };

/** The organisation's keys, newest first, without their secrets, which nobody can read again. */
export async function listApiKeys(ctx: Ctx): Promise<ApiKeyView[]> {
  const { organisationId } = authorizeMember(ctx, 'apiKey:manage');
  const rows = await withTx(ctx, (tx) => selectApiKeys(tx, organisationId));
  return rows.map(({ id, name, role, prefix, createdAt, expiresAt, isRevoked }) => {
    const state = keyState({ expiresAt, isRevoked }, ctx.now);
    return { id, name, role, prefix, createdAt, expiresAt, state };
  });
}

/** Makes a key that acts for the organisation in one role. Its secret is in this answer and nowhere else. */
export async function createApiKey(
  ctx: Ctx,
  { name, role, lifeDays }: ApiKeyInput,
): Promise<Result<NewKey, Refused<'apiKeysTooMany'>>> {
  const { organisationId, userId } = authorizeMember(ctx, 'apiKey:manage');
  const secret = newApiKeySecret();
  return withTx(ctx, async (tx) => {
    await lockOrganisation(tx, organisationId);
    const live = (await selectApiKeys(tx, organisationId)).filter((key) => keyState(key, ctx.now) === 'live');
    if (live.length >= LIVE_KEYS_MAX) return refuse({ code: 'apiKeysTooMany', keysMax: LIVE_KEYS_MAX });
    const key = {
      id: newId('apiKey', ctx.now),
      name,
      role,
      prefix: keyPrefix(secret),
      createdAt: ctx.now,
      expiresAt: lifeDays === 'never' ? null : endOf(ctx.now, lifeDays),
    };
    await insertApiKey(tx, { ...key, organisationId, secretHash: hashSecret(secret), createdBy: userId });
    await record(ctx, tx, 'apiKey.created', key.id, { role, lifeDays });
    return accept({ secret, key: { ...key, state: 'live' } });
  });
}

function endOf(now: Instant, lifeDays: '30' | '90' | '365'): Instant {
  return plusMs(now, Number.parseInt(lifeDays, 10) * DAY_MS);
}

/** Revokes a key for good: its next request is refused. */
export async function revokeApiKey(ctx: Ctx, { id }: { id: string }): Promise<Result<null, Refused<'apiKeyUnknown'>>> {
  const { organisationId } = authorizeMember(ctx, 'apiKey:manage');
  return withTx(ctx, async (tx) => {
    if (!(await endApiKey(tx, { id, organisationId }, ctx.now))) return refuse({ code: 'apiKeyUnknown' });
    await record(ctx, tx, 'apiKey.revoked', id, {});
    return accept(null);
  });
}
