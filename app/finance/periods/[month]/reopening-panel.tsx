import { freshForm } from '#app/_edge/fresh-form.ts';
import { decideReopeningAction } from '#app/finance/approvals/actions.ts';
import { DecideButtons } from '#app/finance/approvals/decide-buttons.tsx';
import { ReasonDialog } from '#components/finance/reason-dialog.tsx';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Badge, type Tone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Reopening, ReopeningState } from '#lib/billing/reopening/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { askReopeningAction, closeAgainAction } from './reopening-actions.ts';

const TONES = { asked: 'waiting', agreed: 'warn', declined: 'neutral', closed: 'ok' } as const satisfies Record<
  ReopeningState,
  Tone
>;

async function History({ reopening }: { reopening: Reopening }) {
  const t = await getTranslations('corrections');
  const { askedByName, askedAt, decidedByName, decidedAt, closedByName, closedAt, corrections } = reopening;
  const steps = [
    t('reopening.askedBy', { name: askedByName, at: formatInstant(askedAt) }),
    ...(decidedAt === null
      ? []
      : [t('reopening.decidedBy', { name: decidedByName ?? '', at: formatInstant(decidedAt) })]),
    ...(closedAt === null ? [] : [t('reopening.closedBy', { name: closedByName ?? '', at: formatInstant(closedAt) })]),
  ];
  return (
    <>
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={TONES[reopening.state]}>{t(`reopening.state.${reopening.state}`)}</Badge>
        {reopening.reason}
      </span>
      <span className="text-ink-2">{steps.join(' · ')}</span>
      {corrections !== null && (
        <span className="num text-ink-2">
          {t('reopening.corrections', {
            reversals: corrections.reversals,
            reversed: formatUnits(corrections.reversedUnits),
            notes: corrections.creditNotes,
            credited: formatUnits(corrections.creditedUnits),
          })}
        </span>
      )}
    </>
  );
}

async function Acts({ ctx, reopening }: { ctx: Ctx; reopening: Reopening }) {
  const t = await getTranslations('corrections');
  const { month, state, id, askedBy } = reopening;
  if (state === 'asked' && isPermitted(ctx.actor, 'period:agree')) {
    const approve = {
      label: t('reopening.agree'),
      title: t('reopening.agreeTitle', { month }),
      text: t('reopening.agreeText'),
    };
    return <DecideButtons ctx={ctx} id={id} proposedBy={askedBy} action={decideReopeningAction} approve={approve} />;
  }
  if (state !== 'agreed' || !isPermitted(ctx.actor, 'period:close')) return null;
  return (
    <ConfirmDialog
      trigger={<Button variant="primary">{t('reopening.close')}</Button>}
      title={t('reopening.closeTitle', { month })}
      text={t('reopening.closeText')}
      confirm={t('reopening.close')}
      action={closeAgainAction.bind(null, month)}
      initial={freshForm()}
    />
  );
}

/** The reopenings of a closed month: why it is nearly always better not to, what was done, and what can be done now. */
export async function ReopeningPanel({
  ctx,
  month,
  reopenings,
}: {
  ctx: Ctx;
  month: string;
  reopenings: readonly Reopening[];
}) {
  const t = await getTranslations('corrections');
  const isIdle = reopenings.every(({ state }) => state === 'declined' || state === 'closed');
  const canAsk = isIdle && isPermitted(ctx.actor, 'period:reopen');
  const actions = canAsk ? (
    <ReasonDialog
      trigger={<Button variant="danger-quiet">{t('reopening.ask')}</Button>}
      title={t('reopening.dialogTitle', { month })}
      text={t('reopening.better')}
      reason={{ label: t('reopening.reason'), hint: t('reopening.reasonHint'), maxLength: 500 }}
      submit={t('reopening.submit')}
      action={askReopeningAction.bind(null, month)}
      initial={freshForm()}
    />
  ) : undefined;
  return (
    <Panel title={t('reopening.title')} actions={actions} className="mt-6">
      <div className="grid gap-3 text-sm">
        <p>{t('reopening.better')}</p>
        <p className="text-ink-2">{t('reopening.what')}</p>
        {reopenings.length === 0 && <p className="text-ink-2">{t('reopening.none')}</p>}
        <ul className="grid gap-3">
          {reopenings.map((reopening) => (
            <li key={reopening.id} className="grid gap-1 border-t border-line pt-3">
              <History reopening={reopening} />
              <Acts ctx={ctx} reopening={reopening} />
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
