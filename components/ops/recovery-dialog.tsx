'use client';

import { useTranslations } from 'use-intl/react';
import type { Recovery } from '#lib/devices/request-types.ts';
import { ConfirmDialog } from '../form/confirm-dialog.tsx';
import type { FormAction, FormState } from '../form/form-state.ts';
import { Button } from '../ui/button.tsx';

/** Asks before a card or a server is reset or rebooted, and says whose work runs on the server. */
export function RecoveryDialog({
  recovery,
  cardsInUse,
  reservations,
  action,
  initial,
}: {
  recovery: Recovery;
  cardsInUse: number;
  reservations: number;
  action: FormAction;
  initial: FormState;
}) {
  const [t, h] = [useTranslations('ops'), useTranslations('hardware')];
  const name = h(`recovery.${recovery}`);
  return (
    <ConfirmDialog
      title={t('device.confirmTitle', { action: name })}
      text={cardsInUse > 0 ? t('device.confirmBusy', { cards: cardsInUse, reservations }) : t('device.confirmIdle')}
      confirm={name}
      fields={{ action: recovery }}
      action={action}
      initial={initial}
      trigger={<Button>{name}</Button>}
    />
  );
}
