import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { PeriodView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { closeAction } from './actions.ts';

/** What closing a month does, and the act itself behind its typed name. */
export async function ClosePanel({ period, canClose }: { period: PeriodView; canClose: boolean }) {
  const t = await getTranslations('finance');
  const { month, organisations, grossUnits } = period;
  return (
    <Panel title={t('period.closeTitle')}>
      <p className="mb-4 text-sm text-ink-2">
        {t('period.closeText', { count: organisations, amount: formatUnits(grossUnits) })}
      </p>
      {canClose ? (
        <ActionForm action={closeAction.bind(null, month)} initial={freshForm()} className="grid max-w-sm gap-4">
          <TextField
            name="confirmation"
            label={t('period.confirmLabel', { month })}
            hint={t('period.confirmHint')}
            autoComplete="off"
            spellCheck={false}
          />
          <SubmitButton className="justify-self-start">{t('period.submit', { month })}</SubmitButton>
        </ActionForm>
      ) : (
        <Alert>{t('period.readOnly')}</Alert>
      )}
    </Panel>
  );
}
