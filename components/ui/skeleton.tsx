import { cn } from './cn.ts';

/** The place of something on its way, in its final size. It appears late, so that quick answers do not flicker. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <span aria-hidden className={cn('late-pulse block rounded-sm bg-hover', className)} />;
}
