import { type Canonical, canonicalJson } from '#lib/core/canonical.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { mulberry32 } from '#lib/core/mulberry32.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { withTx } from '#lib/platform/db.ts';
import { listen } from '#lib/platform/notifications.ts';
import { release, reserve } from '#lib/reservations/service.ts';
import { decideRounds } from './deciding-rounds.ts';
import { Deposed } from './leadership.ts';
import { openPool } from './opening.ts';
import type { Pool } from './pool.ts';
import {
  bookerOf,
  type BookingMarket,
  type BookingWish,
  seedQuotes,
  STANDS_AT,
  type WaitingQuote,
} from './testing-bookings.ts';

// Many clients that want the same cards at once, and one leader that decides, or several that each believe they do.

/** The context in which a contest is led. */
export const LEADER: Ctx = {
  scope: { kind: 'system' },
  actor: { kind: 'system', job: 'engine' },
  requestId: 'req_contest',
  now: STANDS_AT,
};
/** Looked at again after this long without an announcement. */
const LOOK_AFTER_MS = 50;

export type Contest = {
  readonly clients: number;
  readonly attempts: number;
  readonly seed: number;
  readonly leaders: readonly Pool[];
};
export type ContestReport = {
  readonly answers: Readonly<Record<string, number>>;
  readonly releases: number;
  readonly rounds: number;
  /** Rounds that the database refused, by what it or the code said. */
  readonly failedRounds: Readonly<Record<string, number>>;
};

/** Becomes the leader of a market's pool, whoever led before: its lease is over. */
export async function openLeader(market: BookingMarket, holder: string): Promise<Pool> {
  await withTx(LEADER, (tx) => tx.$executeRaw`UPDATE pool_lease SET expires_at = 'epoch'`);
  const pool = await openPool(LEADER, market.poolId, holder, { seed: 7, faultRates: 'none', hosts: NO_HOSTS });
  if (!pool) throw new Error(`${holder} does not lead ${market.poolId}`);
  return pool;
}

/**
 * Takes the leader check away: every leader writes under the current epoch, as if none had been deposed. Their decisions
 * are numbered out of each other's way, from `firstNumber` on, for the log refuses a number that it has.
 */
export function letAllLead(leaders: readonly Pool[], firstNumber: bigint): void {
  const current = leaders.at(-1)?.lease;
  leaders.forEach((pool, n) => {
    if (current) pool.lease = { ...current, decisions: firstNumber + BigInt(n) * 1_000_000n };
  });
}

/** Gangs for at once, of a few cards up to a sixteenth of the pool: more clients than the pool has room for. */
function drawGang(market: BookingMarket, cards: number, next: () => number): BookingWish {
  const wholeServers = (share: number): number => Math.max(16, Math.round(cards / share / 16) * 16);
  const sizes = [4, 16, wholeServers(64), wholeServers(32), wholeServers(16)];
  const size = sizes[Math.floor(next() * sizes.length)] ?? 16;
  const organisationId = market.organisations[Math.floor(next() * market.organisations.length)];
  if (organisationId === undefined) throw new Error('a contest takes organisations');
  const topology = size < 16 ? 'same-server' : next() < 0.5 ? 'any' : 'whole-servers';
  return { organisationId, cards: size, topology, startHour: null, hours: 1 + Math.floor(next() * 12) };
}

/** Quotes for a contest, on a pool of `cards` cards. */
export async function seedGangs(
  market: BookingMarket,
  cards: number,
  count: number,
  seed: number,
): Promise<WaitingQuote[]> {
  const next = mulberry32(seed);
  return seedQuotes(
    market,
    Array.from({ length: count }, () => drawGang(market, cards, next)),
  );
}

/** Runs a contest to its end: every client books, and gives back some of what it got, until all attempts are made. */
export async function runContest(contest: Contest, quotes: readonly WaitingQuote[]): Promise<ContestReport> {
  const answers: Record<string, number> = {};
  let releases = 0;
  let started = 0;
  const client = async (n: number): Promise<void> => {
    const next = mulberry32(contest.seed * 1_000 + n);
    const held: { id: string; organisationId: Id<'organisation'> }[] = [];
    for (let quote = quotes[started]; quote && started < contest.attempts; quote = quotes[started]) {
      started += 1;
      const { organisationId, quoteId } = quote;
      const answer = await reserve(bookerOf(organisationId), { quoteId, name: 'gang', idempotencyKey: quoteId });
      const name = answer.ok ? 'accepted' : answer.refusal.code;
      answers[name] = (answers[name] ?? 0) + 1;
      if (answer.ok && answer.value.reservationId) held.push({ id: answer.value.reservationId, organisationId });
      if (held.length < 2 && next() < 0.6) continue;
      const oldest = held.shift();
      if (!oldest) continue;
      await release(bookerOf(oldest.organisationId), { reservationId: oldest.id, idempotencyKey: `end ${oldest.id}` });
      releases += 1;
    }
  };
  let isOver = false;
  const clients = Promise.all(Array.from({ length: contest.clients }, (_, n) => client(n))).finally(() => {
    isOver = true;
  });
  const led = await lead(contest.leaders, () => isOver);
  await clients;
  return { answers, releases, ...led };
}

/** Seconds since the market was made: contests in one market follow each other, and time does not go back. */
let elapsedSeconds = 0;

/** Lets leaders decide, each in turn, until it is over. Time goes on by a second a turn. A deposed one stops. */
async function lead(
  leaders: readonly Pool[],
  isOver: () => boolean,
): Promise<Pick<ContestReport, 'rounds' | 'failedRounds'>> {
  const failedRounds: Record<string, number> = {};
  let rounds = 0;
  let leading = [...leaders];
  let wakeUp: () => void = () => {};
  const stop = listen('kashi_command', () => {
    for (const pool of leading) pool.mayHaveCommands = true;
    wakeUp();
  });
  while (!isOver()) {
    elapsedSeconds += 1;
    const now = plusSeconds(STANDS_AT, elapsedSeconds);
    let didWork = false;
    for (const pool of leading) {
      pool.mayHaveCommands = true;
      try {
        const made = await decideRounds({ ...LEADER, now }, pool);
        didWork ||= made > 0;
        rounds += made;
      } catch (error) {
        const name = error instanceof Deposed ? 'deposed' : 'refused';
        failedRounds[name] = (failedRounds[name] ?? 0) + 1;
        if (error instanceof Deposed) leading = leading.filter((other) => other !== pool);
      }
    }
    // Each is the first to look in its turn.
    leading = [...leading.slice(1), ...leading.slice(0, 1)];
    if (didWork) continue;
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
      setTimeout(resolve, LOOK_AFTER_MS);
    });
  }
  stop();
  return { rounds, failedRounds };
}

/** What must be nought after any contest, as the database finds it by itself. */
export type ContestWrongs = {
  readonly overlaps: number;
  readonly partialGangs: number;
  readonly acceptedWithoutPromise: number;
  readonly promisesWithoutMoney: number;
  readonly failedDecisions: number;
};

/** Counts what is wrong: from the rows alone, without the constraints that are to keep it from happening. */
export async function findWrongs(): Promise<ContestWrongs> {
  const [row] = await withTx(
    LEADER,
    (tx) => tx.$queryRaw<Record<keyof ContestWrongs, bigint>[]>`
      SELECT
        (SELECT count(*) FROM (
          SELECT start_at < max(coalesce(end_at, 'infinity')) OVER (PARTITION BY card_id ORDER BY start_at, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_overlap
          FROM allocation WHERE end_at IS NULL OR end_at > start_at) AS a WHERE is_overlap) AS "overlaps",
        (SELECT count(*) FROM reservation r LEFT JOIN
          (SELECT reservation_id, count(DISTINCT card_id) AS cards FROM allocation GROUP BY 1) AS a ON a.reservation_id = r.id
          WHERE r.is_bound AND r.cards <> coalesce(a.cards, 0)) AS "partialGangs",
        (SELECT count(*) FROM command c WHERE c.kind = 'reserve' AND c.answer->'ok' = 'true'
          AND NOT EXISTS (SELECT FROM reservation r WHERE r.id = c.answer->'value'->>'reservationId')) AS "acceptedWithoutPromise",
        (SELECT count(*) FROM reservation r WHERE NOT EXISTS (SELECT FROM hold h WHERE h.subject = r.id AND h.placed_units > 0)
          OR NOT EXISTS (SELECT FROM command c WHERE c.payload->>'reservationId' = r.id AND c.kind = 'reserve' AND c.state = 'answered'))
          AS "promisesWithoutMoney",
        (SELECT count(*) FROM command c WHERE c.answer->'refusal'->>'code' = 'decisionFailed') AS "failedDecisions"`,
    { timeoutMs: 600_000 },
  );
  if (!row) throw new Error('the database answered nothing');
  return {
    overlaps: Number(row.overlaps),
    partialGangs: Number(row.partialGangs),
    acceptedWithoutPromise: Number(row.acceptedWithoutPromise),
    promisesWithoutMoney: Number(row.promisesWithoutMoney),
    failedDecisions: Number(row.failedDecisions),
  };
}

/** What a leader remembers, in one text: to compare with what another builds from the rows. */
export function memoryOf(pool: Pool): string {
  const { book, state } = pool.mind;
  const ids = [...book.reservations.keys()].sort();
  const remembered = ids.map((id) => ({
    reservation: book.reservations.get(id),
    shares: state.promises.get(id)?.shares,
    bindings: book.bindingsOf(id).toSorted((a, b) => a.card - b.card || a.interval.startAt - b.interval.startAt),
  }));
  const plain: Canonical = JSON.parse(
    JSON.stringify(remembered, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
  );
  return canonicalJson(plain);
}
