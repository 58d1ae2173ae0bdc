import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { WORKLOAD_CAN, type WorkloadView } from '#lib/workloads/types.ts';
import { cancelWorkloadAction } from './actions.ts';

/** Cancels a workload after asking; nothing where that is not possible any more. */
export async function CancelWorkload({
  ctx,
  orgSlug,
  workload,
  isSmall = false,
}: {
  ctx: Ctx;
  orgSlug: string;
  workload: Pick<WorkloadView, 'id' | 'name' | 'state' | 'isCancelAsked'>;
  isSmall?: boolean;
}) {
  const { id, name, state, isCancelAsked } = workload;
  const states: readonly string[] = WORKLOAD_CAN.cancel;
  if (isCancelAsked || !states.includes(state) || !isPermitted(ctx.actor, 'workload:cancel')) return null;
  const [t, c] = [await getTranslations('workloads'), await getTranslations('common')];
  return (
    <ConfirmDialog
      title={t('cancel.title', { name })}
      text={t('cancel.text')}
      confirm={t('cancel.action')}
      dismiss={t('cancel.keep')}
      fields={{ workloadId: id }}
      action={cancelWorkloadAction.bind(null, orgSlug)}
      initial={freshForm()}
      trigger={
        isSmall ? (
          <Button size="sm" variant="ghost" aria-label={`${t('cancel.action')}: ${name}`}>
            {c('action.cancel')}
          </Button>
        ) : (
          <Button variant="danger-quiet">{t('cancel.action')}</Button>
        )
      }
    />
  );
}
