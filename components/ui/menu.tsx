'use client';

import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ComponentProps, ReactElement, ReactNode } from 'react';
import { cn } from './cn.ts';

const POPUP = cn(
  'max-h-[var(--available-height)] min-w-44 max-w-[min(20rem,calc(100vw-1rem))] overflow-y-auto rounded-lg border border-line bg-raised p-1',
  'text-sm shadow-[0_8px_24px_-6px_oklch(0.2_0.02_262/0.22)] outline-none',
  'origin-[var(--transform-origin)] transition-[opacity,scale] duration-100 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
);

const ITEM = cn(
  'flex min-h-8 w-full items-center gap-2.5 rounded-md px-2.5 py-1 text-left text-ink outline-none select-none pointer-coarse:min-h-11',
  'data-highlighted:bg-hover data-disabled:text-ink-3 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3',
);

/** A button that opens a list of acts or places. `trigger` is the button. */
export function Menu({
  trigger,
  align = 'end',
  side = 'bottom',
  children,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
  children: ReactNode;
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={6} collisionPadding={8} className="z-40 outline-none">
          <Base.Popup className={POPUP}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** An act, or with `render={<Link href=… />}` a place. */
export function MenuItem({ className, tone, ...rest }: ComponentProps<typeof Base.Item> & { tone?: 'danger' }) {
  return (
    <Base.Item className={cn(ITEM, tone === 'danger' && 'text-danger [&_svg]:text-danger', className)} {...rest} />
  );
}

/** One of several, with a tick at the one that holds. */
export function MenuRadioItem({ children, className, ...rest }: ComponentProps<typeof Base.RadioItem>) {
  return (
    <Base.RadioItem closeOnClick className={cn(ITEM, 'pr-8', className)} {...rest}>
      {children}
      <Base.RadioItemIndicator className="absolute right-3">
        <Check aria-hidden />
      </Base.RadioItemIndicator>
    </Base.RadioItem>
  );
}

export const MenuRadioGroup = Base.RadioGroup;

/** A heading over a group of items. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-xs text-ink-3">{children}</Base.GroupLabel>
    </Base.Group>
  );
}

/** A line between groups. */
export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
