import { Facts } from '../explain/facts.tsx';
import { Alert } from '../ui/alert.tsx';
import type { Alternative, FormState, RefusalText } from './form-state.ts';

/** A refusal: what happened, what is safe, what to do, and links to what would do instead. */
export function RefusalAlert({
  refusal,
  facts = [],
  alternatives = [],
}: {
  refusal: RefusalText;
  facts?: readonly string[];
  alternatives?: readonly Alternative[];
}) {
  return (
    <Alert kind="danger" title={refusal.what} data-form-error tabIndex={-1} className="outline-none">
      <p className="text-ink-2">{refusal.safe}</p>
      <p className="text-ink-2">{refusal.todo}</p>
      <Facts facts={facts} alternatives={alternatives} />
    </Alert>
  );
}

/** The refusal of a form's last submission, unless single fields already say what is wrong. */
export function FormError({ state }: { state: FormState<unknown> }) {
  if (state.status !== 'refused' || Object.keys(state.fields).length > 0) return null;
  return <RefusalAlert refusal={state.refusal} facts={state.facts ?? []} alternatives={state.alternatives ?? []} />;
}
