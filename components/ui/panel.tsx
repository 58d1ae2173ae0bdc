import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

/** A bounded part of a page; its title is a heading, by which assistive tools find it. */
export function Panel({
  title,
  description,
  actions,
  children,
  className,
  isFlush = false,
  ...rest
}: Omit<ComponentProps<'section'>, 'title'> & {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** For tables and lists that bring their own inner spacing. */
  isFlush?: boolean;
}) {
  const hasHead = title !== undefined || actions !== undefined;
  return (
    <section className={cn('min-w-0 rounded-lg border border-line bg-surface', className)} {...rest}>
      {hasHead && (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-3 sm:px-5">
          <div className="min-w-0">
            <h2 className="text-base leading-6">{title}</h2>
            {description !== undefined && <p className="text-sm text-ink-2">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={isFlush ? '' : 'p-4 sm:p-5'}>{children}</div>
    </section>
  );
}
