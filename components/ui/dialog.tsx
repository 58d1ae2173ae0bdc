'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { buttonClass } from './button.tsx';
import { cn } from './cn.ts';

const BACKDROP =
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

const POPUP = cn(
  'fixed z-50 flex max-h-[calc(100dvh-2rem)] flex-col overflow-hidden border border-line bg-raised shadow-[0_24px_64px_-12px_oklch(0.2_0.02_262/0.35)] outline-none',
  'inset-x-0 bottom-0 rounded-t-lg sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:w-[30rem] sm:max-w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:rounded-lg sm:max-h-[76vh]',
  'transition-[opacity,translate] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0',
);

/** A question or a form over the page; a sheet at the bottom on a phone. Focus returns to where it came from. */
export function Dialog({
  trigger,
  title,
  description,
  isOpen,
  onOpenChange,
  isWide = false,
  children,
}: {
  trigger?: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  description?: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  isWide?: boolean;
  children: ReactNode;
}) {
  const t = useTranslations('common.action');
  return (
    <Base.Root {...(isOpen !== undefined && { open: isOpen })} {...(onOpenChange && { onOpenChange })}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Popup className={cn(POPUP, isWide && 'sm:w-[44rem]')}>
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div className="min-w-0">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description className="mt-1 text-sm text-ink-2">{description}</Base.Description>
              )}
            </div>
            <Base.Close
              className={cn(buttonClass({ variant: 'ghost', size: 'icon' }), '-mr-2')}
              aria-label={t('close')}
            >
              <X aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 overflow-y-auto px-5 pt-2 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export const DialogClose = Base.Close;
