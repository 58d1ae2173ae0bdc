import { freshForm } from '#app/_edge/fresh-form.ts';
import { ReasonDialog } from '#components/finance/reason-dialog.tsx';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Button } from '#components/ui/button.tsx';
import type { GapHour } from '#lib/billing/gaps/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { toIso } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { chargeGapAction, chargeGapsAction, proposeWaiverAction } from './actions.ts';

/** What can be done with one hour that was left out: charge it, or propose that it is not charged. */
export async function GapActs({ ctx, gap }: { ctx: Ctx; gap: GapHour }) {
  const t = await getTranslations('gaps');
  const { allocationId, hourAt, organisationName, amountUnits, waiver } = gap;
  if (waiver !== null) return <span className="text-ink-2">{t('waiting', { name: waiver.proposedByName })}</span>;
  const key = { allocationId, hour: toIso(hourAt) };
  const said = { organisation: organisationName, hour: formatInstant(hourAt) };
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {isPermitted(ctx.actor, 'gap:waive') && (
        <ReasonDialog
          trigger={<Button size="sm">{t('waive')}</Button>}
          title={t('waiveTitle')}
          text={t('waiveText', said)}
          reason={{ label: t('reason'), hint: t('reasonHint'), maxLength: 500 }}
          submit={t('submit')}
          action={proposeWaiverAction.bind(null, key)}
          initial={freshForm()}
        />
      )}
      {isPermitted(ctx.actor, 'gap:charge') && (
        <ConfirmDialog
          trigger={
            <Button size="sm" variant="primary">
              {t('charge')}
            </Button>
          }
          title={t('chargeTitle', { amount: formatUnits(amountUnits) })}
          text={t('chargeText', said)}
          confirm={t('charge')}
          action={chargeGapAction.bind(null, key)}
          initial={freshForm()}
        />
      )}
    </span>
  );
}

/** Charges every hour that was left out of a month. */
export async function ChargeAll({ ctx, month }: { ctx: Ctx; month: string }) {
  const t = await getTranslations('gaps');
  if (!isPermitted(ctx.actor, 'gap:charge')) return null;
  return (
    <ConfirmDialog
      trigger={<Button variant="primary">{t('chargeAll')}</Button>}
      title={t('chargeAllTitle', { month })}
      text={t('chargeAllText')}
      confirm={t('chargeAll')}
      action={chargeGapsAction.bind(null, month)}
      initial={freshForm()}
    />
  );
}
