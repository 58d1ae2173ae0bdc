import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { sumUnits, type Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { availabilityPpm, tierOf } from './credit.ts';
import { policyInForce } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import { type CreditSum, readCredits, readCreditSums, readFigures } from './store.ts';
import type { MonthFigures, SlaCredit, SlaPolicy, Tier } from './types.ts';

/** How a reservation did in a month, as far as its hours are charged. */
export type Availability = {
  readonly figures: MonthFigures;
  /** In millionths, rounded down; null where nothing was promised. */
  readonly ppm: number | null;
  /** The table in force for it; null before the first. */
  readonly policy: SlaPolicy | null;
  /** The line of the table that it is below now; null for none. */
  readonly tier: Tier | null;
  readonly credits: readonly SlaCredit[];
  readonly creditedUnits: Units;
};

/** The most reservations that are asked for at once: a page of them. */
const ASKED_MOST = 50;

/** How reservations of the actor's organisation did in a month, in the order of their ids; those of others are left out. */
export async function listAvailability(
  ctx: Ctx,
  month: Month,
  reservationIds: readonly string[],
): Promise<Availability[]> {
  const organisationId = authorizeTenant(ctx, 'usage:read');
  return withTx(ctx, async (tx) => {
    const policies = await readPolicies(tx, { state: 'approved' });
    const figures = await readFigures(tx, month, reservationIds.slice(0, ASKED_MOST));
    const credits = Map.groupBy(await readCredits(tx, organisationId, { month }), (each) => each.reservationId);
    return figures.map((each) => {
      const policy = policyInForce(policies, each.skuId, month);
      const own = credits.get(each.reservationId) ?? [];
      return {
        figures: each,
        ppm: availabilityPpm(each),
        policy,
        tier: policy && tierOf(each, policy.tiers),
        credits: own,
        creditedUnits: sumUnits(own.map(({ amountUnits }) => amountUnits)),
      };
    });
  });
}

/** Sums of the report: some years of every SKU. */
const SUMS_MOST = 500;

/** What was credited by month and SKU, newest month first, for staff. */
export async function listCreditSums(ctx: Ctx): Promise<CreditSum[]> {
  authorize(ctx, 'sla:read');
  return withTx(ctx, (tx) => readCreditSums(tx, SUMS_MOST));
}
