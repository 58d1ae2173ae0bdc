import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { toIso } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import { bookGap, rateGap } from './charging.ts';
import { lockGap } from './service.ts';
import { insertWaiver, lockWaiver, readWaitingWaivers, writeDecision } from './store.ts';
import type { GapKey, GapRefusal, HourWaiver } from './types.ts';

const SHOWN_MOST = 100;

/** Proposes that a gap hour is not paid. It is charged with nothing once somebody else has agreed. */
export async function proposeWaiver(
  ctx: Ctx,
  input: GapKey & { readonly reason: string },
): Promise<Result<Id<'hourWaiver'>, GapRefusal>> {
  authorize(ctx, 'gap:waive');
  return withTx(ctx, async (tx) => {
    const gap = await lockGap(tx, input);
    if (gap === null) return refuse({ code: 'gapUnknown' });
    const { subject, span } = gap;
    const id = newId('hourWaiver', ctx.now);
    const isNew = await insertWaiver(tx, {
      id,
      allocationId: input.allocationId,
      hourAt: span.hourAt,
      organisationId: subject.organisationId,
      reason: input.reason,
      proposedBy: actorLabel(ctx.actor),
      proposedAt: ctx.now,
    });
    if (!isNew) return refuse({ code: 'gapWaiverWaits' });
    const said = { waiver: id, hour: toIso(span.hourAt), reason: input.reason };
    await record(ctx, tx, 'usage.proposeWaiver', input.allocationId, said, subject.organisationId);
    await notify(tx, 'kashi_change', ['usage']);
    return accept(id);
  });
}

/**
 * Agrees to a waiver, which charges its hour with nothing, or declines it. Whoever proposed it cannot agree and may take it
 * back by declining. Refuses, in this order: unknown, decided before, the same person, no gap any more.
 */
export async function decideWaiver(
  ctx: Ctx,
  input: { readonly waiverId: string; readonly isApproved: boolean },
): Promise<Result<null, GapRefusal>> {
  authorize(ctx, 'gap:decide');
  return withTx(ctx, async (tx) => {
    const found = await lockWaiver(tx, input.waiverId);
    if (!found) return refuse({ code: 'waiverUnknown' });
    if (found.state !== 'proposed') return refuse({ code: 'waiverDecided' });
    const by = actorLabel(ctx.actor);
    if (input.isApproved && found.proposedBy === by) return refuse({ code: 'waiverSamePerson' });
    const hour = toIso(found.hourAt);
    const gap = input.isApproved ? await lockGap(tx, { allocationId: found.allocationId, hour }) : null;
    if (input.isApproved && gap === null) return refuse({ code: 'gapUnknown' });
    await writeDecision(tx, found.id, { state: input.isApproved ? 'agreed' : 'declined', by, at: ctx.now });
    if (gap !== null) {
      const { subject, span } = gap;
      const rated = await rateGap(tx, subject, found.allocationId, span, await readPriceVersions(tx), true);
      await bookGap(ctx, tx, subject, found.allocationId, span, rated);
    }
    const action = input.isApproved ? 'usage.waive' : 'usage.declineWaiver';
    await record(ctx, tx, action, found.allocationId, { waiver: found.id, hour }, found.organisationId);
    await notify(tx, 'kashi_change', ['usage']);
    return accept(null);
  });
}

/** The waivers that wait for their second person. */
export async function listWaitingWaivers(ctx: Ctx): Promise<HourWaiver[]> {
  authorize(ctx, 'period:read');
  return withTx(ctx, (tx) => readWaitingWaivers(tx, SHOWN_MOST));
}
