'use client';

import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { Button, type ButtonLook } from '../ui/button.tsx';

/** Sends the form around it. It names the act and, where money moves, the amount; while sending it keeps its label. */
export function SubmitButton({
  variant = 'primary',
  size = 'md',
  className,
  children,
}: ButtonLook & { className?: string | undefined; children: ReactNode }) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      variant={variant}
      size={size}
      className={className}
      isPending={pending}
      // A second press while the first is on its way is the same act; the key makes it harmless, this makes it rare.
      onClick={(event) => pending && event.preventDefault()}
    >
      {children}
    </Button>
  );
}
