import { type Instant, instant, MINUTE_MS } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import type { PromisedBlock, QueueAccount, QueuedJob, QueuePlan, QueueSnapshot, RunningJob } from '../queue-types.ts';

export const T0 = instant(Date.UTC(2026, 10, 1));

/** So many minutes after the beginning. */
export function at(minutes: number): Instant {
  return instant(T0 + minutes * MINUTE_MS);
}

/** A queued job of so many cards and minutes; jobs arrive in the order of their sequence. */
export function job(id: string, cards: number, minutes: number, more: Partial<QueuedJob> = {}): QueuedJob {
  return {
    id,
    sequence: id.codePointAt(0) ?? 0,
    accountId: 'acme/main',
    tier: 'standard',
    cards,
    topology: 'any',
    walltimeMs: minutes * MINUTE_MS,
    submittedAt: T0,
    deadlineAt: null,
    priceCapE10: null,
    ...more,
  };
}

/** A job that runs on a server until so many minutes after the beginning. */
export function running(id: string, server: number, cards: number, untilMinutes: number): RunningJob {
  return {
    id,
    accountId: 'acme/main',
    tier: 'standard',
    startedAt: T0,
    endAt: at(untilMinutes),
    shares: [{ server, cards }],
    isLeaving: false,
  };
}

/** Cards of a server promised between two minutes; without an end when that is null. */
export function promise(server: number, cards: number, from: number, until: number | null): PromisedBlock {
  return {
    interval: { startAt: at(from), endAt: until === null ? null : at(until) },
    shares: [{ server, cards }],
  };
}

export function account(more: Partial<QueueAccount> = {}): QueueAccount {
  return { quotaCards: 1_000, limitLeftUnits: null, usage: { cardSeconds: 0n, asOf: T0 }, ...more };
}

/** One server of eight cards, empty, at the beginning; however many servers, they are one supernode. */
export function snapshot(more: Partial<QueueSnapshot> = {}): QueueSnapshot {
  const servers = (more.serverCards ?? [8]).map((_, server) => server);
  return {
    now: T0,
    serverSize: 8,
    serverCards: [8],
    supernodes: [servers],
    supernodeSize: 8 * servers.length,
    running: [],
    promises: [],
    queue: [],
    accounts: new Map(),
    priceE10: priceE10(125_000_000_000n),
    ...more,
  };
}

/** Four servers of eight cards, two to a supernode. */
export const FOUR_SERVERS = {
  serverCards: [8, 8, 8, 8],
  supernodes: [
    [0, 1],
    [2, 3],
  ],
  supernodeSize: 16,
} as const satisfies Partial<QueueSnapshot>;

/** The ids of the jobs that a plan starts. */
export function startedIn(plan: QueuePlan): string[] {
  return plan.starts.map(({ jobId }) => jobId);
}
