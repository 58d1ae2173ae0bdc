import { DAY_MS, HOUR_MS, MINUTE_MS } from '#lib/core/instant.ts';
import type { QueuePolicy } from '../queue-types.ts';
import { fairOrder, firstCome, shortestFirst } from './order.ts';

const flexNoticeMs = 10 * MINUTE_MS;

/** The policies by name. `kashi` is the one the market runs; the others are what it is measured against. */
export const QUEUE_POLICIES = {
  fifo: { rank: firstCome, backfill: 'none', flexNoticeMs },
  'fifo-easy': { rank: firstCome, backfill: 'easy', flexNoticeMs },
  'sjf-easy': { rank: shortestFirst, backfill: 'easy', flexNoticeMs },
  kashi: {
    rank: fairOrder({ starvationMs: 14 * DAY_MS, smallWalltimeMs: HOUR_MS, patienceMs: DAY_MS }),
    backfill: 'easy',
    flexNoticeMs,
  },
} as const satisfies Readonly<Record<string, QueuePolicy>>;

export type QueuePolicyName = keyof typeof QUEUE_POLICIES;
