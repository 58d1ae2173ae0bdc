import 'server-only';
import { readPriceVersions, readSkus } from '#lib/catalog/price-list.ts';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, instant, plusMs } from '#lib/core/instant.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type PublishedAvailability, readAvailability } from './availability.ts';
import type { RoomHour } from './calendar.ts';
import { type Blocker, type Explanation, NOTHING_BLOCKED, type Sooner, type Token } from './explanation.ts';
import { type AskedCommand, readAskedCommand, readBlockers, readWaiting } from './explanation-store.ts';
import { otherPools } from './other-pools.ts';
import { explanationOfJob } from './queue/explanation-of-job.ts';
import { readJob } from './queue/store.ts';
import { TOKEN_OF } from './refusal-token.ts';
import type { CommandPayload, ReservationRefusal } from './command-types.ts';
import { explainWaiting } from './waiting.ts';

/** What was asked for, to fill a form with again. */
export type AskedWish = Extract<CommandPayload, { kind: 'reserve' }>;

/** How something stands, and why. */
export type ExplainView = {
  readonly id: string;
  /** `fine`: it waits for nothing and was not refused. */
  readonly status: 'pending' | 'refused' | 'waiting' | 'fine';
  readonly commandId: string | null;
  readonly explanation: Explanation | null;
  /** What the actor may see by name; the explanation counts all. */
  readonly blockers: readonly Blocker[];
  /** The booking that was refused; null for anything else. */
  readonly wish: AskedWish | null;
};

const bare = (token: Token, needed: number): Explanation => ({
  token,
  needed,
  numbers: {},
  free: null,
  blocked: NOTHING_BLOCKED,
  earliestStartAt: null,
  sooner: [],
});

/** What a refusal without a stored explanation says by itself: one from before they were stored, or a fault of ours. */
function fromRefusal(refusal: ReservationRefusal): Explanation {
  const token = TOKEN_OF[refusal.code] ?? 'capacityExhausted';
  const { code, ...numbers } = refusal;
  const plain = bare(token, 'needed' in refusal ? refusal.needed : 0);
  const earliestStartAt = 'earliestStartAt' in refusal ? refusal.earliestStartAt : null;
  return {
    ...plain,
    numbers: { code, ...numbers },
    earliestStartAt: earliestStartAt === null ? null : instant(earliestStartAt),
  };
}

function hoursOf(table: PublishedAvailability): RoomHour[] {
  return table.freeCards.map((freeCards, i) => ({
    hourAt: plusMs(table.fromHourAt, i * HOUR_MS),
    freeCards,
    freeServers: table.freeServers[i] ?? 0,
    freeSupernodes: table.freeSupernodes[i] ?? 0,
    largestOnServer: table.largestOnServer[i] ?? 0,
    largestOnSupernode: table.largestOnSupernode[i] ?? 0,
  }));
}

const ABOUT_ROOM: ReadonlySet<Token> = new Set([
  'misconfigured',
  'tooLongForGap',
  'fragmentedAcrossServers',
  'fragmentedAcrossSupernodes',
  'blockedByReservation',
  'blockedByMaintenance',
  'waitingForRepair',
  'capacityExhausted',
]);

/** Where else a refused booking would fit, as the tables of the other pools show now. */
async function elsewhere(
  tx: Tx,
  now: Instant,
  wish: AskedWish,
  { token, earliestStartAt }: Explanation,
): Promise<Sooner[]> {
  if (!ABOUT_ROOM.has(token)) return [];
  const skus = await readSkus(tx, now);
  const asked = skus.find(({ id }) => id === wish.skuId);
  const [price] = await readPriceVersions(tx, [wish.priceVersionId]);
  const termSeconds = price?.terms.find(({ term }) => term === wish.term)?.termSeconds ?? null;
  const others = skus.filter(({ poolId, purchase, price: onSale }) => {
    return asked !== undefined && onSale !== null && purchase === asked.purchase && poolId !== asked.poolId;
  });
  const pools = [];
  for (const { poolId, shape } of others) {
    const table = await readAvailability(tx, poolId);
    const { cardsPerServer, cardsPerSupernode } = shape;
    if (table) pools.push({ poolId, cardsPerServer, cardsPerSupernode, hours: hoursOf(table) });
  }
  return otherPools(
    {
      cards: wish.cards,
      topology: wish.topology,
      segmentCards: wish.gang?.segmentCards ?? null,
      durationSeconds: wish.term === null ? wish.durationSeconds : termSeconds,
    },
    pools,
    { wantedAt: wish.startAt === null ? null : instant(wish.startAt), soonestHereAt: earliestStartAt, now },
  );
}

async function explainCommand(
  tx: Tx,
  ctx: Ctx,
  id: string,
  { commandId, payload, answer, explanation }: AskedCommand,
): Promise<ExplainView> {
  const base = { id, commandId, blockers: [], wish: payload.kind === 'reserve' ? payload : null };
  const needed = payload.kind === 'reserve' ? payload.cards : 0;
  if (answer === null) return { ...base, status: 'pending', explanation: bare('awaitingDecision', needed) };
  if (answer.ok) return { ...base, status: 'fine', explanation: null };
  const why = explanation ?? fromRefusal(answer.refusal);
  const more = base.wish ? await elsewhere(tx, ctx.now, base.wish, why) : [];
  const blockers = await readBlockers(tx, scopeOf(ctx), commandId);
  return { ...base, status: 'refused', explanation: { ...why, sooner: [...why.sooner, ...more] }, blockers };
}

/** What an id is made of; the database cannot hold every text. */
const ID = /^\w{1,64}$/;

const scopeOf = (ctx: Ctx) => (ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null);

/**
 * Why something waits or was refused, by a reservation's id, a job's or a command's: one reason, the numbers behind it, what
 * blocks it, the earliest start, what would start sooner. Others' reservations appear as counts to a tenant, with
 * their ids to staff. Null when the actor has nothing of that id.
 */
export async function explain(ctx: Ctx, id: string): Promise<ExplainView | null> {
  authorize(ctx, 'reservation:read');
  if (!ID.test(id)) return null;
  return withTx(ctx, async (tx) => {
    const standing = await readWaiting(tx, scopeOf(ctx), id);
    if (standing) {
      const why = explainWaiting(standing);
      const found = { id, commandId: null, wish: null };
      if (!why) return { ...found, status: 'fine', explanation: null, blockers: [] };
      return { ...found, status: 'waiting', ...why };
    }
    const job = await readJob(tx, { organisationId: scopeOf(ctx) }, id);
    if (job) {
      const explanation = explanationOfJob(job);
      const status = explanation === null ? 'fine' : job.state === 'refused' ? 'refused' : 'waiting';
      return { id, commandId: null, wish: null, status, explanation, blockers: [] };
    }
    const asked = await readAskedCommand(tx, scopeOf(ctx), id);
    return asked ? explainCommand(tx, ctx, id, asked) : null;
  });
}
