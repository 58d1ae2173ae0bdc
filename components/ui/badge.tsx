import { Circle, CircleAlert, CircleCheck, CircleDashed, CircleDot, CircleX, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

const TONES = {
  neutral: { look: 'bg-sunken text-ink-2', Icon: Circle },
  waiting: { look: 'bg-sunken text-ink-2', Icon: CircleDashed },
  active: { look: 'bg-accent-soft text-accent-ink', Icon: CircleDot },
  ok: { look: 'bg-ok-soft text-ok', Icon: CircleCheck },
  warn: { look: 'bg-warn-soft text-warn', Icon: CircleAlert },
  danger: { look: 'bg-danger-soft text-danger', Icon: CircleX },
} as const satisfies Record<string, { look: string; Icon: LucideIcon }>;

export type Tone = keyof typeof TONES;

/** A state in colour, icon and word, so that none of them has to carry it alone. */
export function Badge({
  tone = 'neutral',
  hasIcon = true,
  className,
  children,
}: {
  tone?: Tone;
  hasIcon?: boolean;
  className?: string | undefined;
  children: ReactNode;
}) {
  const { look, Icon } = TONES[tone];
  return (
    <span
      className={cn(
        'inline-flex h-5.5 items-center gap-1 rounded-sm px-1.5 align-middle text-xs font-medium whitespace-nowrap',
        look,
        className,
      )}
    >
      {hasIcon && <Icon aria-hidden className="size-3 shrink-0" strokeWidth={2.5} />}
      {children}
    </span>
  );
}
