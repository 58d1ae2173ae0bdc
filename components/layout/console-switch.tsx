import Link from 'next/link';
import { cn } from '../ui/cn.ts';

export type ConsoleLink = { readonly href: string; readonly label: string; readonly isHere: boolean };

/** The way between the operator's consoles, for staff with a seat in more than one. */
export function ConsoleSwitch({ links }: { links: readonly ConsoleLink[] }) {
  return (
    <div className="flex rounded-md border border-line bg-sunken p-0.5">
      {links.map(({ href, label, isHere }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere ? 'true' : undefined}
          className={cn(
            'flex h-7 flex-1 items-center justify-center rounded-sm text-sm text-ink-2 hover:text-ink pointer-coarse:h-10',
            isHere && 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]',
          )}
        >
          {label}
        </Link>
      ))}
    </div>
  );
}
