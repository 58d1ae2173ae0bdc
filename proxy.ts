import { type NextRequest, NextResponse } from 'next/server';
import { NONCE_HEADER, PATH_HEADER } from '#app/_edge/request-headers.ts';
import { environment } from '#lib/platform/environment.ts';
import { newSecret } from '#lib/platform/random.ts';

/** Scripts run only with this answer's nonce, nothing comes from another origin, nobody frames us. */
function contentSecurityPolicy(nonce: string, isSecure: boolean): string {
  const isDevelopment = process.env.NODE_ENV === 'development';
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Style attributes place pop-ups and draw bars; a style cannot run anything.
    `style-src-elem 'self'${isDevelopment ? " 'unsafe-inline'" : ` 'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    ...(isSecure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

/**
 * Sets headers, and refuses addresses with a character that no text in the database can have. It protects no page: with
 * this file deleted, every authorisation test still passes.
 */
export function proxy(request: NextRequest): NextResponse {
  if (/%00/.test(request.url)) return new NextResponse(null, { status: 400 });
  const nonce = newSecret();
  const isSecure = environment().publicUrl.startsWith('https://');
  const policy = contentSecurityPolicy(nonce, isSecure);
  const headers = new Headers(request.headers);
  headers.set(NONCE_HEADER, nonce);
  headers.set('content-security-policy', policy);
  headers.set(PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  const answer: Record<string, string> = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    ...(isSecure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  };
  for (const [name, value] of Object.entries(answer)) response.headers.set(name, value);
  return response;
}

export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg|robots.txt).*)'] };
