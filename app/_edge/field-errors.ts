import type { z } from 'zod';
import type { Locale } from '#lib/i18n/locale.ts';
import { translator } from '#lib/i18n/translator.ts';

/** What is wrong with each field of a form, in words, the first reason of each; an empty one only has to be filled. */
export function fieldErrors(
  locale: Locale,
  error: z.ZodError,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const t = translator(locale, 'common');
  const sentence = (issue: z.core.$ZodIssue): string => {
    if ((typed[String(issue.path[0])] ?? '').trim() === '') return t('field.required');
    if (issue.code === 'too_big') return t('field.tooLong', { maximum: issue.maximum });
    if (issue.code === 'invalid_format' && issue.format === 'email') return t('field.email');
    return t('field.invalid');
  };
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[String(issue.path[0] ?? '')] ??= sentence(issue);
  return fields;
}
