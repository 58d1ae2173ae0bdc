import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SelectField } from '#components/form/fields.tsx';
import { FormDone } from '#components/form/form-done.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { FAULTS } from '#components/ops/known-words.ts';
import { RecoveryDialog } from '#components/ops/recovery-dialog.tsx';
import { RequestsTable } from '#components/ops/requests-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { type DeviceTarget, FAULTS_OF, RECOVERIES } from '#lib/devices/request-types.ts';
import { listRequests } from '#lib/devices/requests.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { CardRow } from '#lib/inventory/view-types.ts';
import { injectAction, recoverAction } from './device-actions.ts';

const REQUESTS_SHOWN = 10;

/** What brings a card or its server back, each with a question before it. */
async function Recovery({ target, cards }: { target: DeviceTarget; cards: readonly CardRow[] }) {
  const t = await getTranslations('ops');
  const running = cards.flatMap(({ holder }) => (holder?.isRunning ? [holder.reservationId] : []));
  const offered = RECOVERIES.filter((recovery) => target.kind === 'card' || recovery !== 'device_reset');
  return (
    <Panel
      title={t('device.recovery')}
      description={target.kind === 'card' ? t('device.recoveryText') : t('device.recoveryTextServer')}
    >
      <div className="flex flex-wrap gap-2">
        {offered.map((recovery) => (
          <RecoveryDialog
            key={recovery}
            recovery={recovery}
            cardsInUse={running.length}
            reservations={new Set(running).size}
            action={recoverAction.bind(null, target)}
            initial={freshForm()}
          />
        ))}
      </div>
    </Panel>
  );
}

/** Breaks simulated hardware; not there for any other. */
async function Simulator({ target }: { target: DeviceTarget }) {
  const [t, h] = [await getTranslations('ops'), await getTranslations('hardware')];
  const kinds: readonly string[] = FAULTS_OF[target.kind];
  const options = FAULTS.filter((fault) => kinds.includes(fault)).map((fault) => ({
    value: fault,
    label: h(`fault.${fault}`),
  }));
  return (
    <Panel
      title={t('device.simulator')}
      description={t('device.simulatorText')}
      actions={<Badge tone="warn">{t('server.driverKinds.simulated')}</Badge>}
      className="border-dashed border-line-strong"
    >
      <ActionForm action={injectAction.bind(null, target)} initial={freshForm()} className="grid gap-3">
        <div className="flex flex-wrap items-end gap-3">
          <SelectField name="kind" label={t('device.faultKind')} options={options} className="min-w-56" />
          <SubmitButton variant="danger">{t('device.inject')}</SubmitButton>
        </div>
        <FormDone>{t('device.injected')}</FormDone>
      </ActionForm>
    </Panel>
  );
}

/** What can be asked of a card's or a server's device, and what was. `cards` are all cards of the server. */
export async function DevicePanels({
  ctx,
  target,
  serverId,
  driverKind,
  cards,
}: {
  ctx: Ctx;
  target: DeviceTarget;
  serverId: string;
  driverKind: string;
  cards: readonly CardRow[];
}) {
  const t = await getTranslations('ops');
  const { rows } = await listRequests(ctx, { serverId }, { skip: 0, take: REQUESTS_SHOWN });
  return (
    <>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        {isPermitted(ctx.actor, 'device:recover') && <Recovery target={target} cards={cards} />}
        {driverKind === 'simulated' && isPermitted(ctx.actor, 'fault:inject') && <Simulator target={target} />}
      </div>
      <Panel title={t('device.requests')} isFlush>
        <RequestsTable requests={rows} />
      </Panel>
    </>
  );
}
