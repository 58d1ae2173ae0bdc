import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { parseId } from '#lib/core/id.ts';
import { earlier, type Instant, isOnHour, later, parseInstant, toDate } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { isPermitted } from '#lib/identity/permissions.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { chargeEquations, countEvidence, findGaps } from './charge.ts';
import { findCharge, type FoundCharge, readEvidence, readJournalId, readLineOf, readLosses } from './charge-store.ts';
import { readLateFacts } from './late-store.ts';
import { tenantOf } from './lines.ts';
import { readItem, readPublishedPrice } from './price-store.ts';
import type { ChargeExplanation } from './types.ts';

/** Which charge: an allocation, a clock hour as ISO text, and which of its revisions. */
export type ChargeWish = { readonly allocationId: string; readonly hour: string; readonly revision: number };

/** The steps of some charges, without their journals and lines: what a page or a stretch of a file needs of them. */
export type ChargeSteps = Pick<ChargeExplanation, 'charge' | 'evidence' | 'gaps' | 'equations'>;

/** Explains charges of one price version together: a handful of statements for any number of them. */
export async function stepsOf(
  tx: Tx,
  found: readonly FoundCharge[],
  price: ChargeExplanation['price'],
): Promise<ChargeSteps[]> {
  if (found.length === 0) return [];
  const charges = found.map(({ charge }) => charge);
  const first = present(charges[0], 'a charge');
  const from = charges.reduce((at: Instant, { startAt }) => earlier(at, startAt), first.startAt);
  const until = charges.reduce((at: Instant, { endAt }) => later(at, endAt), first.endAt);
  const ids = [...new Set(charges.map(({ allocationId }) => allocationId))];
  const evidence = await readEvidence(tx, ids, toDate(from), toDate(until));
  const losses = await readLosses(tx, [...new Set(charges.map(({ reservationId }) => reservationId))]);
  const lateOf = await readLateFacts(tx, charges);
  return charges.map((charge) => {
    const stored = evidence.get(charge.allocationId) ?? [];
    const counted = countEvidence(charge, stored);
    return {
      charge,
      evidence: counted,
      gaps: findGaps(charge, stored, losses.get(charge.reservationId) ?? []),
      equations: chargeEquations(charge, price, counted, lateOf(charge)),
    };
  });
}

/**
 * How one card's hour came to its amount: the proof that its seconds rest on, the seconds that were not charged and why,
 * the price in that hour, and R(before) and R(after). The own organisation's, for staff anybody's; null when there is no
 * such charge in sight.
 */
export async function explainCharge(ctx: Ctx, wish: ChargeWish): Promise<ChargeExplanation | null> {
  authorize(ctx, 'usage:read');
  const [allocationId, hourAt] = [parseId('allocation', wish.allocationId), parseInstant(wish.hour)];
  // Nothing was charged before 1970, and the database does not know every year that a text can name.
  if (allocationId === null || hourAt === null || hourAt < 0 || !isOnHour(hourAt)) return null;
  return withTx(ctx, async (tx) => {
    const key = { allocationId, hourAt, revision: wish.revision };
    const found = await findCharge(tx, tenantOf(ctx), key);
    if (found === null) return null;
    const price = await readPublishedPrice(tx, found.charge.priceVersionId);
    const [steps] = await stepsOf(tx, [found], price);
    return {
      ...present(steps, 'the steps of a charge'),
      price,
      item: await readItem(tx, found.skuId),
      journalId: await readJournalId(tx, found.charge.journalKey),
      line: isPermitted(ctx.actor, 'invoice:read') ? ((await readLineOf(tx, found)) ?? 'notInvoiced') : 'notShown',
    };
  });
}
