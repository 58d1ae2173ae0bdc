import { ChevronLeft, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from './button.tsx';
import { cn } from './cn.ts';

function Step({ href, label, direction }: { href: string | null; label: string; direction: 'back' | 'on' }) {
  const Icon = direction === 'back' ? ChevronLeft : ChevronRight;
  const content = (
    <>
      {direction === 'back' && <Icon aria-hidden />}
      {label}
      {direction === 'on' && <Icon aria-hidden />}
    </>
  );
  if (href === null)
    return (
      <span aria-disabled className={buttonClass({ size: 'sm' })}>
        {content}
      </span>
    );
  return (
    <Link href={href} rel={direction === 'back' ? 'prev' : 'next'} className={buttonClass({ size: 'sm' })}>
      {content}
    </Link>
  );
}

/** Steps through a list by links, so that a page of it has an address. Null is an end. */
export function Pagination({
  label,
  previous,
  next,
  previousLabel,
  nextLabel,
  className,
}: {
  label: string;
  previous: string | null;
  next: string | null;
  previousLabel: string;
  nextLabel: string;
  className?: string | undefined;
}) {
  if (previous === null && next === null) return null;
  return (
    <nav aria-label={label} className={cn('flex items-center justify-end gap-2', className)}>
      <Step href={previous} label={previousLabel} direction="back" />
      <Step href={next} label={nextLabel} direction="on" />
    </nav>
  );
}
