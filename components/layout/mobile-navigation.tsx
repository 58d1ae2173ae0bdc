'use client';

import { Menu as MenuIcon } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { buttonClass } from '../ui/button.tsx';
import { Drawer } from '../ui/drawer.tsx';

/** The navigation on narrow screens. It closes when the page changes. */
export function MobileNavigation({ label, children }: { label: string; children: ReactNode }) {
  const path = usePathname();
  const [openAt, setOpenAt] = useState<string | null>(null);
  return (
    <Drawer
      label={label}
      isOpen={openAt === path}
      onOpenChange={(isOpen) => setOpenAt(isOpen ? path : null)}
      trigger={
        <button type="button" aria-label={label} className={buttonClass({ variant: 'ghost', size: 'icon' })}>
          <MenuIcon aria-hidden />
        </button>
      }
    >
      {children}
    </Drawer>
  );
}
