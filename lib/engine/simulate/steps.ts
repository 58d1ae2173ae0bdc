import { z } from 'zod';
import { invariant } from '#lib/core/assert.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { gangSchema, QUEUE_TIERS } from '#lib/catalog/types.ts';
import { CARD_ACTS } from '#lib/inventory/lifecycle.ts';
import { HANDLINGS } from '#lib/reservations/maintenance-types.ts';
import { SPARE_BPS_MAX } from '#lib/reservations/spare-choice.ts';

// What a simulated run does, as plain data: drawn from a seed, printed line by line, read back, and cut short. No step
// names anything that an earlier one made; `pick` chooses among what is there when its turn comes, so that a run still
// means something when steps are left out of it.

/** Where a round can be broken off, and what is left of the process then. */
export const FAILURE_POINTS = [
  /** The database refuses the round's transaction; the process lives. */
  'refusal',
  /** The process dies before its round is committed. */
  'beforeCommit',
  /** The process dies after its round is committed and before memory is told. */
  'afterCommit',
  /** The process dies between two rounds. */
  'betweenRounds',
  /** The database refuses to settle; the process lives. */
  'settlingRefused',
  /** The process dies while it settles. */
  'whileSettling',
] as const;
export type FailurePoint = (typeof FAILURE_POINTS)[number];

const pick = z.number().int().min(0);
/** True when the engine is not turned after the step, so that the next one joins the same round. */
const waits = z.boolean();

/** In the neighbouring pool, where the market has one; on PostgreSQL only, as in memory there is one pool. */
const isNextDoor = z.literal(true).exactOptional();

const reserve = z.object({
  do: z.literal('reserve'),
  isNextDoor,
  organisation: pick,
  cards: z.number().int().min(1),
  topology: z.enum(TOPOLOGIES),
  gang: z.exactOptional(gangSchema),
  /** From now; null starts at once. */
  leadSeconds: z.number().int().min(1).nullable(),
  by: z.enum(['hours', 'open', 'day']),
  seconds: z.number().int().min(1),
  quote: z.enum(['good', 'expired', 'tooLow', 'retired']),
  /** Chosen among all projects, others' as well; none where left out. */
  project: pick.exactOptional(),
  /** Against the credit line, whether there is one or not. */
  isOnAccount: z.literal(true).exactOptional(),
  waits,
});
const queue = z.object({
  do: z.literal('queue'),
  isNextDoor,
  organisation: pick,
  project: pick.exactOptional(),
  cards: z.number().int().min(1),
  topology: z.enum(TOPOLOGIES),
  tier: z.enum(QUEUE_TIERS),
  /** The longest that it may run. */
  seconds: z.number().int().min(1),
  /** From now; null: whenever. */
  deadlineSeconds: z.number().int().min(1).nullable(),
  capYuan: z.number().int().min(1).nullable(),
  waits,
});
const change = z.object({
  do: z.literal('change'),
  isNextDoor,
  act: z.enum([
    'cancel',
    'release',
    'refund',
    'extend',
    'shrink',
    'autoExtend',
    'offerTransfer',
    'withdrawTransfer',
    'acceptTransfer',
    /** Offered and accepted in one breath. */
    'handOver',
  ]),
  pick,
  isOwn: z.boolean(),
  seconds: z.number().int().min(1),
  waits,
});
const cardAct = z.object({
  do: z.literal('cardAct'),
  isNextDoor,
  act: z.enum(CARD_ACTS),
  pick,
  isServer: z.boolean(),
  waits,
});
const health = z.object({
  do: z.literal('health'),
  isNextDoor,
  pick,
  /** `refusing`: well, but takes no new work; `refused`: its plugin did not give it to its holder. */
  becomes: z.enum(['healthy', 'degraded', 'unhealthy', 'unknown', 'refusing', 'refused']),
  agoSeconds: z.number().int().min(0),
});

const window = z.object({
  do: z.literal('window'),
  isNextDoor,
  pick,
  /** So many neighbours, or the whole server of the first. */
  cards: z.number().int().min(1),
  isServer: z.boolean(),
  /** From now; null starts at once. */
  leadSeconds: z.number().int().min(1).nullable(),
  /** Null: until somebody ends it. */
  seconds: z.number().int().min(1).nullable(),
  handling: z.enum(HANDLINGS),
  waits,
});

export const step = z.discriminatedUnion('do', [
  reserve,
  change,
  cardAct,
  window,
  /** A window is called off, or ends early. */
  z.object({ do: z.literal('endWindow'), isNextDoor, pick, waits }),
  /** The share of cards that are kept from sale to stand in for others. */
  z.object({ do: z.literal('spares'), isNextDoor, shareBps: z.number().int().min(0).max(SPARE_BPS_MAX), waits }),
  health,
  queue,
  z.object({ do: z.literal('cancelJob'), isNextDoor, pick, isOwn: z.boolean(), waits }),
  /** The workload of a running job is over before its time. */
  z.object({ do: z.literal('jobOver'), pick }),
  /** An earlier key comes again, with the same request or another one. */
  z.object({ do: z.literal('again'), pick, isSame: z.boolean() }),
  z.object({ do: z.literal('rubbish'), organisation: pick, form: pick, waits }),
  z.object({ do: z.literal('topUp'), organisation: pick, yuan: z.number().int().min(1) }),
  /**
   * The hourly price is replaced: quotes and extensions under the old one are refused from now on. On PostgreSQL a price is agreed
   * with one organisation instead, for all that is sold.
   */
  z.object({ do: z.literal('reprice'), yuan: z.number().int().min(1) }),
  /** Time passes: with a stop at everything that falls due, or in one jump, as when no engine ran. */
  z.object({ do: z.literal('advance'), seconds: z.number().int().min(1), isPaced: z.boolean() }),
  z.object({ do: z.literal('failure'), at: z.enum(FAILURE_POINTS) }),
  /** The next command can never be written. */
  z.object({ do: z.literal('poison') }),
  /** Another engine leads; with `isSplit` the old one does not know and tries a round of its own. */
  z.object({ do: z.literal('leader'), isSplit: z.boolean() }),
]);
export type Step = z.infer<typeof step>;
export type ReserveStep = Extract<Step, { do: 'reserve' }>;
export type QueueStep = Extract<Step, { do: 'queue' }>;
export type ChangeStep = Extract<Step, { do: 'change' }>;
/** What staff ask of the pool. */
export type StaffStep = Extract<Step, { do: 'cardAct' | 'window' | 'endWindow' | 'spares' }>;

export const market = z.object({
  servers: z.number().int().min(1),
  cardsPerServer: z.number().int().min(1),
  /** A second pool, of so many servers, in which the same organisations book; on PostgreSQL only. */
  neighbourServers: z.number().int().min(1).exactOptional(),
  organisations: z.array(
    z.object({
      yuan: z.number().int().min(0),
      cardQuota: z.number().int().min(1),
      spendingLimitYuan: z.number().int().min(1).nullable(),
      /** What may be set aside and owed on account; nothing where left out. */
      lineYuan: z.number().int().min(1).exactOptional(),
      /** What a voucher is worth, and how long it may pay; on PostgreSQL only, as in memory there are no vouchers. */
      voucher: z.exactOptional(z.object({ yuan: z.number().int().min(1), hours: z.number().int().min(1) })),
      /** The part of the list price that is agreed, and for how long; on PostgreSQL only, like vouchers. */
      agreed: z.exactOptional(
        z.object({
          factorBps: z.number().int().min(1).max(9_999),
          hours: z.number().int().min(1).nullable(),
        }),
      ),
    }),
  ),
  projects: z
    .array(
      z.object({
        organisation: pick,
        cardQuota: z.number().int().min(1).nullable(),
        limitYuan: z.number().int().min(1).nullable(),
        isClosed: z.boolean(),
      }),
    )
    .default([]),
});
/** The pools and the customers that a run begins with. */
export type Market = z.infer<typeof market>;

export type Script = { readonly market: Market; readonly steps: readonly Step[] };

/** A script as text: its market, then one step a line. */
export function printScript(script: Script): string {
  return [script.market, ...script.steps].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads what {@link printScript} wrote; lines that begin with `#` are left out. Throws on anything else. */
export function readScript(text: string): Script {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [first, ...rest] = lines.map((line): unknown => JSON.parse(line));
  invariant(first !== undefined, 'a script begins with its market');
  return { market: market.parse(first), steps: rest.map((line) => step.parse(line)) };
}
