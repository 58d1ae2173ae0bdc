'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { cn } from '../ui/cn.ts';

/** An entry of the navigation; it knows whether the page in sight is at or below its address. */
export function NavLink({ href, isRoot, children }: { href: string; isRoot: boolean; children: ReactNode }) {
  const path = usePathname();
  const isHere = path === href || (!isRoot && path.startsWith(`${href}/`));
  return (
    <Link
      href={href}
      // Ten entries in sight would be ten pages rendered ahead for every page that is looked at.
      prefetch={false}
      aria-current={isHere ? 'page' : undefined}
      className={cn(
        'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm text-ink-2 transition-colors duration-100 pointer-coarse:h-11',
        'hover:bg-hover hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3',
        isHere &&
          'bg-accent-soft font-medium text-accent-ink hover:bg-accent-soft hover:text-accent-ink [&_svg]:text-accent-ink',
      )}
    >
      {children}
    </Link>
  );
}
