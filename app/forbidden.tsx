import Link from 'next/link';
import { MessagePage } from '#components/layout/message-page.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

// biome-ignore lint/style/noDefaultExport: Next takes this file's default export
export default async function ForbiddenPage() {
  const t = await getTranslations('common');
  return (
    <main>
      <MessagePage code="403" title={t('page.forbiddenTitle')} text={t('page.forbiddenText')}>
        <Link href="/console" className={buttonClass({ variant: 'primary' })}>
          {t('action.home')}
        </Link>
      </MessagePage>
    </main>
  );
}
