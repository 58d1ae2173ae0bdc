import { createTranslator } from 'use-intl/core';
import type { Locale } from './locale.ts';
import type { RuleName } from './messages/origin-rules.ts';
import type { ReasonToken } from './messages/explain.ts';
import type { RefusalCode } from './messages/refusals.ts';
import { type Messages, messagesOf, type Namespace } from './messages.ts';

/** The texts of one namespace in one language, with keys and placeholders checked by the compiler. */
export function translator<N extends Namespace>(locale: Locale, namespace: N) {
  // Translations have the source's keys but not its literal texts, and placeholders are typed by the source.
  const messages = messagesOf(locale) as Messages;
  return createTranslator<Messages, N>({ locale, messages, namespace, timeZone: 'Asia/Shanghai', onError: fail });
}

/** A missing text is a bug that the parity test finds; it never shows as a key to a person. */
function fail(error: Error): never {
  throw error;
}

/** The texts of refusals by a code that is known only at run time; {@link RefusalCode} says which there are. */
export function refusalTranslator(
  locale: Locale,
): (key: `${RefusalCode}.${'what' | 'safe' | 'todo'}`, values: Record<string, string | number>) => string {
  const { refusals: messages } = messagesOf(locale);
  return createTranslator({ locale, messages, timeZone: 'Asia/Shanghai', onError: fail });
}

/** The texts of reasons by a token that is known only at run time. */
export function reasonTranslator(
  locale: Locale,
): (key: `${ReasonToken}.${'what' | 'safe' | 'todo'}`, values: Record<string, string | number>) => string {
  const messages = messagesOf(locale).explain.token;
  return createTranslator({ locale, messages, timeZone: 'Asia/Shanghai', onError: fail });
}

/** The texts of an explanation's rules by a name that is known only at run time. */
export function ruleTranslator(
  locale: Locale,
): (key: `${RuleName}.${'name' | 'text'}`, values: Record<string, string>) => string {
  const messages = messagesOf(locale).origin.rule;
  return createTranslator({ locale, messages, timeZone: 'Asia/Shanghai', onError: fail });
}
