import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { AuditAction } from '#lib/audit/types.ts';
import { invariant } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import {
  findIncidentRow,
  insertFaultEvent,
  type LockedCase,
  lockIncident,
  readColleagues,
  readEvents,
  readIncidents,
  setOwner,
  setResolved,
} from './incident-store.ts';
import type { IncidentEvent, IncidentRefusal, IncidentView, Person, Queue } from './incident-types.ts';

const EVENTS_MAX = 200;

type Answer = Result<null, IncidentRefusal>;

/** Who acts, as an owner is recorded: permissions let people alone work on faults. */
function personOf(ctx: Ctx): Id<'user'> {
  invariant(ctx.actor.kind === 'staff', 'only people work on faults');
  return ctx.actor.userId;
}

/** A page of the fault queue, one row a trouble however many cards of a server it hits. `me` is the actor. */
export async function listIncidents(
  ctx: Ctx,
  filter: { readonly queue: Queue },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: IncidentView[]; total: number }> {
  authorize(ctx, 'inventory:read');
  const me = ctx.actor.kind === 'staff' ? ctx.actor.userId : null;
  return withTx(ctx, (tx) => readIncidents(tx, { ...filter, me }, ctx.now, page));
}

/** An incident with what happened to it, oldest first. Null when there is none. */
export async function findIncident(
  ctx: Ctx,
  id: string,
): Promise<{ readonly incident: IncidentView; readonly events: readonly IncidentEvent[] } | null> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, async (tx) => {
    const incident = await findIncidentRow(tx, id, ctx.now);
    return incident && { incident, events: await readEvents(tx, id, EVENTS_MAX) };
  });
}

/** The people to whom an incident can be handed over. */
export async function listColleagues(ctx: Ctx): Promise<Person[]> {
  authorize(ctx, 'fault:work');
  return withTx(ctx, readColleagues);
}

type Step = { readonly kind: IncidentEvent['kind']; readonly text: string | null };

/**
 * Changes an incident under its lock: `decide` says what is to be done, or why not; null when it is so already. What was
 * done is kept in the incident's history and in the audit.
 */
async function change(
  ctx: Ctx,
  incidentId: string,
  decide: (cases: readonly LockedCase[], tx: Tx) => Promise<Result<Step | null, IncidentRefusal>>,
  apply: (tx: Tx) => Promise<void>,
): Promise<Answer> {
  return withTx(ctx, async (tx): Promise<Answer> => {
    const cases = await lockIncident(tx, incidentId);
    if (cases.length === 0) return refuse({ code: 'faultUnknown' });
    const decided = await decide(cases, tx);
    if (!decided.ok || decided.value === null) return decided.ok ? accept(null) : decided;
    const { kind, text } = decided.value;
    await apply(tx);
    await insertFaultEvent(tx, { incidentId, at: ctx.now, actor: actorLabel(ctx.actor), kind, text });
    const action: AuditAction = `fault.${kind}`;
    await record(ctx, tx, action, incidentId, text === null ? {} : { text });
    await notify(tx, 'kashi_change', ['devices']);
    return accept(null);
  });
}

const openOnes = (cases: readonly LockedCase[]): LockedCase[] => cases.filter(({ isOpen }) => isOpen);

/** Somebody begins to work on an incident. Refused: `faultUnknown`, `faultResolved`, `faultOwned`. */
export async function takeIncident(ctx: Ctx, input: { readonly incidentId: string }): Promise<Answer> {
  authorize(ctx, 'fault:work');
  const me = personOf(ctx);
  return change(
    ctx,
    input.incidentId,
    async (cases) => {
      const [first] = openOnes(cases);
      if (!first) return refuse({ code: 'faultResolved' });
      if (first.ownerId === me) return accept(null);
      if (first.ownerId !== null) return refuse({ code: 'faultOwned', owner: first.ownerName ?? first.ownerId });
      return accept({ kind: 'taken', text: null });
    },
    (tx) => setOwner(tx, input.incidentId, me),
  );
}

/** The owner stops working on an incident. Refused: `faultUnknown`, `faultResolved`, `faultNotOwned`. */
export async function giveBackIncident(ctx: Ctx, input: { readonly incidentId: string }): Promise<Answer> {
  authorize(ctx, 'fault:work');
  const me = personOf(ctx);
  return change(
    ctx,
    input.incidentId,
    async (cases) => {
      const [first] = openOnes(cases);
      if (!first) return refuse({ code: 'faultResolved' });
      return first.ownerId === me ? accept({ kind: 'givenBack', text: null }) : refuse({ code: 'faultNotOwned' });
    },
    (tx) => setOwner(tx, input.incidentId, null),
  );
}

/**
 * Another person works on an incident from now on. Anybody of ops may say so: whoever has it may be asleep. Refused:
 * `faultUnknown`, `faultResolved`, `colleagueUnknown`.
 */
export async function handOverIncident(
  ctx: Ctx,
  input: { readonly incidentId: string; readonly personId: string },
): Promise<Answer> {
  authorize(ctx, 'fault:work');
  let heir: Person | undefined;
  return change(
    ctx,
    input.incidentId,
    async (cases, tx) => {
      const [first] = openOnes(cases);
      if (!first) return refuse({ code: 'faultResolved' });
      heir = (await readColleagues(tx)).find(({ id }) => id === input.personId);
      if (!heir) return refuse({ code: 'colleagueUnknown' });
      return accept(first.ownerId === heir.id ? null : { kind: 'handedOver', text: heir.name });
    },
    (tx) => setOwner(tx, input.incidentId, heir?.id ?? null),
  );
}

/** A remark for whoever reads the incident later; also on one that is resolved. Refused: `faultUnknown`. */
export async function remarkOnIncident(
  ctx: Ctx,
  input: { readonly incidentId: string; readonly text: string },
): Promise<Answer> {
  authorize(ctx, 'fault:work');
  return change(
    ctx,
    input.incidentId,
    async () => accept({ kind: 'remarked', text: input.text }),
    async () => {},
  );
}

/**
 * Ends an incident although its devices have not proven it over, with a reason: a degraded link that one lives with, a
 * retired page. Refused while a card of it is down (`faultPersists`): the card could not be sold, nobody would look for
 * it, and its device would open the case again at once. Refused too: `faultUnknown`, `faultResolved`.
 */
export async function resolveIncident(
  ctx: Ctx,
  input: { readonly incidentId: string; readonly reason: string },
): Promise<Answer> {
  authorize(ctx, 'fault:work');
  const { incidentId, reason } = input;
  return change(
    ctx,
    incidentId,
    async (cases) => {
      const open = openOnes(cases);
      if (open.length === 0) return refuse({ code: 'faultResolved' });
      const down = open.filter(({ isDown }) => isDown);
      if (down.length > 0) return refuse({ code: 'faultPersists', cards: down.length });
      return accept({ kind: 'resolved', text: reason });
    },
    (tx) => setResolved(tx, incidentId, { actor: actorLabel(ctx.actor), reason, at: ctx.now }),
  );
}
