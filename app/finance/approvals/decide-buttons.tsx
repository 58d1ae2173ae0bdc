import { freshForm } from '#app/_edge/fresh-form.ts';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import type { FormState } from '#components/form/form-state.ts';
import { Button } from '#components/ui/button.tsx';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type DecideAction = (id: string, isApproved: boolean, state: FormState, form: FormData) => Promise<FormState>;

/** What a second person can do with a proposal; whoever made it can only take it back. */
export async function DecideButtons({
  ctx,
  proposedBy,
  id,
  action,
  approve,
}: {
  ctx: Ctx;
  /** The actor of the proposal, as `user:usr_…`. */
  proposedBy: string;
  id: string;
  action: DecideAction;
  approve: { readonly label: string; readonly title: string; readonly text: string };
}) {
  const t = await getTranslations('corrections');
  const isOwn = proposedBy === actorLabel(ctx.actor);
  const decline = isOwn ? t('approvals.withdraw') : t('approvals.decline');
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      <ConfirmDialog
        trigger={<Button size="sm">{decline}</Button>}
        title={t('approvals.declineTitle')}
        text={t('approvals.declineText')}
        confirm={decline}
        action={action.bind(null, id, false)}
        initial={freshForm()}
      />
      {!isOwn && (
        <ConfirmDialog
          trigger={
            <Button size="sm" variant="primary">
              {approve.label}
            </Button>
          }
          title={approve.title}
          text={approve.text}
          confirm={approve.label}
          action={action.bind(null, id, true)}
          initial={freshForm()}
        />
      )}
    </span>
  );
}
