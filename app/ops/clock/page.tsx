import type { Metadata } from 'next';
import { staffPage } from '#app/_edge/access.ts';
import { moveClockAction, moveClockToAction, runClockAction } from '#app/_edge/clock-actions.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { HOUR_MOVES, moveTo, RATE_MOVES, STOP_MOVE } from '#components/clock/clock-moves.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { InstantText } from '#components/format/instant-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { readClockFor } from '#lib/engine/clock-control.ts';
import { type ClockView, nextCutoffAt } from '#lib/engine/clock-move.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('clock'))('title') };
}

async function Figures({ clock }: { clock: Extract<ClockView, { mode: 'demo' }> }) {
  const t = await getTranslations('clock');
  const { now, targetAt, ratePerSecond, isCaughtUp } = clock;
  return (
    <StatRow>
      <Stat label={t('now')} value={<InstantText at={now} hasSeconds />} />
      <Stat label={t('asked')} value={<InstantText at={targetAt} hasSeconds />} />
      <Stat label={t('pace')} value={ratePerSecond > 0 ? t('paceOf', { rate: ratePerSecond }) : t('paceStill')} />
      <Stat
        label={t('state')}
        value={<Badge tone={isCaughtUp ? 'ok' : 'warn'}>{isCaughtUp ? t('caughtUp') : t('behind')}</Badge>}
      />
    </StatRow>
  );
}

/** Acts with one press each, and the same by typing. All of them work without JavaScript. */
async function Moves({ cutoff, cutoffText }: { cutoff: string; cutoffText: string }) {
  const t = await getTranslations('clock');
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Panel title={t('move')} description={t('cutoffHint', { at: cutoffText })}>
        <ActionForm action={moveClockAction} initial={freshForm()} className="grid gap-3">
          <div className="flex flex-wrap gap-2">
            {HOUR_MOVES.map(({ key, move }) => (
              <Button key={move} type="submit" name="move" value={move}>
                {t(`byLabel.${key}`)}
              </Button>
            ))}
            <Button type="submit" name="move" value={cutoff}>
              {t('cutoff')}
            </Button>
          </div>
          <FormDone>{t('done')}</FormDone>
        </ActionForm>
      </Panel>
      <Panel title={t('run')} description={t('stopHint')}>
        <ActionForm action={moveClockAction} initial={freshForm()} className="grid gap-3">
          <div className="flex flex-wrap gap-2">
            {RATE_MOVES.map(({ key, move }) => (
              <Button key={move} type="submit" name="move" value={move}>
                {t(`rates.${key}`)}
              </Button>
            ))}
            <Button type="submit" name="move" value={STOP_MOVE} variant="danger-quiet">
              {t('stop')}
            </Button>
          </div>
          <FormDone>{t('done')}</FormDone>
        </ActionForm>
      </Panel>
      <Panel title={t('to')}>
        <ActionForm action={moveClockToAction} initial={freshForm()} className="grid gap-3">
          <TextField name="at" label={t('toField')} hint={t('toHint')} defaultValue={cutoffText} autoComplete="off" />
          <FormDone>{t('done')}</FormDone>
          <SubmitButton className="justify-self-start">{t('toSubmit')}</SubmitButton>
        </ActionForm>
      </Panel>
      <Panel title={t('pace')}>
        <ActionForm action={runClockAction} initial={freshForm()} className="grid gap-3">
          <TextField
            name="rate"
            label={t('rateField')}
            hint={t('rateHint')}
            defaultValue="60"
            inputMode="numeric"
            autoComplete="off"
          />
          <FormDone>{t('done')}</FormDone>
          <SubmitButton className="justify-self-start">{t('rateSubmit')}</SubmitButton>
        </ActionForm>
      </Panel>
    </div>
  );
}

export default async function ClockPage() {
  const ctx = await staffPage('clock:move');
  const t = await getTranslations('clock');
  const clock = await readClockFor(ctx);
  if (clock.mode === 'real') return <PageHeader title={t('title')} description={t('real')} />;
  const cutoffAt = nextCutoffAt(clock.now);
  return (
    <ClientMessages namespaces={['clock']}>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={<LiveRefresh topics={['clock-stepped', 'clock']} at={clock.now} />}
      />
      <div className="grid gap-6">
        <Figures clock={clock} />
        <Moves cutoff={moveTo(cutoffAt)} cutoffText={formatInstant(cutoffAt)} />
      </div>
    </ClientMessages>
  );
}
