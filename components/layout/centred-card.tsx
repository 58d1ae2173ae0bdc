import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

/** One task in the middle of the page: signing in, joining, choosing. */
export function CentredCard({
  title,
  lead,
  footer,
  isWide = false,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  footer?: ReactNode;
  isWide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={cn('mx-auto w-full px-4 py-12 sm:py-20', isWide ? 'max-w-xl' : 'max-w-md')}>
      <h1 className="text-xl">{title}</h1>
      {lead !== undefined && <p className="mt-1.5 text-sm text-ink-2">{lead}</p>}
      <div className="mt-6 rounded-lg border border-line bg-surface p-5 sm:p-6">{children}</div>
      {footer !== undefined && <p className="mt-4 text-sm text-ink-2">{footer}</p>}
    </div>
  );
}
