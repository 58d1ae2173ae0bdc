import { setTimeout as pause } from 'node:timers/promises';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { units } from '#lib/core/money.ts';
import { databaseErrorOf, isConnectionLost } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { post } from '../posting.ts';
import { placed, type ReservationRef } from '../templates.ts';
import { reservationOf, seedWallet, walletOf } from '../testing.ts';

/** What transactions that outlasted their timeout left behind: no row and no open session is right. */
export type Late = {
  readonly times: number;
  readonly refused: number;
  /** Who ended them: a SQL state of the server, or a code of Prisma's. */
  readonly endedBy: ReadonlySet<string>;
  readonly strayRows: number;
  readonly openSessions: number;
  readonly missingUnits: bigint;
};

/** Prisma gives up after this, the server a second earlier: both long after what a statement takes on a busy machine. */
const TIMEOUT_MS = 2_500;
const PRICE = units(1_00000000n);
const YUAN = 1_000n;

const lift = (tx: Tx) =>
  tx.$executeRaw`SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`;

/** How a transaction comes to outlast its timeout between two postings; the second must fail, and the first go with it. */
const DELAYS: readonly ((tx: Tx) => Promise<unknown>)[] = [
  // A statement takes too long: the server ends it.
  (tx) => tx.$executeRaw`SELECT pg_sleep(1.7)`,
  // The caller does: the server ends the session.
  () => pause(1_700),
  // The server knows no limits, and Prisma gives the connection to somebody else while the caller dawdles.
  async (tx) => {
    await lift(tx);
    await pause(TIMEOUT_MS + 100);
  },
  // The same while a statement runs.
  async (tx) => {
    await lift(tx);
    await tx.$executeRaw`SELECT pg_sleep(${(TIMEOUT_MS + 100) / 1_000}::float8)`;
  },
];

function endOf(error: unknown): string {
  const state = databaseErrorOf(error)?.sqlState;
  // Whoever speaks next on it hears the reason, or only that it is gone.
  if (state === '25P03' || isConnectionLost(error) || /connection error/.test(String(error))) return 'session ended';
  // So does whoever speaks next in a transaction of which a statement was ended.
  if (state === '57014' || state === '25P02') return 'statement ended';
  // What comes behind the end of its transaction does not reach the connection, which is another's by then.
  if (/the transaction is over/.test(String(error))) return 'transaction over';
  return (
    state ?? /P\d{4}/.exec(error instanceof Object && 'code' in error ? String(error.code) : '')?.[0] ?? String(error)
  );
}

/** Answers what ended it; null when nothing did. */
async function postLate(ctx: Ctx, r: ReservationRef, n: number): Promise<string | null> {
  const [first, second, stray] = [0, 1, 2].map((step) => placed(r, ctx.now, step, PRICE, 1n));
  const delay = present(DELAYS[n % DELAYS.length], 'a delay');
  let abandoned: Promise<unknown> = Promise.resolve();
  const work = async (tx: Tx): Promise<void> => {
    await post(ctx, tx, [present(first, 'a journal')]);
    // Whoever does not wait for the delay goes on posting after Prisma has given up.
    abandoned = delay(tx)
      .catch(() => {})
      .then(() => post(ctx, tx, [present(second, 'a journal')]))
      .finally(() => post(ctx, tx, [present(stray, 'a journal')]));
    await abandoned;
  };
  const end = await withTx(ctx, work, { timeoutMs: TIMEOUT_MS }).then(() => null, endOf);
  await abandoned.catch(() => {});
  return end;
}

/** Posts so many times in transactions that outlast their timeout, so many of them at once, beside others that do not. */
export async function postTooLate(ctx: Ctx, times: number, atOnce: number): Promise<Late> {
  const org = await seedWallet(ctx, YUAN);
  const late = Array.from({ length: times }, () => reservationOf(org, ctx.now));
  const counts = { started: 0, refused: 0, punctual: 0n };
  const endedBy = new Set<string>();
  async function client(): Promise<void> {
    for (let n = counts.started; n < times; n = counts.started) {
      counts.started += 1;
      const end = await postLate(ctx, present(late[n], 'a reservation'), n);
      if (end !== null) {
        counts.refused += 1;
        endedBy.add(end);
      }
      // Somebody in time, on a connection that the late one may have had; given back by hand at the end.
      if (n % 50 !== 0) continue;
      await withTx(ctx, (tx) => post(ctx, tx, [placed(reservationOf(org, ctx.now), ctx.now, 0, PRICE, 1n)]));
      counts.punctual += PRICE;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client));
  const ids = late.map(({ reservationId }) => reservationId);
  const [row] = await withTx(
    ctx,
    (tx) => tx.$queryRaw<{ rows: number; sessions: number }[]>`
      SELECT (SELECT count(*)::int FROM journal WHERE source->>'reservation' = ANY(${ids}::text[]))
        + (SELECT count(*)::int FROM hold WHERE subject = ANY(${ids}::text[])) AS rows,
        (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'
          AND pid <> pg_backend_pid()) AS sessions`,
  );
  const due = YUAN * 100_000_000n - counts.punctual;
  return {
    times,
    refused: counts.refused,
    endedBy,
    strayRows: row?.rows ?? -1,
    openSessions: row?.sessions ?? -1,
    missingUnits: due - (await walletOf(ctx, org)),
  };
}
