import 'server-only';
import { headers } from 'next/headers';
import type { z } from 'zod';
import { refusalText } from '#components/form/refusal-text.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { type Refusal, type Result, refuse } from '#lib/core/result.ts';
import { meaningOf } from '#lib/api/errors.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { Forbidden, SignInRequired } from '#lib/identity/authorize.ts';
import { apiKeyCtx } from '#lib/identity/context.ts';
import { errorText, log } from '#lib/platform/log.ts';
import { newRequestId } from '#lib/platform/random.ts';

type Explained = Refusal & { readonly code: RefusalCode };

/** A body is small here; a larger one is refused before it is parsed. */
const BODY_BYTES_MAX = 65_536;
const KEY = /^[\x21-\x7e]{8,100}$/;

function answer(body: unknown, status: number, requestId: string): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', 'x-request-id': requestId } });
}

async function refusalResponse(
  refusal: Explained,
  requestId: string,
  details: Record<string, unknown> = {},
): Promise<Response> {
  const language = (await headers()).get('accept-language') ?? '';
  const { what, safe, todo } = refusalText(/^zh\b/i.test(language) ? 'zh-CN' : 'en', refusal);
  const { status, isRetryable } = meaningOf(refusal.code);
  const { code, ...numbers } = refusal;
  return answer(
    {
      error: { code, message: what, safe, suggestion: todo, isRetryable, details: { ...numbers, ...details } },
      requestId,
    },
    status,
    requestId,
  );
}

/** The database holds every character but this one; with it, a text is none. */
const withoutNul = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? null : value;

async function readBody<S extends z.ZodType>(
  request: Request,
  schema: S,
): Promise<Result<z.output<S>, Explained & { fields?: Record<string, string> }>> {
  const text = await request.text();
  if (text.length > BODY_BYTES_MAX) return refuse({ code: 'inputInvalid', fields: { body: 'too large' } });
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text, withoutNul);
  } catch {
    return refuse({ code: 'inputInvalid', fields: { body: 'not JSON' } });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = Object.fromEntries(
    parsed.error.issues.map((issue) => [issue.path.join('.') || 'body', issue.message]),
  );
  return refuse({ code: 'inputInvalid', fields });
}

/**
 * The body of every route of version 1: the key's context, the service's answer, refusals as 4xx with a sentence that
 * says what to do, faults as 503 without detail. The service authorises; here nothing is permitted or refused.
 */
export async function apiAnswer<T>(work: (ctx: TenantCtx) => Promise<Result<T, Explained>>): Promise<Response> {
  let requestId = newRequestId();
  try {
    const ctx = await apiKeyCtx((await headers()).get('authorization'));
    requestId = ctx.requestId;
    const result = await work(ctx);
    return result.ok ? answer(result.value, 200, requestId) : refusalResponse(result.refusal, requestId);
  } catch (error) {
    if (error instanceof SignInRequired) return refusalResponse({ code: 'signInRequired' }, requestId);
    if (error instanceof Forbidden) return refusalResponse({ code: 'forbidden' }, requestId);
    log.error('api', { requestId, reason: errorText(error) });
    return refusalResponse({ code: 'decisionFailed' }, requestId);
  }
}

/** As {@link apiAnswer}, for requests with a body of a schema. */
export async function apiSubmit<S extends z.ZodType, T>(
  request: Request,
  schema: S,
  work: (ctx: TenantCtx, input: z.output<S>) => Promise<Result<T, Explained>>,
): Promise<Response> {
  return apiAnswer(async (ctx): Promise<Result<T, Explained>> => {
    const body = await readBody(request, schema);
    return body.ok ? work(ctx, body.value) : body;
  });
}

/** As {@link apiSubmit}, for changes: the caller's `Idempotency-Key` makes a repeat the same change. */
export async function apiChange<S extends z.ZodType, T>(
  request: Request,
  schema: S,
  work: (ctx: TenantCtx, input: z.output<S>, idempotencyKey: string) => Promise<Result<T, Explained>>,
): Promise<Response> {
  const key = request.headers.get('idempotency-key') ?? '';
  return apiSubmit(request, schema, async (ctx, input): Promise<Result<T, Explained>> => {
    if (!KEY.test(key))
      return refuse({
        code: 'inputInvalid',
        fields: { 'Idempotency-Key': '8 to 100 visible ASCII characters' },
      } as Explained);
    return work(ctx, input, `api:${key}`);
  });
}
