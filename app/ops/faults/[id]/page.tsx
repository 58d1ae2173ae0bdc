import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { staffPage } from '#app/_edge/access.ts';
import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { InstantText } from '#components/format/instant-text.tsx';
import { Count } from '#components/format/quantity-text.tsx';
import { PageHeader } from '#components/layout/page-header.tsx';
import { LiveRefresh } from '#components/live/live-refresh.tsx';
import { FaultName, SeverityBadge } from '#components/ops/badges.tsx';
import { HitCards, Hits, IncidentPlace, NextStepText, OwnerBadge } from '#components/ops/incident-facts.tsx';
import { IncidentHistory } from '#components/ops/incident-history.tsx';
import { actHref } from '#components/ops/place-text.ts';
import { buttonClass } from '#components/ui/button.tsx';
import { DefinitionList } from '#components/ui/definition-list.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { IncidentView } from '#lib/inventory/incident-types.ts';
import { findIncident, listColleagues } from '#lib/inventory/incidents.ts';
import { findServer } from '#lib/inventory/service.ts';
import { remarkAction } from '../actions.ts';
import { IncidentControls } from '../incident-controls.tsx';
import { StepRecovery } from '../step-recovery.tsx';

const LOOK_SECONDS = 5;
const REMARK_LENGTH_MAX = 500;

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('faults'))('title') };
}

async function Facts({ incident }: { incident: IncidentView }) {
  const t = await getTranslations('faults');
  const { severity, count, reopened, firstSeenAt, lastSeenAt, hits } = incident;
  return (
    <Panel title={t('facts')}>
      <DefinitionList
        items={[
          { term: t('severity'), value: <SeverityBadge severity={severity} /> },
          { term: t('place'), value: <IncidentPlace incident={incident} /> },
          { term: t('owner'), value: <OwnerBadge incident={incident} /> },
          { term: t('hits'), value: <Hits hits={hits} most={20} /> },
          { term: t('first'), value: <InstantText at={firstSeenAt} hasSeconds /> },
          { term: t('last'), value: <InstantText at={lastSeenAt} hasSeconds /> },
          { term: t('count'), value: <Count count={count} /> },
          ...(reopened > 0 ? [{ term: t('again'), value: t('reopened', { count: reopened }) }] : []),
        ]}
      />
    </Panel>
  );
}

/** What is to be done, with the acts that do it. */
async function Next({ ctx, incident }: { ctx: Ctx; incident: IncidentView }) {
  const [t, l] = [await getTranslations('faults'), await getTranslations('lifecycle')];
  const server = await findServer(ctx, incident.serverId);
  return (
    <Panel title={t('next')}>
      <div className="grid gap-4">
        <p className="text-sm">
          <NextStepText incident={incident} />
        </p>
        {incident.resolvedAt === null && (
          <div className="flex flex-wrap gap-2">
            {isPermitted(ctx.actor, 'inventory:cordon') && (
              <Link href={actHref('drain', incident.serverId)} prefetch={false} className={buttonClass()}>
                {l('drainServer')}
              </Link>
            )}
            {server && <StepRecovery ctx={ctx} incident={incident} cards={server.cards} />}
            <Link
              href={`/ops/servers/${incident.serverId}`}
              prefetch={false}
              className={buttonClass({ variant: 'ghost' })}
            >
              {t('toServer')}
            </Link>
          </div>
        )}
      </div>
    </Panel>
  );
}

export default async function FaultPage({ params }: Props) {
  const ctx = await staffPage('inventory:read');
  const found = await findIncident(ctx, (await params).id);
  if (!found) notFound();
  const { incident, events } = found;
  const t = await getTranslations('faults');
  const mayWork = isPermitted(ctx.actor, 'fault:work');
  const colleagues = mayWork ? await listColleagues(ctx) : [];
  return (
    <ClientMessages namespaces={['ops', 'faults', 'hardware']}>
      <PageHeader
        title={<FaultName fault={incident} />}
        breadcrumbs={<TextLink href="/ops/faults">{t('title')}</TextLink>}
        actions={
          <>
            <LiveRefresh topics={['devices']} everySeconds={LOOK_SECONDS} at={ctx.now} />
            <IncidentControls ctx={ctx} incident={incident} colleagues={colleagues} />
          </>
        }
      />
      <div className="grid gap-6">
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Facts incident={incident} />
          <Next ctx={ctx} incident={incident} />
        </div>
        <Panel title={t('cards')}>
          <HitCards incident={incident} />
        </Panel>
        <Panel title={t('history')}>
          <IncidentHistory events={events} />
          {mayWork && (
            <ActionForm
              action={remarkAction.bind(null, incident.id)}
              initial={freshForm()}
              className="mt-6 grid max-w-xl gap-3 border-t border-line pt-4"
            >
              <TextField name="text" label={t('remark')} hint={t('remarkHint')} maxLength={REMARK_LENGTH_MAX} />
              <SubmitButton variant="secondary" className="justify-self-start">
                {t('addRemark')}
              </SubmitButton>
            </ActionForm>
          )}
        </Panel>
      </div>
    </ClientMessages>
  );
}
