import type { Instant } from '#lib/core/instant.ts';
import type { LogEntry } from '../batch.ts';
import type { Mind } from '../mind.ts';
import type { QueueInput, QueueRound } from '../queue-deciding.ts';
import { afterFailure, afterSuccess, FIRST_PACE, isQueueDue, paceAfter, type QueuePace } from '../queue-pace.ts';
import type { Attempt, Outcome } from './attempt.ts';
import { DeposedInMemory } from './committed.ts';
import { decisionOf, factsOf } from './facts.ts';
import { Crashed, Refused, type Rehearsal, type Surroundings } from './surroundings.ts';

type Decided = QueueRound & { readonly entries: readonly LogEntry[] };

const logged = (round: QueueRound): Decided => {
  const answer = { ok: true, value: { reservationId: null } } as const;
  const entry = { command: null, payload: { kind: 'queue' }, answer, inputs: round.inputs } as const;
  return { ...round, entries: round.changes.length > 0 ? [entry] : [] };
};

/** What a leader needs to plan its queue. */
export type Planning = {
  readonly epoch: number;
  readonly mind: Mind;
  /** The wallets of organisations; their limits and projects are read on the way. */
  readonly meet: (organisations: readonly string[]) => QueueInput['wallets'];
  /** A mind built from the rows, that has met the same. */
  readonly twin: (now: Instant) => Mind;
};

/** The queue of a simulated pool: the control flow of `planQueueOnce` around the real `decideQueue`, on rows in memory. */
export class QueueTurn {
  readonly #around: Surroundings;
  readonly #planning: Planning;
  #pace: QueuePace = FIRST_PACE;
  /** What others may have changed: looked at once each time the engine is woken. */
  news = { mayHaveOverJobs: true, mayHaveMoney: true };

  constructor(around: Surroundings, planning: Planning) {
    this.#around = around;
    this.#planning = planning;
  }

  /** When time alone makes a round due; null when nothing waits. */
  get dueAt(): Instant | null {
    return this.#planning.mind.book.queue.waiting.size > 0 ? this.#pace.dueAt : null;
  }

  /** One round, whole or not at all, when one is due; true when there was work. */
  planOnce(now: Instant): boolean {
    const { mind } = this.#planning;
    if (!isQueueDue(mind, this.#pace, this.news, now)) return false;
    this.news.mayHaveMoney = false;
    let round: Decided | null = null;
    try {
      const didWork = this.#attempt(now, (made) => {
        round = made;
      });
      this.news.mayHaveOverJobs = false;
      this.#pace = paceAfter(mind, afterSuccess(this.#pace, round, now), round);
      return didWork;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const next = afterFailure(this.#pace, round, now);
      this.#pace = paceAfter(mind, next, round);
      return next.isUnfinished;
    }
  }

  #attempt(now: Instant, taken: (round: Decided) => void): boolean {
    const { committed, parts, failsAt } = this.#around;
    const { mind, epoch, meet } = this.#planning;
    const rowsBefore = committed.rows;
    const wallets = meet([...mind.book.queue.waiting.values()].map(({ organisationId }) => organisationId));
    const over = this.news.mayHaveOverJobs ? committed.overJobs() : [];
    const input: QueueInput = { ...this.#pace, over, wallets, now };
    const rehearsal = this.#rehearse(input);
    let made: Decided | null = null;
    const tell = (outcome: Outcome, error: unknown): void => {
      const isTakenBack = outcome === 'takenBack' || outcome === 'deposed';
      this.#around.tell({
        now,
        epoch,
        commands: [],
        reports: [],
        wallets,
        rowsBefore,
        rowsAfter: committed.rows,
        decided: made,
        outcome,
        error: error instanceof Error ? error.message : null,
        isOurDoing: error instanceof Refused || error instanceof Crashed || error instanceof DeposedInMemory,
        ...rehearsal,
        factsTakenBack: isTakenBack ? factsOf(mind, now) : null,
        decision: made && decisionOf(made),
      } satisfies Attempt);
    };
    try {
      committed.transact((draft) => {
        made = logged(parts.decideQueue(mind, input));
        taken(made);
        if (made.entries.length === 0) return;
        committed.writeRound(draft, { ...made, epoch, now });
        if (failsAt('refusal')) throw new Refused('the transaction was refused');
        if (failsAt('beforeCommit')) throw new Crashed('before the commit');
      });
    } catch (error) {
      if (error instanceof Crashed) tell('lost', error);
      else {
        (made as Decided | null)?.undo();
        tell(error instanceof DeposedInMemory ? 'deposed' : 'takenBack', error);
      }
      throw error;
    }
    const didWork = ((made as Decided | null)?.entries.length ?? 0) > 0;
    if (didWork && failsAt('afterCommit')) {
      const crash = new Crashed('after the commit');
      tell('lost', crash);
      throw crash;
    }
    tell('committed', null);
    return didWork;
  }

  #rehearse(input: QueueInput): Rehearsal {
    const { parts } = this.#around;
    const { mind, twin: open } = this.#planning;
    const { now } = input;
    const twin = open(now);
    const [facts, factsRebuilt] = [factsOf(mind, now), factsOf(twin, now)];
    try {
      const round = parts.decideQueue(twin, input);
      const decisionRebuilt = decisionOf(logged(round));
      round.undo();
      return { facts, factsRebuilt, decisionRebuilt, factsRehearsed: factsOf(twin, now) };
    } catch {
      return { facts, factsRebuilt, decisionRebuilt: null, factsRehearsed: factsOf(twin, now) };
    }
  }
}
