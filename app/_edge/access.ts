import 'server-only';
import { headers } from 'next/headers';
import { forbidden, notFound, redirect } from 'next/navigation';
import type { Ctx, TenantCtx } from '#lib/core/context.ts';
import { Forbidden, SignInRequired } from '#lib/identity/authorize.ts';
import { customerCtx, personCtx, staffCtx } from '#lib/identity/context.ts';
import { isPermitted, type Permission } from '#lib/identity/permissions.ts';
import { PATH_HEADER } from './request-headers.ts';

/**
 * A page's context, or the view that stands for its absence: signing in for a visitor, 404 for what does not exist for
 * this person, 403 for what their role does not open. This is courtesy: services authorise again, by themselves.
 */
async function pageCtx<C extends Ctx>(make: () => Promise<C>, permission: Permission): Promise<C> {
  let ctx: C;
  try {
    ctx = await make();
  } catch (error) {
    if (error instanceof SignInRequired) redirect(await signInPath());
    if (error instanceof Forbidden) notFound();
    throw error;
  }
  if (!isPermitted(ctx.actor, permission)) forbidden();
  return ctx;
}

/** Where a visitor signs in, coming back to the page they asked for. */
async function signInPath(): Promise<string> {
  const path = (await headers()).get(PATH_HEADER);
  return path === null ? '/sign-in' : `/sign-in?${new URLSearchParams({ next: path })}`;
}

/** The context of a page in an organisation's console. */
export async function memberPage(orgSlug: string, permission: Permission): Promise<TenantCtx> {
  return pageCtx(() => customerCtx(orgSlug), permission);
}

/** The context of a page of the operator's consoles. */
export async function staffPage(permission: Permission): Promise<Ctx> {
  return pageCtx(() => staffCtx(), permission);
}

/** The context of a page about the person who is signed in. */
export async function personPage(): Promise<Ctx> {
  return pageCtx(() => personCtx(), 'account:manageOwn');
}
