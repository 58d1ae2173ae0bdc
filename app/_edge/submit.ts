import 'server-only';
import { refresh } from 'next/cache';
import { headers } from 'next/headers';
import type { z } from 'zod';
import type { FormState } from '#components/form/form-state.ts';
import { refusalText } from '#components/form/refusal-text.ts';
import type { Refusal, Result } from '#lib/core/result.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { requestLocale } from '#lib/i18n/server.ts';
import { Forbidden, SignInRequired } from '#lib/identity/authorize.ts';
import { isSameOrigin } from '#lib/identity/same-origin.ts';
import { environment } from '#lib/platform/environment.ts';
import { freshForm } from './fresh-form.ts';
import { fieldErrors } from './field-errors.ts';

type Explained = Refusal & { readonly code: RefusalCode };

/** Names of fields that are never sent back to the browser. */
const SECRET = /password|secret|token/i;

/** What was typed, to fill the form with again, without the one character that the database cannot hold. No files. */
function valuesOf(form: FormData): Record<string, string> {
  const entries = [...form.entries()].filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && !entry[0].startsWith('$ACTION') && entry[0] !== 'idempotencyKey',
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll('\0', '')]));
}

/** True when the request was sent by a page of ours: the guard of every route handler that changes something. */
export async function isOwnRequest(): Promise<boolean> {
  const header = await headers();
  const source = {
    origin: header.get('origin'),
    fetchSite: header.get('sec-fetch-site'),
    host: header.get('host'),
  };
  return isSameOrigin(source, environment().publicUrl);
}

async function refused<T>(
  refusal: Explained,
  typed: Record<string, string>,
  error?: z.ZodError,
): Promise<FormState<T>> {
  const locale = await requestLocale();
  const values = Object.fromEntries(Object.entries(typed).filter(([name]) => !SECRET.test(name)));
  const fields = error ? fieldErrors(locale, error, typed) : {};
  return { ...freshForm(), status: 'refused', values, refusal: refusalText(locale, refusal), fields };
}

/**
 * The body of every server action: refuses requests from elsewhere, reads the form by its schema, calls the service,
 * and answers the form's next state, refusals in words. `key` is the idempotency key of this submission. Services
 * authorise by themselves; here their answer only becomes a sentence. Faults throw on to the error page.
 */
export async function submit<S extends z.ZodType, T, R extends Explained>(
  form: FormData,
  schema: S,
  work: (input: z.output<S>, key: string) => Promise<Result<T, R>>,
): Promise<FormState<T>> {
  const typed = valuesOf(form);
  if (!(await isOwnRequest())) return refused({ code: 'crossOrigin' }, typed);
  const parsed = schema.safeParse(typed);
  if (!parsed.success) return refused({ code: 'inputInvalid' }, typed, parsed.error);
  const key = String(form.get('idempotencyKey') ?? '');
  try {
    const result = await work(parsed.data, key);
    if (!result.ok) {
      const next = await refused<T>(result.refusal, typed);
      // Without an answer the same key has to be sent again: it finds the answer, where a new one would act twice.
      return result.refusal.code === 'decisionPending' ? { ...next, key } : next;
    }
    refresh();
    return { ...freshForm(), status: 'done', values: {}, value: result.value };
  } catch (error) {
    if (error instanceof SignInRequired) return refused({ code: 'signInRequired' }, typed);
    if (error instanceof Forbidden) return refused({ code: 'forbidden' }, typed);
    throw error;
  }
}
