'use client';

import { useTranslations } from 'use-intl/react';
import { Button } from '../ui/button.tsx';
import { MessagePage } from './message-page.tsx';

/** The reference of a fault, under which the log has it. */
function referenceOf(error: unknown): string | null {
  const digest = error instanceof Error && 'digest' in error ? error.digest : null;
  return typeof digest === 'string' ? digest : null;
}

/** What shows when a page fails: what happened, what is safe, what to do, and the reference. */
export function FaultPage({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations('common');
  const reference = referenceOf(error);
  return (
    <MessagePage code="500" title={t('page.errorTitle')} text={t('page.errorText')}>
      <Button variant="primary" onClick={() => retry()}>
        {t('action.retry')}
      </Button>
      {reference !== null && <p className="num w-full text-xs text-ink-3">{t('page.errorReference', { reference })}</p>}
    </MessagePage>
  );
}
