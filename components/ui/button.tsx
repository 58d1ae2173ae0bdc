import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-line-strong bg-surface text-ink hover:bg-hover',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-danger-fill text-on-danger hover:bg-danger-hover',
  'danger-quiet': 'border border-line-strong bg-surface text-danger hover:bg-danger-soft',
} as const;

const SIZES = {
  sm: 'h-7 gap-1.5 px-2.5 text-xs',
  md: 'h-8 gap-2 px-3 text-sm',
  lg: 'h-10 gap-2 px-5 text-base',
  icon: 'size-8 justify-center',
} as const;

export type ButtonLook = {
  readonly variant?: keyof typeof VARIANTS | undefined;
  readonly size?: keyof typeof SIZES | undefined;
};

/** The look of a button, for links that act like one. */
export function buttonClass({ variant = 'secondary', size = 'md' }: ButtonLook = {}): string {
  return cn(
    'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none',
    'transition-colors duration-100 pointer-coarse:min-h-11 pointer-coarse:min-w-11',
    'disabled:pointer-events-none disabled:opacity-45 aria-disabled:pointer-events-none not-aria-busy:aria-disabled:opacity-45',
    '[&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
  );
}

/** A button. While `isPending` it keeps its label and its place, shows that it works and takes no second press. */
export function Button({
  variant,
  size,
  isPending = false,
  className,
  children,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & ButtonLook & { isPending?: boolean }) {
  return (
    <button
      type={type}
      className={cn(buttonClass({ variant, size }), 'relative', className)}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      {...rest}
    >
      {children}
      {isPending && <span aria-hidden className="running-bar absolute inset-x-1.5 bottom-1 h-0.5 rounded-full" />}
    </button>
  );
}
