import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatPercent } from '#components/format/percent.ts';
import { SlaPolicyDialog } from '#components/sla/policy-dialog.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { type Month, monthOf, nextMonth } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { listPolicies, listProposals } from '#lib/sla/policies.ts';
import { policyInForce } from '#lib/sla/policy.ts';
import type { SlaPolicy, Tier } from '#lib/sla/types.ts';
import { decideAction, proposeAction } from './actions.ts';

/** From which months a new table may hold: those of the coming year. */
const MONTHS_AHEAD = 12;

const linesOf = (tiers: readonly Tier[]): string =>
  tiers
    .map(({ belowPpm, creditBps }) =>
      `${formatPercent(belowPpm, 6)} ${formatPercent(creditBps, 4)}`.replaceAll('%', ''),
    )
    .join('\n');

function monthsAfter(month: Month): Month[] {
  const months: Month[] = [];
  for (let next = nextMonth(month); months.length < MONTHS_AHEAD; next = nextMonth(next)) months.push(next);
  return months;
}

/** A version of a table in one line. */
async function PolicyLine({ policy, names }: { policy: SlaPolicy; names: ReadonlyMap<string, string> }) {
  const t = await getTranslations('sla');
  const { skuId, validFrom, tiers } = policy;
  const whose = skuId === null ? t('operator') : t('own', { sku: names.get(skuId) ?? skuId });
  const lines = tiers.map(
    ({ belowPpm, creditBps }) => `< ${formatPercent(belowPpm, 6)} → ${formatPercent(creditBps, 4)}`,
  );
  return (
    <p className="num">
      <span className="font-medium">{whose}</span> · {t('from', { month: validFrom })} · {lines.join(' · ')}
    </p>
  );
}

async function Proposal({
  policy,
  names,
  canDecide,
}: {
  policy: SlaPolicy;
  names: ReadonlyMap<string, string>;
  canDecide: boolean;
}) {
  const t = await getTranslations('sla');
  return (
    <li className="text-sm">
      <PolicyLine policy={policy} names={names} />
      <p className="text-ink-2">
        {t('finance.reason')}: {policy.reason} · {t('finance.by', { name: policy.proposedBy })}
      </p>
      {canDecide && (
        <div className="mt-2 flex flex-wrap gap-2">
          {(['approve', 'decline'] as const).map((decision) => (
            <ActionForm key={decision} action={decideAction} initial={freshForm()}>
              <input type="hidden" name="policyId" value={policy.id} />
              <input type="hidden" name="decision" value={decision} />
              <SubmitButton variant={decision === 'approve' ? 'primary' : 'secondary'}>
                {t(`finance.${decision}`)}
              </SubmitButton>
            </ActionForm>
          ))}
        </div>
      )}
    </li>
  );
}

/** Every published table, what waits for a second person, and the way to propose one. `names` are those of SKUs. */
export async function PoliciesPanel({ ctx, names }: { ctx: Ctx; names: ReadonlyMap<string, string> }) {
  const t = await getTranslations('sla');
  const [published, waiting] = [await listPolicies(ctx), await listProposals(ctx)];
  const month = monthOf(ctx.now);
  const dialog = isPermitted(ctx.actor, 'sla:propose') && (
    <SlaPolicyDialog
      skus={[{ value: '', label: t('finance.skuAll') }, ...[...names].map(([value, label]) => ({ value, label }))]}
      months={monthsAfter(month).map((each) => ({ value: each, label: each }))}
      tiers={linesOf(policyInForce(published, '', month)?.tiers ?? [])}
      action={proposeAction}
      initial={freshForm()}
    />
  );
  return (
    <Panel title={t('finance.published')} actions={dialog} className="mb-6">
      <ul className="grid gap-2 text-sm">
        {published.map((policy) => (
          <li key={policy.id}>
            <PolicyLine policy={policy} names={names} />
          </li>
        ))}
      </ul>
      {waiting.length > 0 && (
        <>
          <h3 className="mt-5 text-sm font-medium">{t('finance.waiting')}</h3>
          <ul className="mt-2 grid gap-4">
            {waiting.map((policy) => (
              <Proposal
                key={policy.id}
                policy={policy}
                names={names}
                canDecide={isPermitted(ctx.actor, 'sla:decide')}
              />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
