import { invariant, present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { UNITS_PER_YUAN } from '#lib/core/money.ts';
import { canBeGranted } from '#lib/reservations/book.ts';
import { nextDue } from '#lib/reservations/timers.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import type { HealthReport } from '../batch.ts';
import { type AskingStep, wishesOf } from './asking.ts';
import type { Attempt } from './attempt.ts';
import { type Committed, DeposedInMemory, type Submission } from './committed.ts';
import type { Leader } from './leader.ts';
import { STARTS_AT, organisationsOf } from './market.ts';
import type { Parts } from './parts.ts';
import { plainBooking } from './payloads.ts';
import type { FailurePoint, Market, Step } from './steps.ts';
import { Crashed, type Surroundings } from './surroundings.ts';

/** A key that was used, and what was answered to it when. */
export type UsedKey = {
  readonly organisationId: Id<'organisation'> | null;
  readonly key: string;
  readonly request: string;
  readonly payload: string;
  /** Null: the command log did not take it. */
  readonly commandId: string | null;
  /** True when it may fail: rubbish, or poisoned. */
  readonly isBad: boolean;
};

const PREFIXES = { reservation: 'rsv', maintenanceWindow: 'mnt', job: 'job' } as const;

type Truth = { readonly health: HealthReport['health']; readonly takesNewWork: boolean; readonly isRefused: boolean };
const WELL: Truth = { health: 'healthy', takesNewWork: true, isRefused: false };

/** What is lost and not replaced is tried again each minute: after so many stops, all of which are remembered, a pace becomes a jump. */
const STOPS_MAX = 1_000;

/** A market in memory that steps are done to: customers, devices, a clock, and whoever leads the pool. */
export class MemoryWorld {
  readonly committed: Committed;
  leader: Leader;
  now: Instant = STARTS_AT;
  /** True while everything that was asked for so far has been decided. */
  isAtRest = true;
  /** True once a card took no new work: from then on promises may come short. */
  wasShort = false;
  readonly keys: UsedKey[] = [];
  readonly attempts: Attempt[] = [];
  /** Repeats of a key that did not end as the first did. */
  readonly brokenKeys: string[] = [];
  /** Commands that were refused by the database alone in their round: they may be answered with a failure. */
  readonly excused = new Set<string>();
  readonly #around: Surroundings;
  readonly #organisations: readonly Id<'organisation'>[];
  readonly #devices = new Map<number, Truth>();
  readonly #failures = new Set<FailurePoint>();
  readonly #poisoned = new Set<string>();
  #poisonsNext = false;

  constructor(market: Market, parts: Parts) {
    this.committed = new parts.Committed(market);
    this.#organisations = organisationsOf(market);
    this.#around = {
      parts,
      committed: this.committed,
      failsAt: (point) => this.#failures.delete(point),
      poisoned: this.#poisoned,
      tell: (attempt) => this.#hear(attempt),
    };
    this.leader = this.#newLeader();
  }

  /** Does one step, and, unless it waits for the next one, lets the engine come to rest. */
  do(step: Step): void {
    this.attempts.length = 0;
    this.brokenKeys.length = 0;
    if (step.do === 'advance') {
      this.#advance(step);
      return;
    }
    this.#prepare(step);
    if ('waits' in step && step.waits) this.isAtRest = false;
    else this.#turn();
  }

  #prepare(step: Exclude<Step, { do: 'advance' }>): void {
    switch (step.do) {
      case 'reserve':
      case 'rubbish':
      case 'change':
      case 'queue':
      case 'cancelJob':
      case 'cardAct':
      case 'window':
      case 'endWindow':
      case 'spares':
        this.#ask(step);
        return;
      case 'jobOver':
        this.#endWorkload(step.pick);
        return;
      case 'again':
        this.#again(step);
        return;
      case 'health':
        this.#changeHealth(step);
        return;
      case 'topUp':
        this.#topUp(this.#organisation(step.organisation), BigInt(step.yuan) * UNITS_PER_YUAN);
        return;
      case 'reprice':
        this.committed.transact((draft) => draft.hourlyYuan.push(step.yuan));
        return;
      case 'failure':
        this.#failures.add(step.at);
        return;
      case 'poison':
        this.#poisonsNext = true;
        return;
      case 'leader':
        this.#changeLeader(step.isSplit);
        return;
    }
  }

  /** Hands in what a step asks for. An act on cards may leave a promise short, a window may not. */
  #ask(step: AskingStep): void {
    if (step.do === 'cardAct') this.wasShort = true;
    const wishes = wishesOf(step, {
      mind: this.leader.mind,
      organisations: this.#organisations,
      projects: this.committed.rows.projects,
      newId: (kind) => this.#nextId(kind),
      now: this.now,
    });
    for (const { organisationId, payload, isRubbish } of wishes) this.#submit(organisationId, payload, isRubbish);
  }

  #endWorkload(pick: number): void {
    const running = [...this.leader.mind.book.queue.running.keys()].sort();
    const id = running[pick % Math.max(1, running.length)];
    if (id) this.committed.transact((draft) => draft.workloadsOver.add(id));
  }

  /** When the next thing falls due by time alone. */
  #nextAt(): Instant | null {
    const { mind, queue } = this.leader;
    const due = [nextDue(mind)?.at ?? null, queue.dueAt].filter((at) => at !== null);
    return due.length === 0 ? null : instant(Math.min(...due));
  }

  #advance(step: Extract<Step, { do: 'advance' }>): void {
    this.#turn();
    const target = plusSeconds(this.now, step.seconds);
    for (let stops = 0; step.isPaced && stops < STOPS_MAX; stops += 1) {
      const dueAt = this.#nextAt();
      if (dueAt === null || dueAt > target) break;
      invariant(dueAt > this.now, 'what was due has been decided');
      this.now = dueAt;
      this.#turn();
    }
    this.now = target;
    this.#turn();
  }

  /** Turns the engine until it is at rest; a process that dies is followed by another one. */
  #turn(): void {
    for (let lives = 0; lives < 20; lives += 1) {
      try {
        this.leader.queue.news = { mayHaveOverJobs: true, mayHaveMoney: true };
        this.leader.settleDown(this.now);
        this.isAtRest = true;
        return;
      } catch (error) {
        if (!(error instanceof Crashed)) throw error;
        this.leader = this.#newLeader();
      }
    }
    invariant(false, 'every process that leads dies');
  }

  #hear(attempt: Attempt): void {
    this.attempts.push(attempt);
    const [command] = attempt.commands;
    const isAlone = attempt.commands.length === 1 && command !== undefined;
    if (isAlone && attempt.outcome === 'takenBack' && attempt.isOurDoing) this.excused.add(command.id);
  }

  /** A leader with a higher epoch, its memory built from the rows, its devices heard anew. */
  #newLeader(): Leader {
    this.committed.transact((draft) => {
      draft.epoch += 1;
    });
    const leader = new this.#around.parts.Leader(this.#around, this.now);
    for (const [card, truth] of this.#devices) {
      const report = this.#reportOf(card, truth, this.now);
      const state = present(leader.mind.book.cards[card], `card ${card}`);
      const isNews = state.health !== truth.health || state.takesNewWork !== truth.takesNewWork;
      if (isNews || truth.isRefused) leader.reports.push(report);
    }
    return leader;
  }

  #changeLeader(isSplit: boolean): void {
    const old = this.leader;
    this.leader = this.#newLeader();
    if (!isSplit) return;
    // The old one has not heard of it: it sees one more report and tries a round under its own epoch.
    const [card, truth] = [...this.#devices].at(-1) ?? [0, WELL];
    old.reports.push({ ...this.#reportOf(card, truth, this.now), health: 'unknown', takesNewWork: false });
    try {
      old.settleDown(this.now);
    } catch (error) {
      if (!(error instanceof DeposedInMemory || error instanceof Crashed)) throw error;
    }
  }

  #reportOf(card: number, { health, takesNewWork, isRefused }: Truth, at: Instant): HealthReport {
    const { id: cardId } = present(this.leader?.mind.book.cards[card] ?? this.committed.rows.cards[card], 'card');
    return { cardId, health, takesNewWork, isRefused, at, reason: 'simulated' };
  }

  #changeHealth({ pick, becomes, agoSeconds }: Extract<Step, { do: 'health' }>): void {
    const card = pick % this.committed.rows.cards.length;
    const before = this.#devices.get(card) ?? WELL;
    const truth: Truth =
      becomes === 'refusing' || becomes === 'refused'
        ? { health: before.health, takesNewWork: false, isRefused: becomes === 'refused' }
        : { health: becomes, takesNewWork: becomes === 'healthy' || becomes === 'degraded', isRefused: false };
    this.#devices.set(card, truth);
    if (!canBeGranted(truth)) this.wasShort = true;
    const at = instant(Math.max(STARTS_AT, this.now - agoSeconds * 1_000));
    this.leader.reports.push(this.#reportOf(card, truth, at));
  }

  #submit(organisationId: Id<'organisation'> | null, payload: unknown, isBad = false): void {
    const text = JSON.stringify(payload);
    this.#handIn({ organisationId, key: `key-${this.keys.length}`, request: text, payload: text }, isBad);
  }

  /** The command log takes what it can read; the rest is turned away at the door. */
  #handIn(submission: Submission, isRubbish: boolean): void {
    const { organisationId, key, request, payload } = submission;
    const isReadable = commandPayload.safeParse(JSON.parse(payload)).success;
    const commandId = isReadable ? this.committed.transact((draft) => this.committed.submit(draft, submission)) : null;
    const known = this.keys.find((used) => used.key === key && used.organisationId === organisationId);
    if (known) {
      const expected = known.request === request ? known.commandId : null;
      if (commandId !== expected) this.brokenKeys.push(`${key}: ${expected} became ${commandId}`);
      return;
    }
    const isPoisoned = this.#poisonsNext && commandId !== null;
    this.keys.push({ organisationId, key, request, payload, commandId, isBad: isRubbish || isPoisoned });
    if (!isPoisoned) return;
    this.#poisoned.add(commandId);
    this.#poisonsNext = false;
  }

  #again({ pick, isSame }: Extract<Step, { do: 'again' }>): void {
    // What was turned away at the door never had the key.
    const taken = this.keys.filter(({ commandId }) => commandId !== null);
    const used = taken[pick % Math.max(1, taken.length)];
    if (!used) return;
    const { organisationId, key, request } = used;
    // What a service makes of the same request carries a new id each time.
    const payload = JSON.stringify(plainBooking(this.leader.mind, this.#nextId('reservation'), this.now));
    this.#handIn({ organisationId, key, request: isSame ? request : `${request} `, payload }, false);
  }

  #topUp(organisationId: Id<'organisation'>, amount: bigint): void {
    this.committed.transact((draft) => {
      draft.wallets.set(organisationId, (draft.wallets.get(organisationId) ?? 0n) + amount);
      draft.paidIn += amount;
    });
  }

  #ids = 0;
  #nextId(kind: keyof typeof PREFIXES): string {
    this.#ids += 1;
    return `${PREFIXES[kind]}_${this.#ids}`;
  }

  #organisation(pick: number): Id<'organisation'> {
    return present(this.#organisations[pick % this.#organisations.length], 'organisation');
  }
}
