import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { CardHours } from '#components/format/quantity-text.tsx';
import { AmountList } from '#components/reservations/amount-list.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { ReleasePreview } from '#lib/billing/reservation-money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { releaseAction } from '../actions.ts';

/** What a release does to the money, and the button that makes it. */
export async function ReleasePanel({
  orgSlug,
  reservationId,
  preview,
}: {
  orgSlug: string;
  reservationId: string;
  preview: ReleasePreview;
}) {
  const t = await getTranslations('reservations');
  const { at, purchase, placedUnits, chargedUnits, returnedUnits, returnShareBps, unusedCardSeconds } = preview;
  const isByHour = purchase === 'by-hour';
  return (
    <Panel title={t('release.hourTitle')}>
      {isByHour ? (
        <AmountList
          rows={[
            { term: t('release.placed'), value: <Money units={placedUnits} isExact /> },
            { term: t('release.charged'), value: <Money units={chargedUnits} isExact /> },
            {
              term: t('release.returned'),
              value: <Money units={returnedUnits} isExact />,
              isMain: true,
            },
          ]}
        />
      ) : (
        <div className="grid gap-4">
          <Alert kind="warn">{t('release.cardRule', { percent: returnShareBps / 100 })}</Alert>
          <AmountList
            rows={[
              { term: t('release.paid'), value: <Money units={placedUnits} /> },
              { term: t('release.unused'), value: <CardHours seconds={unusedCardSeconds} hasUnit={false} /> },
              { term: t('release.returned'), value: <Money units={returnedUnits} />, isMain: true },
            ]}
          />
        </div>
      )}
      {isByHour && <p className="mt-4 text-xs text-ink-3">{t('release.asOf', { at: formatInstant(at, 'seconds') })}</p>}
      <ActionForm
        action={releaseAction.bind(null, { orgSlug, reservationId })}
        initial={freshForm()}
        className="mt-4 grid justify-items-start gap-4"
      >
        <SubmitButton variant="danger" size="lg">
          {t(isByHour ? 'release.confirmHour' : 'release.confirmCard', { amount: formatUnits(returnedUnits) })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
