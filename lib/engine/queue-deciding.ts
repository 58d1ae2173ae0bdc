import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, later, HOUR_MS, floorToHour, instant, plusMs, SECOND_MS } from '#lib/core/instant.ts';
import { FOREVER } from '#lib/core/interval.ts';
import { type Units, units } from '#lib/core/money.ts';
import { undoAll } from '#lib/core/undo.ts';
import { elsewhereText } from '#lib/reservations/elsewhere.ts';
import { cashOf, vouchersSeen } from '#lib/reservations/funds.ts';
import { limitsSeen } from '#lib/reservations/limits-seen.ts';
import { BOUND_REASONS, obstacleOf, Worked } from '#lib/reservations/queue/obstacles.ts';
import { decideDone, decideLeave, decideStart } from '#lib/reservations/queue/start-job.ts';
import type { Job, Waiting } from '#lib/reservations/queue/types.ts';
import type { Booked, CatalogView } from '#lib/reservations/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { planQueue } from '#lib/scheduler/queue/plan-queue.ts';
import { QUEUE_POLICIES } from '#lib/scheduler/queue/policies.ts';
import type { QueuePlan } from '#lib/scheduler/queue-types.ts';
import type { Mind } from './mind.ts';
import { queueSnapshotOf } from './queue-snapshot.ts';
import { explanationsToWrite } from './queue-waits.ts';

/** Jobs started in one round; the rest follow in the next. */
export const STARTS_MAX = 256;
/** More than any job needs, in 1e-8 yuan. */
const PLENTY = units(10n ** 18n);
/** Plans made in one round: a start that money or cards forbid after all is left out of the next plan. */
const PLANS_MAX = 4;

export type QueueInput = {
  /** Running jobs whose workloads are over. */
  readonly over: readonly Job['id'][];
  readonly wallets: ReadonlyMap<string, Units>;
  readonly now: Instant;
  /** Fewer starts than usual, after a round that could not be written. */
  readonly startsMax?: number;
  /** Jobs whose start could not be written, and until when they are left alone. */
  readonly heldBack?: ReadonlyMap<string, Instant>;
};

export type QueueRound = {
  readonly changes: readonly Change[];
  /** Reservations that ended in the round, as they last were. */
  readonly ended: ReadonlyMap<string, Booked>;
  readonly undo: () => void;
  /** When time alone makes another round due; null: nothing waits. */
  readonly dueAt: Instant | null;
  /** More can be done at once. */
  readonly isUnfinished: boolean;
  /** What the round saw besides the mind and the time, as the log keeps it; see {@link inputOf}. */
  readonly inputs: { readonly [name: string]: string };
};

/** A round at work: what it changed so far, and what money is left. */
class Round {
  readonly changes: Change[] = [];
  readonly ended = new Map<string, Booked>();
  readonly obstacles = new Map<string, Waiting>();
  /** Organisations of which a job waits for money alone. */
  readonly shortOfMoney = new Set<string>();
  /** Organisations of which a quota or a limit keeps a job waiting. */
  readonly bounded = new Set<Id<'organisation'>>();
  readonly #undos: (() => void)[] = [];
  readonly #mind: Mind;
  readonly #wallets: Map<string, Units>;
  readonly #now: Instant;
  readonly #startsMax: number;
  isUnfinished = false;

  constructor(mind: Mind, input: QueueInput) {
    this.#mind = mind;
    this.#wallets = new Map(input.wallets);
    this.#now = input.now;
    this.#startsMax = input.startsMax ?? STARTS_MAX;
    for (const [id, retryAt] of input.heldBack ?? [])
      if (retryAt > input.now) this.obstacles.set(id, { reason: 'ourFault', retryAt });
  }

  keep(made: readonly Change[]): void {
    for (const change of made) {
      this.changes.push(change);
      if (change.kind === 'reservationEnded')
        this.ended.set(change.id, present(this.#mind.book.reservations.get(change.id), `reservation ${change.id}`));
      this.#undos.push(this.#mind.apply(change));
      if (change.kind !== 'moneyPlaced') continue;
      const { organisationId } = change.reservation;
      this.#wallets.set(organisationId, units((this.#wallets.get(organisationId) ?? 0n) - cashOf(change)));
    }
  }

  undo(): void {
    undoAll(this.#undos)();
  }

  /** A job that could not be over in time any more is told so and taken out: no waiting mends that. */
  dismissLate(): void {
    for (const job of this.#mind.book.queue.waitingByArrival()) {
      const { id: jobId, deadlineAt, walltimeSeconds } = job;
      if (deadlineAt === null || this.#now + walltimeSeconds * SECOND_MS <= deadlineAt) continue;
      const dismissal = { reason: 'deadlineMissed', deadlineAt, walltimeSeconds } as const;
      this.keep([{ kind: 'jobRefused', jobId, dismissal, at: this.#now }]);
    }
  }

  /** The jobs that only cards keep waiting; what keeps the others is noted. */
  considered(): Job[] {
    const worked = new Worked();
    return this.#mind.book.queue.waitingByArrival().filter((job) => {
      if (this.obstacles.has(job.id)) return false;
      const obstacle = obstacleOf(this.#mind, job, this.#wallets, this.#now, worked);
      if (!('reason' in obstacle)) return true;
      this.#hinder(job, obstacle);
      return false;
    });
  }

  #hinder(job: Job, obstacle: Waiting): void {
    this.obstacles.set(job.id, obstacle);
    if (obstacle.reason === 'funds') this.shortOfMoney.add(job.organisationId);
    if (BOUND_REASONS.has(obstacle.reason)) this.bounded.add(job.organisationId);
  }

  /** Starts what a plan starts; true when one of them could not be, so that the plan has to be made anew. */
  carryOut(plan: QueuePlan): boolean {
    const { queue } = this.#mind.book;
    for (const { jobId, endAt } of plan.notices) {
      const job = queue.running.get(jobId as Job['id']);
      if (job) this.keep(decideLeave(this.#mind, job, endAt, this.#now));
    }
    let hasFailed = false;
    for (const { jobId, shares } of plan.starts.slice(0, this.#startsMax)) {
      const job = queue.waiting.get(jobId as Job['id']);
      if (!job) continue;
      const decided = decideStart(this.#mind, job, shares, this.#wallets, this.#now);
      if ('reason' in decided) {
        this.#hinder(job, decided);
        hasFailed = true;
      } else this.keep(decided);
    }
    this.isUnfinished ||= plan.starts.length > this.#startsMax;
    return hasFailed;
  }
}

/**
 * What the log keeps of a round's input. Of the wallets only those that kept a job waiting: whoever had enough would have
 * had enough with any more.
 */
function inputsOf({ over, wallets, startsMax, heldBack }: QueueInput, round: Round): QueueRound['inputs'] {
  const started = round.changes.filter(({ kind }) => kind === 'jobStarted').length;
  const poor = [...round.shortOfMoney].map((id) => [`wallet:${id}`, `${wallets.get(id) ?? 0n}`]);
  const held = [...(heldBack ?? [])].map(([id, retryAt]) => [`heldBack:${id}`, `${retryAt}`]);
  return {
    changes: `${round.changes.length}`,
    started: `${started}`,
    startsMax: `${startsMax ?? STARTS_MAX}`,
    ...(over.length > 0 && { over: over.join(' ') }),
    ...Object.fromEntries([...poor, ...held]),
  };
}

/**
 * What the log keeps of limits: of whom something was started, or is told why it waits; and what is elsewhere of whom that kept waiting.
 * What is elsewhere can only make a bound narrower, so it is of no consequence to anybody else.
 */
function limitsOf({ book }: Mind, round: Round): Record<string, string> {
  const jobs = round.changes.flatMap((change): Job[] => {
    if (change.kind === 'jobStarted') return [change.job];
    if (change.kind !== 'jobsExplained') return [];
    return change.explained.flatMap(({ jobId }) => book.queue.waiting.get(jobId) ?? []);
  });
  const seen: Record<string, string> = {};
  for (const job of jobs) {
    const { limits, project } = limitsSeen(book, job);
    if (limits !== undefined) seen[`limits:${job.organisationId}`] = limits;
    if (project !== undefined) seen[`project:${job.projectId}`] = project;
  }
  for (const id of round.bounded) {
    const text = elsewhereText(book.elsewhere, id);
    if (text !== null) seen[`elsewhere:${id}`] = text;
  }
  return seen;
}

/** The vouchers that waiting jobs could be paid with, as they are before any of them starts. */
function vouchersOfWaiting({ book }: Mind): Record<string, string> {
  const organisations = new Set(book.queue.waitingByArrival().map(({ organisationId }) => organisationId));
  return Object.assign({}, ...[...organisations].map((id) => vouchersSeen(book.vouchers, id, `vouchers:${id}`)));
}

/** A round's input as the log has kept it; an organisation that is not named had as much as was needed. */
export function inputOf({ book }: Mind, inputs: QueueRound['inputs'], now: Instant): QueueInput {
  const named = (prefix: string): [string, string][] =>
    Object.entries(inputs).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    );
  const wallets = new Map<string, Units>();
  for (const { organisationId } of book.queue.waiting.values()) wallets.set(organisationId, PLENTY);
  for (const [id, amount] of named('wallet:')) wallets.set(id, units(BigInt(amount)));
  return {
    over: (inputs['over']?.split(' ') ?? []) as Job['id'][],
    wallets,
    now,
    startsMax: Number(inputs['startsMax'] ?? STARTS_MAX),
    heldBack: new Map(named('heldBack:').map(([id, retryAt]) => [id, instant(Number(retryAt))])),
  };
}

/** When the price of a job next becomes another without anybody's doing: an agreed one begins or ends. */
function nextPriceAt({ skus }: CatalogView, { skuId, organisationId }: Job, now: Instant): number {
  const agreed = skus.get(skuId)?.agreed?.get(organisationId);
  if (!agreed) return FOREVER;
  const changesAt = agreed.flatMap(({ validFrom, validTo }) => [validFrom, validTo ?? FOREVER]);
  return Math.min(...changesAt.filter((at) => at > now), FOREVER);
}

/**
 * When nothing but time changes: the next full hour (bands, faded use), the head's time, the first deadline that is lost, the
 * first agreed price that begins or ends.
 */
function nextDueAt(mind: Mind, plan: QueuePlan | null, now: Instant): Instant | null {
  const { queue, catalog } = mind.book;
  const { waiting } = queue;
  if (waiting.size === 0) return null;
  let dueAt = floorToHour(now) + HOUR_MS;
  if (plan?.head?.startAt) dueAt = Math.min(dueAt, plan.head.startAt);
  for (const { deadlineAt, walltimeSeconds } of waiting.values())
    if (deadlineAt !== null) dueAt = Math.min(dueAt, deadlineAt - walltimeSeconds * SECOND_MS + SECOND_MS);
  for (const job of waiting.values()) dueAt = Math.min(dueAt, nextPriceAt(catalog, job, now));
  return later(instant(dueAt), plusMs(now, SECOND_MS));
}

/**
 * One round of the queue on the mind's memory: jobs whose workloads are over give their cards back, jobs that are too
 * late are told, jobs start as the plan says, flex jobs in the way are asked to leave, and whoever waits is told why.
 * Everything is applied as it is decided; `undo` takes all of it back when it does not commit.
 */
export function decideQueue(mind: Mind, input: QueueInput): QueueRound {
  const round = new Round(mind, input);
  const { now } = input;
  const { queue } = mind.book;
  const seen = vouchersOfWaiting(mind);
  mind.advanceTo(now);
  try {
    for (const id of input.over) {
      const job = queue.running.get(id);
      if (job) round.keep(decideDone(mind, job, now));
    }
    round.dismissLate();
    let plan: QueuePlan | null = null;
    for (let plans = 0; plans < PLANS_MAX && queue.waiting.size > 0; plans += 1) {
      const jobs = round.considered();
      const snapshot = queueSnapshotOf(mind, jobs, now);
      plan = planQueue(snapshot, QUEUE_POLICIES.kashi);
      const hasFailed = round.carryOut(plan);
      // What still fails after so many plans is looked at again with the next cause, so that the engine comes to rest.
      if (hasFailed && plans + 1 < PLANS_MAX) continue;
      const explained = explanationsToWrite(queue.waiting, snapshot, plan, round.obstacles);
      if (explained.length > 0) round.keep([{ kind: 'jobsExplained', at: now, explained }]);
      break;
    }
    const dueAt = nextDueAt(mind, plan, now);
    const { changes, ended, isUnfinished } = round;
    return {
      changes,
      ended,
      undo: () => round.undo(),
      dueAt,
      isUnfinished,
      inputs: { ...inputsOf(input, round), ...limitsOf(mind, round), ...seen },
    };
  } catch (error) {
    round.undo();
    throw error;
  }
}
