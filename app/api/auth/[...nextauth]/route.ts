import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '#app/_edge/auth-options.ts';
import { isOwnRequest } from '#app/_edge/submit.ts';

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own routes: CSRF token, providers, session, signing out. */
export async function GET(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(authOptions())(request, context);
}

/** As above, for requests of our own pages. */
export async function POST(request: NextRequest, context: Context): Promise<Response> {
  if (!(await isOwnRequest())) return Response.json({ error: 'crossOrigin' }, { status: 403 });
  return NextAuth(authOptions())(request, context);
}
