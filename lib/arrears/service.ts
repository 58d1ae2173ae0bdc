import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { present } from '#lib/core/assert.ts';
import { type Units, ZERO_UNITS } from '#lib/core/money.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { readMeans } from '#lib/ledger/arrears.ts';
import { withTx } from '#lib/platform/db.ts';
import { type OpenEnd, readOpenEnds } from '#lib/reservations/open-ends.ts';
import { readSituations, type Situation } from './facts.ts';
import { countConcerned, readConcerned } from './list-store.ts';
import { readStandings, readSteps, readTerms, type StepView } from './store.ts';
import type { ArrearsState, ArrearsTerms, Standing } from './types.ts';

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

/** A page of those whom something may happen to, and how many there are in all and in each state. */
export type ArrearsPage = {
  readonly rows: readonly ArrearsRow[];
  readonly total: number;
  readonly counts: ReadonlyMap<ArrearsState, number>;
};

/**
 * Everybody who is not well or runs something until the money does, or those in one state: the furthest gone first, then
 * the least time left, in the order of the database. Only the page's own are looked at in full.
 */
export async function listArrears(
  ctx: Ctx,
  page: { readonly state: ArrearsState | null; readonly skip: number; readonly take: number },
): Promise<ArrearsPage> {
  authorize(ctx, 'arrears:read');
  return withTx(ctx, async (tx) => {
    const counts = await countConcerned(tx);
    const concerned = await readConcerned(tx, ctx.now, page);
    const ids = concerned.map(({ id }) => id);
    const situations = new Map((await readSituations(tx, ctx.now, ids)).map((each) => [each.organisationId, each]));
    const rows = concerned.map(({ id, name }) => ({ ...present(situations.get(id), 'a situation'), name }));
    const ofAll = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return { rows, total: page.state === null ? ofAll : (counts.get(page.state) ?? 0), counts };
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
