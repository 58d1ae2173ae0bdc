import { ChevronRight } from 'lucide-react';
import Link from 'next/link';

export type Crumb = { readonly label: string; readonly href: string };

/** The pages above this one. The page itself is its heading and is not repeated here. */
export function Breadcrumbs({ label, crumbs }: { label: string; crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label={label}>
      <ol className="flex flex-wrap items-center gap-1 text-sm text-ink-2">
        {crumbs.map((crumb) => (
          <li key={crumb.href} className="flex items-center gap-1">
            <Link href={crumb.href} className="rounded-sm hover:text-ink hover:underline">
              {crumb.label}
            </Link>
            <ChevronRight aria-hidden className="size-3.5 text-ink-3" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
