import { HOUR_MS, type Instant, instant, SECOND_MS, secondsBetween } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { accountOf, USE_REMEMBERED_MS } from '#lib/reservations/queue/job-book.ts';
import { goesOn, walltimeEndAt } from '#lib/reservations/queue/holding-on.ts';
import { type Job, jobOfReservation } from '#lib/reservations/queue/types.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type {
  DecayedUsage,
  PromisedBlock,
  QueueAccount,
  QueuedJob,
  QueueSnapshot,
  RunningJob,
} from '#lib/scheduler/queue-types.ts';
import { fadedUsage } from '#lib/scheduler/queue/usage.ts';
import type { Share } from '#lib/scheduler/types.ts';
import type { Mind } from './mind.ts';

/** The usable ones of some cards, by server. */
function sharesOn({ state }: Mind, bound: readonly { readonly card: number }[]): readonly Share[] {
  const cards = new Map<number, number>();
  for (const { card } of bound) {
    // A card that takes no new work is neither free nor taken: it is not there.
    if (state.isUsable[card] !== 1) continue;
    const server = state.cardServer[card] ?? 0;
    cards.set(server, (cards.get(server) ?? 0) + 1);
  }
  return [...cards].map(([server, count]) => ({ server, cards: count }));
}

/** The usable cards that a reservation holds, or is promised, by server. */
function sharesOf(mind: Mind, reservation: Booked): readonly Share[] {
  const { state, book } = mind;
  if (!reservation.isBound) return state.promises.get(reservation.id)?.shares ?? [];
  return sharesOn(mind, book.bindingsOf(reservation.id));
}

/** What maintenance windows keep of the pool: no more to be had than what is promised. */
function keptByWindows(mind: Mind): PromisedBlock[] {
  return [...mind.book.windows.keys()].flatMap((id) => {
    const kept = mind.state.bindingsOfPromise(id);
    const byTime = Map.groupBy(kept, ({ interval: { startAt, endAt } }) => `${startAt} ${endAt}`);
    return [...byTime.values()].flatMap((own) => {
      const shares = sharesOn(mind, own);
      const [first] = own;
      return first && shares.length > 0 ? [{ interval: first.interval, shares }] : [];
    });
  });
}

/** A waiting job as the queue plans it. Its cap, deadline and money are looked at before, so they are left out here. */
export function toQueued(job: Job): QueuedJob {
  return {
    id: job.id,
    sequence: job.sequence,
    accountId: accountOf(job),
    tier: job.tier,
    cards: job.cards,
    topology: job.topology,
    walltimeMs: job.walltimeSeconds * SECOND_MS,
    submittedAt: job.submittedAt,
    deadlineAt: null,
    priceCapE10: null,
  };
}

/** Past use by hours, faded to now, with what runs at this moment. */
function usageOf(
  used: ReadonlyMap<number, bigint>,
  running: readonly { readonly cards: number; readonly startAt: Instant }[],
  now: Instant,
): DecayedUsage {
  let cardSeconds = 0n;
  for (const [hourAt, use] of used) {
    if (now - hourAt > USE_REMEMBERED_MS) continue;
    cardSeconds += fadedUsage({ cardSeconds: use, asOf: instant(hourAt) }, now).cardSeconds;
  }
  for (const { cards, startAt } of running)
    cardSeconds += BigInt(cards) * BigInt(Math.max(0, secondsBetween(startAt, now)));
  return { cardSeconds, asOf: now };
}

function accountsOf(mind: Mind, jobs: readonly Job[], now: Instant): Map<string, QueueAccount> {
  const { queue, limits, projects } = mind.book;
  const runningOf = Map.groupBy(queue.running.values(), accountOf);
  const accounts = new Map<string, QueueAccount>();
  // Use fades by whole hours: looked at on the hour, it is the same all hour long.
  const hourAt = instant(Math.floor(now / HOUR_MS) * HOUR_MS);
  for (const job of jobs) {
    const id = accountOf(job);
    if (accounts.has(id)) continue;
    const project = job.projectId === null ? undefined : projects.get(job.projectId);
    const ofOrganisation = limits.get(job.organisationId)?.cardQuota ?? 0;
    const running = (runningOf.get(id) ?? []).flatMap(({ cards, standing }) =>
      standing.state === 'started' ? [{ cards, startAt: standing.startAt }] : [],
    );
    accounts.set(id, {
      quotaCards: Math.min(ofOrganisation, project?.cardQuota ?? ofOrganisation),
      limitLeftUnits: null,
      usage: usageOf(queue.usedBy(id), running, hourAt),
    });
  }
  return accounts;
}

/** What the queue plans from: the mind's promises and running jobs, and those of its waiting jobs that nothing else stops. */
export function queueSnapshotOf(mind: Mind, jobs: readonly Job[], now: Instant): QueueSnapshot {
  const running: RunningJob[] = [];
  const promises: PromisedBlock[] = keptByWindows(mind);
  for (const reservation of mind.book.reservations.values()) {
    const shares = sharesOf(mind, reservation);
    const { interval } = reservation;
    const job = mind.book.queue.running.get(jobOfReservation(reservation.id));
    if (!job || interval.endAt === null) {
      if (shares.length > 0) promises.push({ interval, shares });
      continue;
    }
    running.push({
      id: job.id,
      accountId: accountOf(job),
      tier: job.tier,
      startedAt: interval.startAt,
      // Who has cards by the hour is expected to keep them.
      endAt: goesOn(mind.book, reservation) ? walltimeEndAt(interval.startAt, job) : interval.endAt,
      shares,
      isLeaving: job.standing.state === 'started' && job.standing.leaveAt !== null,
    });
  }
  return {
    now,
    serverSize: mind.state.serverSize[0] ?? 1,
    serverCards: [...mind.state.serverUsable],
    supernodes: mind.state.supernodeServers,
    supernodeSize: mind.state.supernodeSize,
    running,
    promises,
    queue: jobs.map(toQueued),
    accounts: accountsOf(mind, jobs, now),
    priceE10: priceE10(0n),
  };
}
