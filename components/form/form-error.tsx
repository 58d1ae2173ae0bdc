import { Alert } from '../ui/alert.tsx';
import { TextLink } from '../ui/text-link.tsx';
import type { Alternative, FormState, RefusalText } from './form-state.ts';

/** A refusal: what happened, what is safe, what to do, and links to what would do instead. */
export function RefusalAlert({
  refusal,
  alternatives = [],
}: {
  refusal: RefusalText;
  alternatives?: readonly Alternative[];
}) {
  return (
    <Alert kind="danger" title={refusal.what} data-form-error tabIndex={-1} className="outline-none">
      <p className="text-ink-2">{refusal.safe}</p>
      <p className="text-ink-2">{refusal.todo}</p>
      {alternatives.length > 0 && (
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
          {alternatives.map(({ label, href }) => (
            <TextLink key={href} href={href} prefetch={false}>
              {label}
            </TextLink>
          ))}
        </p>
      )}
    </Alert>
  );
}

/** The refusal of a form's last submission, unless single fields already say what is wrong. */
export function FormError({ state }: { state: FormState<unknown> }) {
  if (state.status !== 'refused' || Object.keys(state.fields).length > 0) return null;
  return <RefusalAlert refusal={state.refusal} alternatives={state.alternatives ?? []} />;
}
