/** An expected refusal: a named reason with the numbers behind it. Faults throw instead. */
export type Refusal = { readonly code: string };

/** What a service answers: a value, or a named refusal that changed nothing. */
export type Result<T, R extends Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

/** Wraps a value as a successful result. */
export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps a named refusal as a result. */
export function refuse<const R extends Refusal>(refusal: R): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}
