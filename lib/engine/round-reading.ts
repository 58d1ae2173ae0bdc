import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { earlier, type Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { lockWallets } from '#lib/ledger/posting.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readLimits } from '#lib/reservations/book-keeping.ts';
import { restoreElsewhere } from '#lib/reservations/elsewhere.ts';
import { readElsewhere } from '#lib/reservations/elsewhere-keeping.ts';
import { restoreVouchers } from '#lib/reservations/funds.ts';
import { readProjectLimits } from '#lib/reservations/queue/job-rows.ts';
import { readVouchers } from '#lib/vouchers/spending.ts';
import { nextDue } from '#lib/reservations/timers.ts';
import type { Mind } from './mind.ts';
import type { Pool } from './pool.ts';

/** What a round looks at of organisations besides the mind, read behind the lock of their wallets. */
export type Seen = {
  readonly organisations: readonly Id<'organisation'>[];
  /** Spendable money per organisation. */
  readonly wallets: ReadonlyMap<Id<'organisation'>, Units>;
  readonly limits: Awaited<ReturnType<typeof readLimits>>;
  readonly projects: Awaited<ReturnType<typeof readProjectLimits>>;
  readonly vouchers: Awaited<ReturnType<typeof readVouchers>>;
  /** What they have in other pools. */
  readonly elsewhere: Awaited<ReturnType<typeof readElsewhere>>;
};

const NOTHING_ELSEWHERE: Seen['elsewhere'] = new Map();

/**
 * Locks the wallets of organisations, and reads the rest. The lock is one for all pools: who decides for them in another pool has
 * written what it decided, or waits.
 */
export async function readSeen(
  tx: Tx,
  { id: poolId, mind, isAlone }: Pick<Pool, 'id' | 'mind' | 'isAlone'>,
  organisations: readonly Id<'organisation'>[],
  now: Instant,
): Promise<Seen> {
  // What falls due counts for the month in which it was due, and is paid by the vouchers of that time.
  const since = earlier(nextDue(mind)?.at ?? now, now);
  // Asked at once and answered in this order: what is read, is read behind the lock.
  const [wallets, limits, projects, vouchers, elsewhere] = await Promise.all([
    organisations.length > 0 ? lockWallets(tx, organisations) : new Map<Id<'organisation'>, Units>(),
    readLimits(tx, organisations),
    readProjectLimits(tx, organisations),
    readVouchers(tx, organisations, since),
    isAlone ? NOTHING_ELSEWHERE : readElsewhere(tx, poolId, organisations, since),
  ]);
  return { organisations, wallets, limits, projects, vouchers, elsewhere };
}

/** Takes over what was read, for the decisions of a round. */
export function remember({ book }: Mind, { organisations, limits, projects, vouchers, elsewhere }: Seen): void {
  for (const [id, own] of limits) book.limits.set(id, own);
  for (const project of projects) book.projects.set(project.id, project);
  restoreVouchers(book.vouchers, organisations, vouchers);
  restoreElsewhere(book.elsewhere, organisations, elsewhere);
}
