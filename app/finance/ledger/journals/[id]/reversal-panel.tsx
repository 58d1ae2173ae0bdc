import { freshForm } from '#app/_edge/fresh-form.ts';
import { decideReversalAction } from '#app/finance/approvals/actions.ts';
import { DecideButtons } from '#app/finance/approvals/decide-buttons.tsx';
import { ReasonDialog } from '#components/finance/reason-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { ReversalRequest, ReversalState } from '#lib/ledger/reversal-types.ts';
import { findReversalOf } from '#lib/ledger/reversals.ts';
import type { JournalDetail } from '#lib/ledger/view-types.ts';
import { proposeReversalAction } from './actions.ts';

const TONES = { proposed: 'waiting', approved: 'ok', declined: 'neutral' } as const satisfies Record<
  ReversalState,
  Tone
>;

async function Request({ ctx, request }: { ctx: Ctx; request: ReversalRequest }) {
  const [t, l] = [await getTranslations('corrections'), await getTranslations('ledger')];
  const { id, state, reason, proposedBy, proposedByName, proposedAt, decidedByName, decidedAt } = request;
  const amount = formatUnits(units(request.amountUnits));
  const approve = {
    label: t('approvals.approveReversal', { amount }),
    title: t('approvals.approveReversalTitle', { id: request.journalId, amount }),
    text: t('approvals.approveReversalText'),
  };
  return (
    <li className="grid gap-1 border-b border-line pb-3 text-sm last:border-0 last:pb-0">
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={TONES[state]}>{t(`reversal.state.${state}`)}</Badge>
        {reason}
      </span>
      <span className="text-ink-2">
        {t('reversal.proposedBy', { name: proposedByName, at: formatInstant(proposedAt) })}
        {decidedAt !== null &&
          ` · ${t('reversal.decidedBy', { name: decidedByName ?? '', at: formatInstant(decidedAt) })}`}
      </span>
      {request.reversalJournalId !== null && (
        <span>
          {t('reversal.result')}{' '}
          <TextLink href={`/finance/ledger/journals/${request.reversalJournalId}`}>
            {l('journal.titleOf', { id: request.reversalJournalId })}
          </TextLink>
        </span>
      )}
      {state === 'proposed' && isPermitted(ctx.actor, 'reversal:decide') && (
        <span>
          <DecideButtons ctx={ctx} id={id} proposedBy={proposedBy} action={decideReversalAction} approve={approve} />
        </span>
      )}
    </li>
  );
}

/** Whether a journal is reversed or is to be, and the way to propose it; what stands instead where it is not offered. */
export async function ReversalPanel({ ctx, journal }: { ctx: Ctx; journal: JournalDetail }) {
  const t = await getTranslations('corrections');
  const { requests, isOffered } = await findReversalOf(ctx, journal.key);
  const canPropose = isOffered && isPermitted(ctx.actor, 'ledger:reverse');
  const isMatch = journal.kind === 'transferMatched';
  const actions = canPropose ? (
    <ReasonDialog
      trigger={<Button variant="danger-quiet">{t('reversal.propose')}</Button>}
      title={t('reversal.dialogTitle', { id: journal.id })}
      text={isMatch ? `${t('reversal.dialogText')} ${t('reversal.matchText')}` : t('reversal.dialogText')}
      reason={{ label: t('reversal.reason'), hint: t('reversal.reasonHint'), maxLength: 200 }}
      submit={t('reversal.submit')}
      action={proposeReversalAction.bind(null, journal.key)}
      initial={freshForm()}
    />
  ) : undefined;
  return (
    <Panel title={t('reversal.title')} actions={actions}>
      {requests.length > 0 && (
        <ul className="grid gap-3">
          {requests.map((request) => (
            <Request key={request.id} ctx={ctx} request={request} />
          ))}
        </ul>
      )}
      {requests.length === 0 && (
        <p className="text-sm text-ink-2">{isOffered ? t('reversal.lead') : t('reversal.notOffered')}</p>
      )}
    </Panel>
  );
}
