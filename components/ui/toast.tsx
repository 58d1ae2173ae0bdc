'use client';

import { Toast as Base } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

/** Shows short messages about what has just happened: `useToast().add({ title })`. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider timeout={5_000} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed inset-x-4 bottom-4 z-50 mx-auto flex w-auto flex-col gap-2 sm:right-6 sm:left-auto sm:w-88">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const t = useTranslations('common.action');
  return Base.useToastManager().toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg border border-line bg-raised shadow-[0_8px_24px_-6px_oklch(0.2_0.02_262/0.25)] transition-[opacity,translate] duration-200 data-ending-style:opacity-0 data-starting-style:translate-y-3 data-starting-style:opacity-0"
    >
      <Base.Content className="flex items-start gap-3 py-2.5 pr-2 pl-4 text-sm">
        <div className="min-w-0 flex-1 py-0.5">
          <Base.Title className="font-medium" />
          <Base.Description className="text-ink-2" />
        </div>
        <Base.Close
          aria-label={t('close')}
          className="grid size-7 place-items-center rounded-md text-ink-3 hover:bg-hover"
        >
          <X aria-hidden className="size-4" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

/** The way to add a toast. */
export const useToast = Base.useToastManager;
