'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useTransition } from 'react';

/** Typing is not finished with every key. */
const TYPING_MS = 400;

type Values = Readonly<Record<string, string>>;

/** Shows in the fields what the address says: a link or a button may have changed it. What is being typed is left. */
function showValues(form: HTMLFormElement, values: Values): void {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    const isField =
      field instanceof RadioNodeList || field instanceof HTMLSelectElement || field instanceof HTMLInputElement;
    if (isField && field !== document.activeElement && field.value !== value) field.value = value;
  }
}

const isTyped = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type === 'text';

/**
 * Holds the page's other forms, such as the quote's, while something is being typed: their amount is about to change.
 * `flush` asks for the page with what is typed, and says whether there was anything.
 */
function useHoldOthers(form: RefObject<HTMLFormElement | null>, flush: () => boolean): void {
  const latest = useRef(flush);
  latest.current = flush;
  useEffect(() => {
    const onSubmit = (event: SubmitEvent): void => {
      if (event.target === form.current || !latest.current()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    document.addEventListener('submit', onSubmit, true);
    return () => document.removeEventListener('submit', onSubmit, true);
  }, [form]);
}

/** Lets the fields follow the address. What was chosen before the page listened is asked for instead, and not taken back. */
function useShownValues(form: RefObject<HTMLFormElement | null>, values: Values, send: () => boolean): void {
  const hasListened = useRef(false);
  useEffect(() => {
    if (hasListened.current && form.current) showValues(form.current, values);
    else send();
    hasListened.current = true;
  }, [form, values, send]);
}

/**
 * A form whose state is the page's address: each change asks for the page again, the way its GET submission would
 * without JavaScript. Of a name that stands twice the later holds, so a button may set a field.
 */
export function BookingForm({
  path,
  values,
  label,
  className,
  children,
}: {
  path: string;
  values: Values;
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  /** Asks for the page with what the fields say; false when that is the page there is. */
  const send = useCallback(
    (submitter: HTMLElement | null = null): boolean => {
      clearTimeout(timer.current);
      timer.current = undefined;
      if (!form.current) return false;
      const query = new URLSearchParams();
      for (const [name, value] of new FormData(form.current, submitter)) {
        if (typeof value === 'string') query.set(name, value);
      }
      if ([...query].every(([name, value]) => (values[name] ?? '') === value)) return false;
      startTransition(() => router.replace(`${path}?${query}`, { scroll: false }));
      return true;
    },
    [path, router, values],
  );
  useShownValues(form, values, send);
  // The browser's own event: React's is silent when a field gets back the value that React last saw in it.
  useEffect(() => {
    const element = form.current;
    const onInput = ({ target }: Event): void => {
      clearTimeout(timer.current);
      if (isTyped(target)) timer.current = setTimeout(() => send(), TYPING_MS);
      else send();
    };
    element?.addEventListener('input', onInput);
    return () => element?.removeEventListener('input', onInput);
  }, [send]);
  useHoldOthers(form, () => timer.current !== undefined && send());
  return (
    <form
      ref={form}
      action={path}
      aria-label={label}
      aria-busy={isPending}
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        const { submitter } = event.nativeEvent as SubmitEvent;
        send(submitter);
      }}
    >
      {/* Enter in a field presses the first button of a form: this one, which sets nothing. */}
      <button type="submit" tabIndex={-1} aria-hidden className="sr-only" />
      {children}
    </form>
  );
}
