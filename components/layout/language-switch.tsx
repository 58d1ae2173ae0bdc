import { Languages } from 'lucide-react';
import { LOCALES } from '#lib/i18n/locale.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { buttonClass } from '../ui/button.tsx';

/** Goes to the other language. Its label is in that language, for whoever cannot read this one. */
export async function LanguageSwitch({ setLocale }: { setLocale: (form: FormData) => Promise<void> }) {
  const t = await getTranslations('common');
  const here = await requestLocale();
  const other = LOCALES.find((locale) => locale !== here) ?? here;
  return (
    <form action={setLocale}>
      <input type="hidden" name="locale" value={other} />
      <button type="submit" lang={other} className={buttonClass({ variant: 'ghost' })}>
        <Languages aria-hidden />
        <span className="max-sm:sr-only">{t('language.other')}</span>
      </button>
    </form>
  );
}
