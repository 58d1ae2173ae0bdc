import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFactor } from '#components/format/factor.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { SparesPreview } from '#lib/reservations/maintenance-view-types.ts';
import { setSparesAction } from './actions.ts';

const REASON_LENGTH_MAX = 200;

/** What a share does to what can be sold, and the act itself; where it cannot be, why. */
export async function PreviewPanel({ preview }: { preview: SparesPreview }) {
  const [t, l] = [await getTranslations('maintenance'), await getTranslations('lifecycle')];
  const { before, after, short, poolId } = preview;
  const isSame = before.shareBps === after.shareBps && before.spares === after.spares;
  return (
    <Panel title={t('spares.effect', { share: formatFactor(after.shareBps) })}>
      <div className="grid gap-5">
        <StatRow>
          <Stat
            label={t('spares.cards')}
            value={<Count count={after.spares} />}
            note={t('spares.was', { cards: before.spares })}
          />
          <Stat
            label={t('spares.onSale')}
            value={<Count count={after.onSale} />}
            note={t('spares.was', { cards: before.onSale })}
          />
        </StatRow>
        {short > 0 && <Alert kind="warn">{t('spares.short', { cards: short })}</Alert>}
        {isSame && <Alert>{t('spares.same')}</Alert>}
        {short === 0 && !isSame && (
          <ActionForm
            key={after.shareBps}
            action={setSparesAction.bind(null, poolId)}
            initial={freshForm()}
            className="grid max-w-xl gap-4"
          >
            <input type="hidden" name="shareBps" value={after.shareBps} />
            <TextField name="reason" label={l('reason')} maxLength={REASON_LENGTH_MAX} />
            <SubmitButton className="justify-self-start">
              {t('spares.set', { share: formatFactor(after.shareBps) })}
            </SubmitButton>
            <p className="text-xs text-ink-2">{t('spares.setNote')}</p>
          </ActionForm>
        )}
      </div>
    </Panel>
  );
}
