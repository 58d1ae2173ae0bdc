import { CalendarX2 } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { planWindowAction, replanAction } from '#app/ops/maintenance/actions.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { PageHeader } from '#components/layout/page-header.tsx';
import { DrainHitsTable, DrainPromisesTable } from '#components/ops/drain-tables.tsx';
import { DrainTotals } from '#components/ops/drain-totals.tsx';
import { ServersText } from '#components/ops/window-text.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Breadcrumbs } from '#components/ui/breadcrumbs.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { plusSeconds } from '#lib/core/instant.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { CONFIRM_ABOVE_CARDS } from '#lib/reservations/acting-on-cards.ts';
import { findDrainPlan } from '#lib/reservations/maintenance.ts';
import { HANDLINGS, MOVE_NOTICE_SECONDS } from '#lib/reservations/maintenance-types.ts';
import type { DrainPlanView } from '#lib/reservations/maintenance-view-types.ts';

const REASON_LENGTH_MAX = 200;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('maintenance'))('plan') };
}

async function Confirm({ plan, mayMove }: { plan: DrainPlanView; mayMove: boolean }) {
  const [t, l] = [await getTranslations('maintenance'), await getTranslations('lifecycle')];
  if (plan.promises.some(({ servers }) => servers === null))
    return <Alert kind="danger">{t('drain.stuckPromises')}</Alert>;
  const handlings = HANDLINGS.filter((handling) => handling === 'wait' || mayMove);
  return (
    <Panel title={t('confirm.title')}>
      <ActionForm action={planWindowAction.bind(null, plan.id)} initial={freshForm()} className="grid max-w-xl gap-4">
        <SelectField
          name="handling"
          label={t('confirm.handling')}
          hint={`${t('confirm.wait')}${mayMove ? ` · ${t('confirm.move')}` : ` · ${t('confirm.moveTooSoon')}`}`}
          options={handlings.map((value) => ({ value, label: t(`window.handling.${value}`) }))}
        />
        <TextField name="reason" label={l('reason')} hint={l('reasonHint')} maxLength={REASON_LENGTH_MAX} />
        {plan.cards > CONFIRM_ABOVE_CARDS && (
          <TextField
            name="count"
            label={l('count')}
            hint={l('countHint', { cards: plan.cards })}
            inputMode="numeric"
            autoComplete="off"
          />
        )}
        <SubmitButton variant="danger" className="justify-self-start">
          {t('confirm.submit', { cards: plan.cards })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}

/** What emptying cards would do: totals first, then each reservation, then the act itself. */
export default async function DrainPlanPage({ params }: { params: Promise<{ id: string }> }) {
  const ctx = await staffPage('inventory:read');
  const plan = await findDrainPlan(ctx, (await params).id);
  if (!plan) notFound();
  const t = await getTranslations('maintenance');
  const mayMove = plan.interval.startAt >= plusSeconds(ctx.now, MOVE_NOTICE_SECONDS);
  return (
    <ClientMessages namespaces={['ops', 'maintenance', 'lifecycle']}>
      <PageHeader
        title={t('drain.title', { cards: plan.cards })}
        description={
          <>
            <ServersText servers={plan.servers} /> ·{' '}
            {t('drain.madeAt', { by: plan.madeBy, at: formatInstant(plan.madeAt, 'seconds') })}
          </>
        }
        breadcrumbs={<Breadcrumbs label={t('title')} crumbs={[{ label: t('title'), href: '/ops/maintenance' }]} />}
        actions={
          isPermitted(ctx.actor, 'maintenance:plan') && (
            <ActionForm action={replanAction.bind(null, plan.id)} initial={freshForm()} className="grid gap-2">
              <SubmitButton variant="secondary">{t('drain.again')}</SubmitButton>
            </ActionForm>
          )
        }
      />
      <div className="grid gap-6">
        <DrainTotals plan={plan} />
        <Panel title={t('drain.hitsTitle')} isFlush>
          {plan.hits.length > 0 ? (
            <DrainHitsTable hits={plan.hits} />
          ) : (
            <EmptyState Icon={CalendarX2} title={t('drain.hitsNone')} text={t('drain.hitsNoneText')} />
          )}
        </Panel>
        <Panel title={t('drain.promisesTitle')} isFlush>
          {plan.promises.length > 0 ? (
            <DrainPromisesTable promises={plan.promises} />
          ) : (
            <EmptyState Icon={CalendarX2} title={t('drain.promisesNone')} text={t('drain.promisesNoneText')} />
          )}
        </Panel>
        {isPermitted(ctx.actor, 'maintenance:plan') && <Confirm plan={plan} mayMove={mayMove} />}
      </div>
    </ClientMessages>
  );
}
