import { freshForm } from '#app/_edge/fresh-form.ts';
import { PolicyDialog } from '#components/arrears/policy-dialog.tsx';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { listPolicies, type WaitingPolicy } from '#lib/arrears/policies.ts';
import { type ArrearsTerms, GRACE_SECONDS_ALONE_MAX } from '#lib/arrears/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { decideAction, proposeAction } from './actions.ts';

const numbersOf = ({ firstWarningHours, lastWarningHours, graceSeconds, retentionDays }: ArrearsTerms) => ({
  first: firstWarningHours,
  last: lastWarningHours,
  grace: graceSeconds / 3_600,
  days: retentionDays,
});

async function Waiting({ waiting, canDecide }: { waiting: readonly WaitingPolicy[]; canDecide: boolean }) {
  const t = await getTranslations('arrears');
  return (
    <ul className="mt-4 grid gap-4">
      {waiting.map(({ policy, organisationName }) => (
        <li key={policy.id} className="text-sm">
          <p className="font-medium">
            {organisationName === null ? t('policy.operator') : t('policy.own', { name: organisationName })}
          </p>
          <p>{t('policy.proposal', numbersOf(policy))}</p>
          <p className="text-ink-2">
            {t('policy.reason')}: {policy.reason} · {t('policy.by', { name: policy.proposedBy })}
          </p>
          {canDecide && (
            <div className="mt-2 flex flex-wrap gap-2">
              {(['approve', 'decline'] as const).map((decision) => (
                <ActionForm key={decision} action={decideAction} initial={freshForm()}>
                  <input type="hidden" name="policyId" value={policy.id} />
                  <input type="hidden" name="decision" value={decision} />
                  <SubmitButton variant={decision === 'approve' ? 'primary' : 'secondary'}>
                    {t(`policy.${decision}`)}
                  </SubmitButton>
                </ActionForm>
              ))}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The operator's terms, how to change them, and what waits for somebody else to decide. */
export async function PolicyPanel({ ctx }: { ctx: Ctx }) {
  const t = await getTranslations('arrears');
  const { operator, waiting } = await listPolicies(ctx);
  const dialog = isPermitted(ctx.actor, 'arrears:propose') && (
    <PolicyDialog
      organisationId={null}
      name={null}
      terms={operator}
      aloneHours={GRACE_SECONDS_ALONE_MAX / 3_600}
      action={proposeAction}
      initial={freshForm()}
    />
  );
  return (
    <Panel title={t('policy.operator')} actions={dialog} className="mb-6">
      <p className="text-sm">{t('policy.inForce', numbersOf(operator))}</p>
      {waiting.length > 0 && <Waiting waiting={waiting} canDecide={isPermitted(ctx.actor, 'arrears:decide')} />}
    </Panel>
  );
}
