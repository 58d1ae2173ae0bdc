import Link from 'next/link';
import { getTranslations } from '#lib/i18n/server.ts';
import { buttonClass } from '../ui/button.tsx';
import { MessagePage } from './message-page.tsx';

/** Nothing is here, or it is somebody else's: the same to whoever asks. */
export async function NotFoundView({ home }: { home: string }) {
  const t = await getTranslations('common');
  return (
    <MessagePage code="404" title={t('page.notFoundTitle')} text={t('page.notFoundText')}>
      <Link href={home} className={buttonClass({ variant: 'primary' })}>
        {t('action.home')}
      </Link>
    </MessagePage>
  );
}

/** It is here, and one's role does not open it. */
export async function ForbiddenView({ home }: { home: string }) {
  const t = await getTranslations('common');
  return (
    <MessagePage code="403" title={t('page.forbiddenTitle')} text={t('page.forbiddenText')}>
      <Link href={home} className={buttonClass({ variant: 'primary' })}>
        {t('action.home')}
      </Link>
    </MessagePage>
  );
}
