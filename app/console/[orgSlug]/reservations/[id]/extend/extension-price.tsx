import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { RefusalAlert } from '#components/form/form-error.tsx';
import { refusalText } from '#components/form/refusal-text.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatUnitsExact } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { AmountList } from '#components/reservations/amount-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { getOwnLine } from '#lib/billing/receivables/lines.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { extendAction } from '../actions.ts';

/** What an extension costs and leaves, with the button that makes it; or why there is none. */
export async function ExtensionPrice({
  ctx,
  orgSlug,
  reservation,
  seconds,
}: {
  ctx: TenantCtx;
  orgSlug: string;
  reservation: ReservationView;
  seconds: number;
}) {
  const t = await getTranslations('reservations');
  const preview = await previewExtension(ctx, {
    reservationId: reservation.id,
    seconds,
    line: await getOwnLine(ctx),
  });
  if (!preview.ok) return <RefusalAlert refusal={refusalText(await requestLocale(), preview.refusal)} />;
  const [v, c] = [await getTranslations('vouchers'), await getTranslations('credit')];
  const { endAt, amountUnits, vouchersUnits, payBy, spendableUnits, spendableAfterUnits } = preview.value;
  const target = { orgSlug, reservationId: reservation.id };
  return (
    <Panel title={t('extend.confirmTitle')}>
      <AmountList
        rows={[
          { term: t('extend.newEnd'), value: <InstantText at={endAt} /> },
          {
            term: t(reservation.term ? 'extend.amountPaid' : 'extend.amount'),
            value: <Money units={amountUnits} isExact />,
            isMain: true,
          },
          ...(vouchersUnits > 0n ? [{ term: v('own.pays'), value: <Money units={vouchersUnits} /> }] : []),
          { term: payBy === 'account' ? c('panel.free') : t('extend.before'), value: <Money units={spendableUnits} /> },
          { term: t('extend.after'), value: <Money units={spendableAfterUnits} /> },
        ]}
      />
      <p className="mt-4 text-xs text-ink-3">{t('extend.note')}</p>
      <ActionForm
        key={seconds}
        action={extendAction.bind(null, target)}
        initial={freshForm()}
        className="mt-4 grid justify-items-start gap-4"
      >
        <input type="hidden" name="seconds" value={seconds} />
        <input type="hidden" name="quotedUnits" value={`${amountUnits}`} />
        <SubmitButton size="lg">{t('extend.confirm', { amount: formatUnitsExact(amountUnits) })}</SubmitButton>
      </ActionForm>
    </Panel>
  );
}
