import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as turnOver } from 'node:timers/promises';
import { closePeriod } from '#lib/billing/close.ts';
import { type ChargedMonth, seedChargedMonth } from '#lib/billing/testing-month.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, plusMs } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { demandClock } from '#lib/platform/clock.ts';
import { Prisma, withTx } from '#lib/platform/db.ts';
import { reserve } from '#lib/reservations/service.ts';
import { Engine } from '../engine.ts';
import { bookerOf, seedBookingMarket, seedQuotes, STANDS_AT } from '../testing-bookings.ts';
import { LEADER } from '../testing-contest.ts';

/** Work that is to be complete or absent whenever it is killed, and complete once it is done again. */
export type Work = {
  /** Makes what the work begins with, in the open, empty database of the owner's URL. */
  readonly seed: (url: string) => Promise<void>;
  /** Does the work, or finishes it. */
  readonly run: () => Promise<void>;
  /** Everything that the work leaves, as one text: the same each time it is done to the end. */
  readonly digest: () => Promise<string>;
};

const MONTH = present(parseMonth('2026-11'), 'a month');
/** Customers of three batches of invoices, the last of them not full. */
const CHARGED: ChargedMonth = { month: MONTH, cards: Array(210).fill(1), hours: 2, hasEvidence: true };
const FINANCE: Ctx = {
  actor: { kind: 'staff', userId: 'usr_kills' as Id<'user'>, roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_kills',
  now: monthCutoffAt(MONTH),
};
const HOURS = 14;

async function digestOf(query: Prisma.Sql): Promise<string> {
  const rows = await withTx(LEADER, (tx) => tx.$queryRaw<{ line: string }[]>(query));
  return createHash('sha256')
    .update(rows.map(({ line }) => line).join('\n'))
    .digest('hex');
}

const BALANCES = Prisma.sql`SELECT concat_ws(' ', path, balance_units, posting_count) FROM account WHERE balance_units IS NOT NULL`;

/** An engine leads the market's pool, whoever led before, until nothing is left to do at this time or `isOver`. */
async function turnEngine(isOver: () => boolean): Promise<void> {
  await withTx(LEADER, (tx) => tx.$executeRaw`UPDATE pool_lease SET expires_at = 'epoch'`);
  const engine = new Engine(`kills-${randomBytes(6).toString('hex')}`, {
    seed: 7,
    faultRates: 'none',
    hosts: NO_HOSTS,
  });
  do {
    engine.wake('everything');
    while (await engine.turn());
    await turnOver();
  } while (!isOver());
  await engine.close();
}

async function seedHours(): Promise<void> {
  const market = await seedBookingMarket(64, 4);
  const quotes = await seedQuotes(
    market,
    market.organisations.flatMap((organisationId, n) =>
      [1, 5, 9].map(
        (cards) => ({ organisationId, cards, topology: 'any', startHour: null, hours: 3 + n * 9 }) as const,
      ),
    ),
  );
  let isOver = false;
  const answers = Promise.all(
    quotes.map(({ organisationId, quoteId }) =>
      reserve(bookerOf(organisationId), { quoteId, name: 'kills', idempotencyKey: quoteId }),
    ),
  ).finally(() => {
    isOver = true;
  });
  await turnEngine(() => isOver);
  const refused = (await answers).filter(({ ok }) => !ok).length;
  if (refused > 0) throw new Error(`${refused} bookings were refused`);
}

async function runHours(): Promise<void> {
  await withTx(LEADER, (tx) => demandClock(tx, plusMs(STANDS_AT, HOURS * HOUR_MS), 0));
  await turnEngine(() => true);
}

async function runClose(): Promise<void> {
  const closed = await closePeriod(FINANCE, MONTH);
  if (!closed.ok && closed.refusal.code !== 'monthClosed') throw new Error(`refused: ${closed.refusal.code}`);
}

/** The hourly run over half a day and more, with reservations that end meanwhile; and the close of a month. */
export const WORKS = {
  hours: {
    seed: seedHours,
    run: runHours,
    digest: () =>
      digestOf(Prisma.sql`SELECT concat_ws(' ', allocation_id, hour_at, used_seconds, down_seconds, unused_seconds, amount_units) AS line
        FROM usage_charge UNION ALL ${BALANCES} UNION ALL SELECT concat_ws(' ', pool_id, hour_at) FROM metered_hour ORDER BY 1`),
  },
  close: {
    seed: (url) => seedChargedMonth(url, CHARGED),
    run: runClose,
    digest: () =>
      digestOf(Prisma.sql`SELECT concat_ws(' ', number, snapshot_hash, previous_hash) AS line FROM invoice
        UNION ALL ${BALANCES} UNION ALL SELECT concat_ws(' ', month, state, cutoff_at, totals) FROM billing_period ORDER BY 1`),
  },
} as const satisfies Record<string, Work>;

export type WorkName = keyof typeof WORKS;
