import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

const KINDS = {
  info: { look: 'bg-accent-soft [&>svg]:text-accent-ink', Icon: Info },
  ok: { look: 'bg-ok-soft [&>svg]:text-ok', Icon: CircleCheck },
  warn: { look: 'bg-warn-soft [&>svg]:text-warn', Icon: TriangleAlert },
  danger: { look: 'bg-danger-soft [&>svg]:text-danger', Icon: CircleAlert },
} as const satisfies Record<string, { look: string; Icon: LucideIcon }>;

/** A message in the page. `danger` and `warn` are announced at once, the others when there is time. */
export function Alert({
  kind = 'info',
  title,
  children,
  className,
  ...rest
}: Omit<ComponentProps<'div'>, 'title'> & { kind?: keyof typeof KINDS; title?: ReactNode }) {
  const { look, Icon } = KINDS[kind];
  return (
    <div
      role={kind === 'danger' || kind === 'warn' ? 'alert' : 'status'}
      className={cn('flex gap-2.5 rounded-md px-3.5 py-2.5 text-sm text-ink', look, className)}
      {...rest}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}
