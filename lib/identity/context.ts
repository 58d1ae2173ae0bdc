import 'server-only';
import { cache } from 'react';
import { type Actor, type Ctx, type SystemJob, scopeOf, type TenantCtx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { newRequestId } from '#lib/platform/random.ts';
import { findKeyActor, findSessionActor } from './actors.ts';
import { bearerKey } from './api-key-secret.ts';
import { Forbidden, SignInRequired } from './authorize.ts';
import type { Viewer } from './types.ts';

/** The secret of the request's session. Loaded late: the engine makes contexts too and has no Next.js. */
async function requestSecret(): Promise<string | null> {
  const { readSessionSecret } = await import('./session-cookie.ts');
  return readSessionSecret();
}

/** One look at the session per request and organisation, however many layouts and pages ask. */
const sessionOf = cache(async (orgSlug: string | null, secret: string | null | undefined) => {
  const requestId = newRequestId();
  const known = secret === undefined ? await requestSecret() : secret;
  return { requestId, ...(await findSessionActor(requestId, known, orgSlug)) };
});

function contextOf(actor: Actor, { requestId, now }: { requestId: string; now: Instant }): Ctx {
  return { actor, scope: scopeOf(actor), requestId, now };
}

/** The person of the request's session, for showing who is signed in; null for a visitor. */
export async function findViewer(secret?: string | null): Promise<Viewer | null> {
  return (await sessionOf(null, secret)).viewer;
}

/** Nobody in particular: public pages, signing up, signing in. */
export async function visitorCtx(): Promise<Ctx> {
  const requestId = newRequestId();
  return contextOf({ kind: 'visitor' }, { requestId, now: (await findSessionActor(requestId, null, null)).now });
}

/** The person who is signed in, in no organisation: their account and what they belong to. */
export async function personCtx(secret?: string | null): Promise<Ctx> {
  const session = await sessionOf(null, secret);
  if (session.viewer === null) throw new SignInRequired('no live session');
  return contextOf({ kind: 'user', userId: session.viewer.userId }, session);
}

/** The person as a member of the organisation at an address; {@link Forbidden} when it is not theirs or not there. */
export async function customerCtx(orgSlug: string, secret?: string | null): Promise<TenantCtx> {
  const session = await sessionOf(orgSlug, secret);
  if (session.viewer === null) throw new SignInRequired('no live session');
  if (session.seat === null) throw new Forbidden(`${session.viewer.userId} has no seat in ${orgSlug}`);
  const { requestId, now, seat } = session;
  return {
    actor: { kind: 'customer', userId: session.viewer.userId, ...seat },
    scope: { kind: 'organisation', organisationId: seat.organisationId },
    requestId,
    now,
  };
}

/** The person as staff of the operator; {@link Forbidden} for customers. */
export async function staffCtx(secret?: string | null): Promise<Ctx> {
  const session = await sessionOf(null, secret);
  if (session.viewer === null) throw new SignInRequired('no live session');
  const { kind, userId, staffRoles } = session.viewer;
  if (kind !== 'staff' || staffRoles.length === 0) throw new Forbidden(`${userId} is not staff`);
  return contextOf({ kind: 'staff', userId, roles: staffRoles }, session);
}

/** A program with a key, from its `Authorization` header; {@link SignInRequired} when the header holds no live key. */
export async function apiKeyCtx(authorizationHeader: string | null): Promise<TenantCtx> {
  const requestId = newRequestId();
  const { now, key } = await findKeyActor(requestId, bearerKey(authorizationHeader));
  if (key === null) throw new SignInRequired('no live key');
  const { organisationId } = key;
  return { actor: { kind: 'apiKey', ...key }, scope: { kind: 'organisation', organisationId }, requestId, now };
}

/** One of Kashi's own jobs, with the narrow rights that the permission table gives it. */
export async function systemCtx(job: SystemJob): Promise<Ctx> {
  const requestId = newRequestId();
  const { now } = await findSessionActor(requestId, null, null);
  return contextOf({ kind: 'system', job }, { requestId, now });
}
