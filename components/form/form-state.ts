import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';

/** A refusal in a person's language: what happened, what is safe, what to do. */
export type RefusalText = {
  readonly code: RefusalCode;
  readonly what: string;
  readonly safe: string;
  readonly todo: string;
};

/** Another way that would do: a link in the words of the act. */
export type Alternative = { readonly label: string; readonly href: string };

type Values = Readonly<Record<string, string>>;

/** A form that was not submitted yet. */
export type FreshForm = { readonly status: 'fresh'; readonly key: string; readonly values: Values };

/**
 * What a form knows of its last submission. `key` is the idempotency key of the next one: a new one after every
 * answer, the same one while no answer came, so that a repeat after a lost connection is the same act.
 */
export type FormState<T = null> =
  | FreshForm
  | {
      readonly status: 'refused';
      readonly key: string;
      /** What was typed, to fill the form with again; no secrets. */
      readonly values: Values;
      readonly refusal: RefusalText;
      /** What is wrong with single fields, by name. */
      readonly fields: Readonly<Record<string, string>>;
      /** The numbers behind the refusal, a sentence each. */
      readonly facts?: readonly string[];
      /** What would do instead. */
      readonly alternatives?: readonly Alternative[];
    }
  | { readonly status: 'done'; readonly key: string; readonly values: Values; readonly value: T };

/** A server action as forms call it. */
export type FormAction<T = null> = (state: FormState<T>, form: FormData) => Promise<FormState<T>>;
