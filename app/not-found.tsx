import type { Metadata } from 'next';
import Link from 'next/link';
import { MessagePage } from '#components/layout/message-page.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('common'))('page.notFoundTitle') };
}

export default async function NotFound() {
  const t = await getTranslations('common');
  return (
    <main>
      <MessagePage code="404" title={t('page.notFoundTitle')} text={t('page.notFoundText')}>
        <Link href="/" className={buttonClass({ variant: 'primary' })}>
          {t('action.home')}
        </Link>
      </MessagePage>
    </main>
  );
}
