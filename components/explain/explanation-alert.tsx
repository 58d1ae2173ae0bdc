import type { Locale } from '#lib/i18n/locale.ts';
import type { Blocker, Explanation } from '#lib/reservations/explanation.ts';
import type { Alternative } from '../form/form-state.ts';
import { Alert } from '../ui/alert.tsx';
import { factsOf, reasonText } from './explanation-text.ts';
import { Facts } from './facts.tsx';

/** Why something waits or was refused: the sentences of the one reason, its numbers, and what would do instead. */
export function ExplanationAlert({
  locale,
  kind,
  explanation,
  blockers,
  alternatives = [],
}: {
  locale: Locale;
  kind: 'info' | 'warn' | 'danger';
  explanation: Explanation;
  blockers: readonly Blocker[];
  alternatives?: readonly Alternative[];
}) {
  const { what, safe, todo } = reasonText(locale, explanation);
  return (
    <Alert kind={kind} title={what}>
      <p className="text-ink-2">{safe}</p>
      <p className="text-ink-2">{todo}</p>
      <Facts facts={factsOf(locale, explanation, blockers)} alternatives={alternatives} />
    </Alert>
  );
}
