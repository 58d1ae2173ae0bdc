'use client';

import { CircleUser, LogOut, UserRound } from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import { useTranslations } from 'use-intl/react';
import { buttonClass } from '../ui/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';

export type Person = {
  readonly name: string;
  readonly email: string;
  /** Where the person looks after their account. */
  readonly accountHref: string;
};

/** Who is signed in, the way to their account, and signing out. */
export function UserMenu({ person, signOut }: { person: Person; signOut: (form: FormData) => Promise<void> }) {
  const t = useTranslations();
  const form = useRef<HTMLFormElement>(null);
  return (
    <>
      <form ref={form} action={signOut} hidden />
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`${t('navigation.account')}: ${person.name}`}
            className={buttonClass({ variant: 'ghost', size: 'icon' })}
          >
            <CircleUser aria-hidden />
          </button>
        }
      >
        <div className="px-2.5 py-1.5">
          <p className="truncate font-medium">{person.name}</p>
          <p className="truncate text-xs text-ink-3">{person.email}</p>
        </div>
        <MenuSeparator />
        <MenuItem render={<Link href={person.accountHref} />}>
          <UserRound aria-hidden />
          {t('navigation.account')}
        </MenuItem>
        <MenuItem onClick={() => form.current?.requestSubmit()}>
          <LogOut aria-hidden />
          {t('common.action.signOut')}
        </MenuItem>
      </Menu>
    </>
  );
}
