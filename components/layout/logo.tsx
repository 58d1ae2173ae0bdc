import { cn } from '../ui/cn.ts';

/** The mark: a card with the hand of a clock at one hour. */
export function Mark({ className }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6 shrink-0', className)}>
      <rect x="2.5" y="2.5" width="19" height="19" rx="4.5" className="fill-accent" />
      <path
        d="M12 6.2V12l3.4 5.1"
        fill="none"
        strokeWidth="2.1"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-accent"
      />
    </svg>
  );
}

/** The mark with the name. */
export function Logo({ name, note }: { name: string; note?: string | undefined }) {
  return (
    <span className="flex items-center gap-2.5">
      <Mark />
      <span className="text-lg leading-none font-semibold">{name}</span>
      {note !== undefined && (
        <span className="border-l border-line-strong pl-2.5 text-sm leading-none text-ink-2">{note}</span>
      )}
    </span>
  );
}
