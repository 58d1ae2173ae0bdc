import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { Button } from '#components/ui/button.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { JOB_CAN, type JobView } from '#lib/reservations/queue/view-types.ts';
import { cancelJobAction } from './actions.ts';

/** Takes a waiting job back or ends a running one, after asking; nothing where neither is possible. */
export async function CancelJob({
  ctx,
  orgSlug,
  job: { id, name, state },
  isSmall = false,
}: {
  ctx: Ctx;
  orgSlug: string;
  job: Pick<JobView, 'id' | 'name' | 'state'>;
  isSmall?: boolean;
}) {
  const states: readonly string[] = JOB_CAN.cancel;
  if (!states.includes(state) || !isPermitted(ctx.actor, 'job:cancel')) return null;
  const t = await getTranslations('queue');
  const isRunning = state === 'started';
  const label = t(isRunning ? 'cancel.run' : 'cancel.wait');
  return (
    <ConfirmDialog
      title={t(isRunning ? 'cancel.titleRun' : 'cancel.titleWait', { name })}
      text={t(isRunning ? 'cancel.textRun' : 'cancel.textWait')}
      confirm={label}
      dismiss={t('cancel.keep')}
      fields={{ jobId: id }}
      action={cancelJobAction.bind(null, orgSlug)}
      initial={freshForm()}
      trigger={
        isSmall ? (
          <Button size="sm" variant="ghost" aria-label={`${label}: ${name}`}>
            {label}
          </Button>
        ) : (
          <Button variant="danger-quiet">{label}</Button>
        )
      }
    />
  );
}
