import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { chargeWholeHour, readNextHour, shardsFor } from './charging.ts';
import { proveLeadership } from './leadership.ts';
import type { Pool } from './pool.ts';
import { settle } from './settling.ts';

/** Settled in one transaction at most; the rest follow in the next round. */
const SETTLED_PER_ROUND = 256;

/** Charges every whole hour that has passed, in order. True when there was one. */
export async function chargePassedHours(ctx: Ctx, pool: Pool): Promise<boolean> {
  pool.nextHourAt ??= await withTx(ctx, (tx) => readNextHour(tx, pool.id, ctx.now));
  let hasCharged = false;
  while (pool.nextHourAt !== null && pool.nextHourAt + HOUR_MS <= ctx.now) {
    const hourAt: Instant = pool.nextHourAt;
    const { catalog } = pool.mind.book;
    const charges = await chargeWholeHour(ctx, pool.lease, catalog.prices, hourAt, shardsFor(pool.fleet.cards.length));
    if (charges > 0) await withTx(ctx, (tx) => notify(tx, 'kashi_change', ['usage']));
    pool.nextHourAt = instant(hourAt + HOUR_MS);
    hasCharged = true;
  }
  return hasCharged;
}

/** Settles what is over and due. True when there was something. */
export async function settleOver(ctx: Ctx, pool: Pool): Promise<boolean> {
  const due = pool.unsettled.filter(({ settleAt }) => settleAt <= ctx.now).slice(0, SETTLED_PER_ROUND);
  if (due.length === 0) return false;
  await withTx(
    ctx,
    async (tx) => {
      await proveLeadership(tx, pool.lease, 0);
      await settle(ctx, tx, pool.mind.book.catalog.prices, pool.id, due, pool.nextHourAt);
      await notify(
        tx,
        'kashi_change',
        due.map(({ id }) => `reservation:${id}`),
      );
    },
    { epoch: pool.lease.epoch },
  );
  const done = new Set<string>(due.map(({ id }) => id));
  pool.unsettled = pool.unsettled.filter(({ id }) => !done.has(id));
  return true;
}
