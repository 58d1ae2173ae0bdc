import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';

/** A refusal in a person's language: what happened, what is safe, what to do. */
export type RefusalText = {
  readonly code: RefusalCode;
  readonly what: string;
  readonly safe: string;
  readonly todo: string;
};

/**
 * What a form knows of its last submission. `key` is the idempotency key of the next one: a new one after every
 * answer, the same one while no answer came, so that a repeat after a lost connection is the same act.
 */
export type FormState<T = null> = { readonly key: string; readonly values: Readonly<Record<string, string>> } & (
  | { readonly status: 'fresh' }
  | {
      readonly status: 'refused';
      readonly refusal: RefusalText;
      /** What is wrong with single fields, by name. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | { readonly status: 'done'; readonly value: T }
);

/** A server action as forms call it. */
export type FormAction<T = null> = (state: FormState<T>, form: FormData) => Promise<FormState<T>>;
