import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { Cards } from '#components/format/quantity-text.tsx';
import { AmountList } from '#components/reservations/amount-list.tsx';
import { shortPath } from '#components/reservations/quantities.ts';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ShrinkPreview } from '#lib/reservations/preview-changes.ts';
import type { AllocationView } from '#lib/reservations/view-types.ts';
import { shrinkAction } from './actions.ts';

const RULES = {
  'by-hour': 'shrink.hourRule',
  'before-start': 'shrink.futureRule',
  'running-term': 'shrink.cardRule',
} as const satisfies Record<ShrinkPreview['rule'], string>;

/** What giving cards back returns, which ones go, and the button that does it. */
export async function ShrinkPanel({
  orgSlug,
  reservationId,
  preview,
  held,
}: {
  orgSlug: string;
  reservationId: string;
  preview: ShrinkPreview;
  /** The cards it has now; none before they are bound. */
  held: readonly AllocationView[];
}) {
  const t = await getTranslations('changes');
  const words = await getTranslations('reservations');
  const { cards, cardsLeft, returnedUnits, rule, returnShareBps } = preview;
  return (
    <Panel>
      <AmountList
        rows={[
          { term: t('shrink.left'), value: <Cards count={cardsLeft} /> },
          { term: t('shrink.returned'), value: <Money units={returnedUnits} isExact />, isMain: true },
        ]}
      />
      <p className="mt-4 text-xs text-ink-3">{t(RULES[rule], { percent: returnShareBps / 100 })}</p>
      <ActionForm
        key={cards}
        action={shrinkAction.bind(null, { orgSlug, reservationId })}
        initial={freshForm()}
        className="mt-4 grid justify-items-start gap-4"
      >
        <input type="hidden" name="cards" value={cards} />
        {held.length > 0 && (
          <details className="w-full text-sm">
            <summary className="cursor-pointer text-ink-2">{t('shrink.chosen')}</summary>
            <fieldset className="mt-3 grid gap-1.5">
              <legend className="mb-2 text-xs text-ink-3">
                {t('shrink.chosenCount', { count: cards })} · {t('shrink.auto')}
              </legend>
              {held.map(({ cardId, serverPath, slot, health }) => (
                <label key={cardId} className="flex items-center gap-2">
                  <input type="checkbox" name="cardIds" value={cardId} />
                  {words('cards.slot', { path: shortPath(serverPath), slot })}
                  {health !== 'healthy' && <span className="text-warn">{words('cards.unhealthy')}</span>}
                </label>
              ))}
            </fieldset>
          </details>
        )}
        <SubmitButton variant="danger" size="lg">
          {t('shrink.confirm', { count: cards, amount: formatUnits(returnedUnits) })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
