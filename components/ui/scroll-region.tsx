import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** Wide content that scrolls sideways by itself, so that the page never does. Named and reachable by keyboard. */
export function ScrollRegion({
  label,
  children,
  className,
}: {
  label: string;
  children: ReactNode;
  className?: string | undefined;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, a keyboard cannot scroll the region
      tabIndex={0}
      className={cn('relative overflow-x-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </section>
  );
}
