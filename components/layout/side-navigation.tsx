import { getTranslations } from '#lib/i18n/server.ts';
import { NavLink } from './nav-link.tsx';
import type { NavigationGroup } from './navigation.ts';

/** The entries of a console, in their groups. */
export async function SideNavigation({ base, groups }: { base: string; groups: readonly NavigationGroup[] }) {
  const t = await getTranslations('navigation');
  return (
    <nav aria-label={t('label')} className="grid gap-5 px-3 py-4">
      {groups.map(({ title, entries }) => (
        <div key={title ?? ''}>
          {title !== null && <p className="px-2.5 pb-1 text-xs text-ink-3">{t(`group.${title}`)}</p>}
          <ul className="grid gap-0.5">
            {entries.map(({ key, path, Icon }) => (
              <li key={path}>
                <NavLink href={`${base}${path}`} isRoot={path === ''}>
                  <Icon aria-hidden />
                  {t(key)}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
