'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';
import { buttonClass } from '../ui/button.tsx';
import { Menu, MenuRadioGroup, MenuRadioItem } from '../ui/menu.tsx';
import { parseTheme, type Theme, THEME_COOKIE, THEMES } from './theme.ts';

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
const YEAR_SECONDS = 31_536_000;

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser we support
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}

/** Light, dark, or as the system has it. Takes effect at once; the cookie tells the server for the next page. */
export function ThemeMenu({ initial }: { initial: Theme }) {
  const t = useTranslations('common.theme');
  const [theme, setTheme] = useState(initial);
  const Icon = ICONS[theme];
  return (
    <Menu
      trigger={
        <button type="button" aria-label={t('label')} className={buttonClass({ variant: 'ghost', size: 'icon' })}>
          <Icon aria-hidden />
        </button>
      }
    >
      <MenuRadioGroup
        value={theme}
        onValueChange={(value) => {
          const next = parseTheme(String(value));
          setTheme(next);
          applyTheme(next);
        }}
      >
        {THEMES.map((option) => {
          const OptionIcon = ICONS[option];
          return (
            <MenuRadioItem key={option} value={option}>
              <OptionIcon aria-hidden />
              {t(option)}
            </MenuRadioItem>
          );
        })}
      </MenuRadioGroup>
    </Menu>
  );
}
