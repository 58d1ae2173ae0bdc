import { freshForm } from '#app/_edge/fresh-form.ts';
import { IncidentActs } from '#components/ops/incident-acts.tsx';
import type { Ctx } from '#lib/core/context.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import type { IncidentView, Person } from '#lib/inventory/incident-types.ts';
import { giveBackAction, handOverAction, resolveAction, takeAction } from './actions.ts';

/** What the person may do about a fault case; nothing about one that is resolved, or for those who only look. */
export function IncidentControls({
  ctx,
  incident,
  colleagues,
}: {
  ctx: Ctx;
  incident: IncidentView;
  colleagues: readonly Person[];
}) {
  if (incident.resolvedAt !== null || !isPermitted(ctx.actor, 'fault:work')) return null;
  const { id, owner } = incident;
  const me = ctx.actor.kind === 'staff' ? ctx.actor.userId : null;
  const ownership = owner === null ? 'nobody' : owner.id === me ? 'me' : 'other';
  return (
    <IncidentActs
      ownership={ownership}
      colleagues={colleagues.filter((person) => person.id !== owner?.id)}
      actions={{
        take: takeAction.bind(null, id),
        giveBack: giveBackAction.bind(null, id),
        handOver: handOverAction.bind(null, id),
        resolve: resolveAction.bind(null, id),
      }}
      initial={freshForm()}
    />
  );
}
