import { freshForm } from '#app/_edge/fresh-form.ts';
import { nextStep } from '#components/ops/next-step.ts';
import { RecoveryDialog } from '#components/ops/recovery-dialog.tsx';
import type { Ctx } from '#lib/core/context.ts';
import type { DeviceTarget } from '#lib/devices/request-types.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { IncidentView } from '#lib/inventory/incident-types.ts';
import type { CardRow } from '#lib/inventory/view-types.ts';
import { recoverAction } from '../device-actions.ts';

/** The recovery that a fault asks for, in place. A reset is for one card, everything else for its server. */
export function StepRecovery({
  ctx,
  incident,
  cards,
}: {
  ctx: Ctx;
  incident: IncidentView;
  /** All cards of the server, for whose work it would interrupt. */
  cards: readonly CardRow[];
}) {
  const { recovery } = nextStep(incident);
  const sick = incident.cards.find(({ isOpen }) => isOpen);
  if (recovery === null || !sick || !isPermitted(ctx.actor, 'device:recover')) return null;
  const target: DeviceTarget =
    recovery === 'device_reset' ? { kind: 'card', id: sick.cardId } : { kind: 'server', id: incident.serverId };
  const running = cards.flatMap(({ holder }) => (holder?.isRunning ? [holder.reservationId] : []));
  return (
    <RecoveryDialog
      recovery={recovery}
      cardsInUse={running.length}
      reservations={new Set(running).size}
      action={recoverAction.bind(null, target)}
      initial={freshForm()}
    />
  );
}
