'use client';

import { Building2, Check, ChevronsUpDown, Plus } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'use-intl/react';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';

export type SwitchTarget = { readonly slug: string; readonly name: string };

/** The organisation in sight, and the way to the person's others. */
export function OrganisationSwitcher({
  current,
  organisations,
}: {
  current: SwitchTarget;
  organisations: readonly SwitchTarget[];
}) {
  const t = useTranslations('navigation');
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`${t('switchOrganisation')}: ${current.name}`}
          className="flex h-10 w-full items-center gap-2.5 rounded-md border border-line bg-surface px-2.5 text-left text-sm hover:border-line-strong pointer-coarse:h-11"
        >
          <Building2 aria-hidden className="size-4 shrink-0 text-ink-3" />
          <span className="min-w-0 flex-1 truncate font-medium">{current.name}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </button>
      }
    >
      {organisations.map(({ slug, name }) => (
        <MenuItem key={slug} render={<Link href={`/console/${slug}`} />}>
          <span className="min-w-0 flex-1 truncate">{name}</span>
          {slug === current.slug && <Check aria-hidden />}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem render={<Link href="/console?new=1" />}>
        <Plus aria-hidden />
        {t('newOrganisation')}
      </MenuItem>
    </Menu>
  );
}
