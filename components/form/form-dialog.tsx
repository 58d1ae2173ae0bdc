'use client';

import { type ReactElement, type ReactNode, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { ActionForm } from './action-form.tsx';
import type { FormAction, FormState } from './form-state.ts';

/**
 * A form in a dialog. It closes when the submission is accepted, unless `renderDone` has something to show, such as a
 * secret that is shown only once.
 */
export function FormDialog<T>({
  trigger,
  title,
  description,
  action,
  initial,
  renderDone,
  children,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  description?: ReactNode;
  action: FormAction<T>;
  initial: FormState<T>;
  renderDone?: (value: T, close: () => void) => { title: ReactNode; content: ReactNode };
  children: ReactNode;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const [done, setDone] = useState<{ readonly value: T } | null>(null);
  const close = () => setIsOpen(false);
  const shown = done && renderDone ? renderDone(done.value, close) : null;
  return (
    <Dialog
      trigger={trigger}
      title={shown?.title ?? title}
      description={shown ? undefined : description}
      isOpen={isOpen}
      onOpenChange={(next) => {
        setIsOpen(next);
        if (next) setDone(null);
      }}
    >
      {shown?.content ?? (
        <ActionForm
          action={action}
          initial={initial}
          onDone={(value) => (renderDone ? setDone({ value }) : close())}
          className="grid gap-4"
        >
          {children}
        </ActionForm>
      )}
    </Dialog>
  );
}
