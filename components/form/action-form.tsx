'use client';

import { createContext, type ReactNode, use, useActionState, useEffect, useRef } from 'react';
import { FormError } from './form-error.tsx';
import type { FormAction, FormState } from './form-state.ts';

const Context = createContext<FormState<unknown> | null>(null);

/** The state of the form around; null outside of one. */
export function useFormState(): FormState<unknown> | null {
  return use(Context);
}

/**
 * A form that submits to a server action and works without JavaScript. Its fields find their errors and what was typed
 * by their names; a refusal that concerns no single field stands at its end. `initial` comes from `freshForm()`.
 */
export function ActionForm<T>({
  action,
  initial,
  onDone,
  className,
  children,
}: {
  action: FormAction<T>;
  initial: FormState<T>;
  /** Client components only: called once with the value of an accepted submission. */
  onDone?: (value: T) => void;
  className?: string | undefined;
  children: ReactNode;
}) {
  const [state, submit] = useActionState<FormState<T>, FormData>(action, initial);
  const form = useRef<HTMLFormElement>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (state.status === 'done') done.current?.(state.value);
    if (state.status !== 'refused') return;
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-form-error]');
    first?.focus();
  }, [state]);
  return (
    <Context value={state}>
      <form ref={form} action={submit} className={className} noValidate>
        <input type="hidden" name="idempotencyKey" value={state.key} />
        {children}
        <FormError state={state} />
      </form>
    </Context>
  );
}
