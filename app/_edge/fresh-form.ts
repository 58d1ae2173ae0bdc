import 'server-only';
import type { FreshForm } from '#components/form/form-state.ts';
import { newRequestId } from '#lib/platform/random.ts';

/** The state of a form before its first submission, with the idempotency key of that submission. */
export function freshForm(): FreshForm {
  return { status: 'fresh', key: newRequestId(), values: {} };
}
