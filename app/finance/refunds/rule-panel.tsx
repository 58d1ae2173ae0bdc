import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { RefundRuleDialog } from '#components/refunds/rule-dialog.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TERMS } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listRefundPolicies } from '#lib/reservations/refund-policies.ts';
import type { RefundPolicy } from '#lib/reservations/refund-policy-types.ts';
import { decideRuleAction, proposeRuleAction } from './rule-actions.ts';

/** A version of the rule in one sentence. */
async function RuleText({ policy: { terms, windowDays } }: { policy: RefundPolicy }) {
  const t = await getTranslations('terms');
  if (windowDays === 0) return <p>{t('policy.off')}</p>;
  return (
    <p>{t('policy.inForce', { terms: terms.map((term) => t(`policy.term.${term}`)).join(' / '), days: windowDays })}</p>
  );
}

async function Waiting({ policy, canDecide }: { policy: RefundPolicy; canDecide: boolean }) {
  const t = await getTranslations('terms');
  return (
    <div className="mt-4 text-sm">
      <h3 className="font-medium">{t('policy.waiting')}</h3>
      <RuleText policy={policy} />
      <p className="text-ink-2">
        {t('policy.reason')}: {policy.reason} · {t('policy.by', { name: policy.proposedBy })}
      </p>
      {canDecide && (
        <div className="mt-2 flex flex-wrap gap-2">
          {(['approve', 'decline'] as const).map((decision) => (
            <ActionForm key={decision} action={decideRuleAction} initial={freshForm()}>
              <input type="hidden" name="policyId" value={policy.policyId} />
              <input type="hidden" name="decision" value={decision} />
              <SubmitButton variant={decision === 'approve' ? 'primary' : 'secondary'}>
                {t(`policy.${decision}`)}
              </SubmitButton>
            </ActionForm>
          ))}
        </div>
      )}
    </div>
  );
}

/** The rule for full refunds of terms, how to change it, and what waits for somebody else to decide. */
export async function RulePanel({ ctx }: { ctx: Ctx }) {
  const t = await getTranslations('terms');
  const { inForce, waiting } = await listRefundPolicies(ctx);
  const dialog = isPermitted(ctx.actor, 'refundRule:propose') && (
    <RefundRuleDialog
      terms={TERMS.toReversed().map((term, i) => ({
        value: term,
        label: TERMS.slice(TERMS.length - 1 - i)
          .map((each) => t(`policy.term.${each}`))
          .join(' / '),
      }))}
      windowDays={inForce?.windowDays ?? 0}
      action={proposeRuleAction}
      initial={freshForm()}
    />
  );
  return (
    <Panel title={t('policy.title')} description={t('policy.lead')} actions={dialog} className="mb-6">
      <div className="text-sm">{inForce ? <RuleText policy={inForce} /> : <p>{t('policy.none')}</p>}</div>
      {waiting.map((policy) => (
        <Waiting key={policy.policyId} policy={policy} canDecide={isPermitted(ctx.actor, 'refundRule:decide')} />
      ))}
    </Panel>
  );
}
