import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { toLocalField } from '#components/form/local-time.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatPrice } from '#components/format/money.ts';
import { Panel } from '#components/ui/panel.tsx';
import { type PriceE10, toDecimal } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationView } from '#lib/reservations/view-types.ts';
import { setAutoExtendAction, stopAutoExtendAction } from './actions.ts';

/** A price as one types it: yuan with the digits that are there, at least two. */
const yuanText = (price: PriceE10): string => toDecimal(price, 10, 10).replace(/0{1,8}$/, '');

/** The rule by which a reservation extends itself: its step, its cap, its last end. */
export async function RuleForm({
  orgSlug,
  reservation,
  usualPrice,
  termSeconds,
}: {
  orgSlug: string;
  reservation: ReservationView;
  /** What a card-hour costs at most under its price version. */
  usualPrice: PriceE10;
  /** By the card: one more term. */
  termSeconds: number | null;
}) {
  const t = await getTranslations('changes');
  const words = await getTranslations('reservations');
  const { id, autoExtend, term } = reservation;
  const target = { orgSlug, reservationId: id };
  return (
    <Panel>
      <ActionForm
        action={setAutoExtendAction.bind(null, target)}
        initial={freshForm()}
        className="grid justify-items-start gap-4"
      >
        {term === null || termSeconds === null ? (
          <TextField
            name="hours"
            label={t('autoExtend.step')}
            inputMode="numeric"
            autoComplete="off"
            defaultValue={`${(autoExtend?.stepSeconds ?? 3_600) / 3_600}`}
          />
        ) : (
          <>
            <p className="font-medium">{t('autoExtend.stepTerm', { term: words(`term.${term.kind}`) })}</p>
            <input type="hidden" name="stepSeconds" value={termSeconds} />
          </>
        )}
        <TextField
          name="capYuan"
          label={t('autoExtend.cap')}
          hint={t('autoExtend.capHint', { price: formatPrice(usualPrice) })}
          inputMode="decimal"
          autoComplete="off"
          defaultValue={yuanText(autoExtend?.priceE10Max ?? usualPrice)}
        />
        <TextField
          name="untilAt"
          type="datetime-local"
          label={t('autoExtend.until')}
          isOptional
          defaultValue={autoExtend?.untilAt ? toLocalField(autoExtend.untilAt) : undefined}
        />
        <SubmitButton size="lg">{t(autoExtend ? 'autoExtend.change' : 'autoExtend.save')}</SubmitButton>
      </ActionForm>
      {autoExtend && (
        <ActionForm
          action={stopAutoExtendAction.bind(null, target)}
          initial={freshForm()}
          className="mt-4 grid justify-items-start gap-4"
        >
          <SubmitButton variant="danger-quiet">{t('autoExtend.stop')}</SubmitButton>
        </ActionForm>
      )}
    </Panel>
  );
}
