import type { ReactNode } from 'react';

/** The heading of a page: where it is, what it is, what one can do on it. */
export function PageHeader({
  title,
  description,
  breadcrumbs,
  badge,
  actions,
}: {
  title: ReactNode;
  description?: ReactNode;
  breadcrumbs?: ReactNode;
  /** The state of the thing the page is about. */
  badge?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {breadcrumbs}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl">{title}</h1>
          {badge}
        </div>
        {description !== undefined && <p className="mt-1 max-w-[72ch] text-sm text-ink-2">{description}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
