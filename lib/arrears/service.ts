import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { present } from '#lib/core/assert.ts';
import { type Units, ZERO_UNITS } from '#lib/core/money.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { readMeans } from '#lib/ledger/arrears.ts';
import { withTx } from '#lib/platform/db.ts';
import { type OpenEnd, readOpenEnds } from '#lib/reservations/open-ends.ts';
import { readSituations, type Situation } from './facts.ts';
import { readOrganisations, readStandings, readSteps, readTerms, type StepView } from './store.ts';
import { ARREARS_STATES, type ArrearsTerms, type Standing } from './types.ts';

/** A month: further ahead, what a wallet lasts for is said in hours only. */
const HORIZON_HOURS = 31 * 24;

/** Where the actor's organisation stands, what happens next, and what runs until the money does. */
export type OwnArrears = Situation & {
  readonly openEnds: readonly Pick<OpenEnd, 'id' | 'name' | 'cards' | 'heldUntil' | 'graceFrom'>[];
};

/** How the actor's organisation stands, with a forecast of a month at the rate of now. */
export async function getArrears(ctx: Ctx): Promise<OwnArrears> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, async (tx) => {
    const [situation] = await readSituations(tx, ctx.now, [organisationId], HORIZON_HOURS);
    return { ...present(situation, 'a situation'), openEnds: await readOpenEnds(tx, [organisationId]) };
  });
}

/** What happens when the money of the actor's organisation runs out: its own terms, else the operator's. */
export async function getTerms(ctx: Ctx): Promise<ArrearsTerms> {
  const organisationId = authorizeTenant(ctx, 'catalog:read');
  return withTx(ctx, async (tx) => {
    const terms = await readTerms(tx, [organisationId]);
    return present(terms.get(organisationId) ?? terms.get(''), 'the operator’s policy');
  });
}

/** The newest steps of the actor's organisation, newest first. */
export async function listSteps(ctx: Ctx, take: number): Promise<StepView[]> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, (tx) => readSteps(tx, organisationId, take));
}

/** An organisation that something may happen to, for staff. */
export type ArrearsRow = Situation & { readonly name: string };

/** Everybody who is not well or runs something until the money does: the furthest gone first, then the least time left. */
export async function listArrears(ctx: Ctx): Promise<ArrearsRow[]> {
  authorize(ctx, 'arrears:read');
  return withTx(ctx, async (tx) => {
    const situations = await readSituations(tx, ctx.now, null);
    const names = new Map<string, string>(
      (
        await readOrganisations(
          tx,
          situations.map(({ organisationId }) => organisationId),
        )
      ).map(({ id, name }) => [id, name]),
    );
    const rank = ({ standing }: Situation): number => -ARREARS_STATES.indexOf(standing.state);
    const until = ({ facts }: Situation): number => facts.runsOutAt ?? Number.MAX_SAFE_INTEGER;
    return situations
      .map((situation) => ({ ...situation, name: names.get(situation.organisationId) ?? situation.organisationId }))
      .sort((a, b) => rank(a) - rank(b) || until(a) - until(b) || a.name.localeCompare(b.name));
  });
}

/** What a console's banner says: where the organisation stands, what was announced, and what it owes now. */
export type StandingView = Standing & { readonly owedUnits: Units };

/** Where the actor's organisation stands; null when its money never ran short. */
export async function findStanding(ctx: Ctx): Promise<StandingView | null> {
  const organisationId = authorizeTenant(ctx, 'wallet:read');
  return withTx(ctx, async (tx) => {
    const standing = (await readStandings(tx, [organisationId])).get(organisationId);
    if (!standing || standing.state === 'ok') return null;
    const means = (await readMeans(tx, [organisationId])).get(organisationId);
    return { ...standing, owedUnits: means?.owedUnits ?? ZERO_UNITS };
  });
}
