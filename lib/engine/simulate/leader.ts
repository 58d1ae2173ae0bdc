import { invariant, present } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { restoreLines } from '#lib/reservations/on-account.ts';
import { restoreRefunds } from '#lib/reservations/refund-terms.ts';
import { hasDue } from '#lib/reservations/timers.ts';
import type { Command } from '#lib/reservations/command-types.ts';
import { type HealthReport, organisationsIn, type Round, type RoundInput } from '../batch.ts';
import { linesAsked } from '../lines-asked.ts';
import { refundsAsked } from '../refunds-asked.ts';
import {
  afterFailure,
  COMMANDS_PER_ROUND,
  commandsOfRound,
  DUES_PER_ROUND,
  fewerCommands,
  fewerDues,
  moreCommands,
  moreDues,
} from '../round-size.ts';
import type { Mind } from '../mind.ts';
import type { Outcome } from './attempt.ts';
import { DeposedInMemory } from './committed.ts';
import { decisionOf, factsOf } from './facts.ts';
import { QueueTurn } from './queue-turn.ts';
import { catalogOf, type Rows } from './rows.ts';
import { Crashed, Refused, type Rehearsal, type Surroundings } from './surroundings.ts';

/** Rounds at one instant; more would mean that something never comes to rest. */
const ROUNDS_MAX = 200;

/**
 * The leader of the simulated pool: the control flow of `decideOnce` and `settleOver` around the real `decideRound`, on
 * rows in memory. Before each round a mind built from the rows decides the same, as its successor would have to.
 */
export class Leader {
  readonly epoch: number;
  readonly mind: Mind;
  readonly queue: QueueTurn;
  reports: HealthReport[] = [];
  readonly #around: Surroundings;
  #commandsPerRound = COMMANDS_PER_ROUND;
  #duesPerRound = DUES_PER_ROUND;

  constructor(around: Surroundings, now: Instant) {
    this.#around = around;
    this.epoch = around.committed.rows.epoch;
    this.mind = around.parts.openMind(around.committed.rows, now);
    this.queue = new QueueTurn(around, {
      epoch: this.epoch,
      mind: this.mind,
      meet: (organisations) => this.#meet(organisations),
      twin: (at) => this.#twinOf(around.committed.rows, at),
    });
  }

  /** Decides and settles until nothing is left to do at this instant. */
  settleDown(now: Instant): void {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const hasDecided = this.decideOnce(now);
      const isBusy = !hasDue(this.mind, now) && [this.queue.planOnce(now), this.settleOver(now)].some(Boolean);
      if (!hasDecided && !isBusy) return;
      if (this.#around.failsAt('betweenRounds')) throw new Crashed('between two rounds');
    }
    invariant(false, 'the pool does not come to rest');
  }

  /** One round, whole or not at all; true when there was work. */
  decideOnce(now: Instant): boolean {
    const { committed } = this.#around;
    const commands = commandsOfRound(this.mind, committed.pending(this.#commandsPerRound), now);
    if (commands.length === 0 && this.reports.length === 0 && !hasDue(this.mind, now)) return false;
    const input = this.#inputOf(commands, now);
    const rowsBefore = committed.rows;
    const rehearsal = this.#rehearse(rowsBefore, input);
    const tell = (outcome: Outcome, round: Round | null, error: unknown): void => {
      const isTakenBack = outcome === 'takenBack' || outcome === 'deposed';
      this.#around.tell({
        ...input,
        ...rehearsal,
        epoch: this.epoch,
        rowsBefore,
        rowsAfter: committed.rows,
        decided: round,
        outcome,
        error: error instanceof Error ? error.message : null,
        isOurDoing: error instanceof Refused || error instanceof Crashed || error instanceof DeposedInMemory,
        factsTakenBack: isTakenBack ? factsOf(this.mind, now) : null,
        decision: round && decisionOf(round),
      });
    };
    return this.#attempt(input, tell);
  }

  #attempt(input: RoundInput, tell: (outcome: Outcome, round: Round | null, error: unknown) => void): boolean {
    const { commands, reports, now } = input;
    let round: Round | null = null;
    try {
      round = this.#decideAndWrite(input);
    } catch (error) {
      round = this.#failed;
      this.#failed = null;
      if (error instanceof Crashed) {
        tell('lost', round, error);
        throw error;
      }
      if (round) this.takeBack(round);
      tell(error instanceof DeposedInMemory ? 'deposed' : 'takenBack', round, error);
      if (error instanceof DeposedInMemory) throw error;
      const dues = round?.dues ?? (hasDue(this.mind, now) ? this.#duesPerRound : 0);
      const next = afterFailure({ dues, commands: commands.length, duesPerRound: this.#duesPerRound });
      // Only timers and reports: the next turn tries again.
      if (next === 'sameAgain') return error instanceof Refused || fault(error);
      if (next === 'answerFailed') this.answerFailed(present(commands[0], 'command'), now);
      else if (next === 'fewerCommands') this.#commandsPerRound = fewerCommands(commands.length);
      else this.#duesPerRound = fewerDues(dues);
      return true;
    }
    if (this.#around.failsAt('afterCommit')) {
      const crash = new Crashed('after the commit');
      tell('lost', round, crash);
      throw crash;
    }
    this.reports = this.reports.slice(reports.length);
    this.#commandsPerRound = moreCommands(this.#commandsPerRound);
    if (round.dues > 0) this.#duesPerRound = moreDues(this.#duesPerRound);
    tell('committed', round, null);
    return round.entries.length > 0;
  }

  #failed: Round | null = null;

  /** Decides and writes in one transaction; what was decided when it fails is kept for whoever takes it back. */
  #decideAndWrite(input: RoundInput): Round {
    const { committed, parts, poisoned, failsAt } = this.#around;
    return committed.transact((draft) => {
      const round = parts.decideRound(this.mind, input);
      this.#failed = round;
      if (round.entries.length > 0) committed.writeRound(draft, { ...round, epoch: this.epoch, now: input.now });
      if (round.entries.some(({ command }) => command && poisoned.has(command.id)))
        throw new Refused('a command cannot be written');
      if (failsAt('refusal')) throw new Refused('the transaction was refused');
      if (failsAt('beforeCommit')) throw new Crashed('before the commit');
      this.#failed = null;
      return round;
    });
  }

  protected takeBack(round: Round): void {
    round.undo();
  }

  /** The one command of a round failed to be written: it is answered so, and the queue goes on. */
  protected answerFailed(command: Command, now: Instant): void {
    const answer = { ok: false, refusal: { code: 'decisionFailed' } } as const;
    const entry = { command, payload: command.payload, answer, inputs: {} };
    const { committed } = this.#around;
    committed.transact((draft) =>
      committed.writeRound(draft, { changes: [], entries: [entry], epoch: this.epoch, now }),
    );
  }

  /** Settles what is over and due, all of it or nothing. True when there was something. */
  settleOver(now: Instant): boolean {
    const { committed, failsAt } = this.#around;
    const due = committed.unsettled(now);
    if (due.length === 0) return false;
    try {
      committed.transact((draft) => {
        for (const row of due) committed.settle(draft, row, now);
        if (failsAt('settlingRefused')) throw new Refused('the settlement was refused');
        if (failsAt('whileSettling')) throw new Crashed('while settling');
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    return true;
  }

  #inputOf(commands: readonly Command[], now: Instant): RoundInput {
    const wallets = this.#meet(organisationsIn(this.mind, commands, now));
    restoreLines(this.mind.book.lines, this.#around.committed.lines(linesAsked(this.mind, commands, now)));
    restoreRefunds(this.mind.book.refunds, this.#around.committed.refunds(refundsAsked(commands)));
    return { reports: [...this.reports], commands, wallets, now, duesMax: this.#duesPerRound };
  }

  /** Reads the catalog, and what organisations may spend and have; memory keeps their limits and projects. */
  #meet(organisations: readonly string[]): RoundInput['wallets'] {
    const { committed } = this.#around;
    const { book } = this.mind;
    if (this.#reprices !== committed.rows.hourlyYuan.length) {
      this.#reprices = committed.rows.hourlyYuan.length;
      book.catalog = catalogOf(committed.rows);
    }
    const met = [...committed.rows.limits.keys()].filter((id) => organisations.includes(id));
    for (const id of met) book.limits.set(id, present(committed.rows.limits.get(id), `limits of ${id}`));
    for (const project of committed.rows.projects)
      if (organisations.includes(project.organisationId)) book.projects.set(project.id, project);
    return committed.wallets(met);
  }
  #reprices = -1;

  /** A mind built from rows that has met whom this one has. */
  #twinOf(rows: Rows, now: Instant): Mind {
    const { limits, projects, lines, refunds } = this.mind.book;
    const twin = this.#around.parts.openMind(rows, now);
    for (const [id, each] of limits) twin.book.limits.set(id, each);
    for (const [id, each] of projects) twin.book.projects.set(id, each);
    for (const [id, each] of lines) twin.book.lines.set(id, each);
    restoreRefunds(twin.book.refunds, refunds);
    return twin;
  }

  #rehearse(rows: Rows, input: RoundInput): Rehearsal {
    const { parts } = this.#around;
    const twin = this.#twinOf(rows, input.now);
    const factsRebuilt = factsOf(twin, input.now);
    const facts = factsOf(this.mind, input.now);
    try {
      const round = parts.decideRound(twin, input);
      const decisionRebuilt = decisionOf(round);
      round.undo();
      return { facts, factsRebuilt, decisionRebuilt, factsRehearsed: factsOf(twin, input.now) };
    } catch {
      return { facts, factsRebuilt, decisionRebuilt: null, factsRehearsed: factsOf(twin, input.now) };
    }
  }
}

/** A fault of the core in a round without commands would only come again. */
function fault(error: unknown): never {
  throw error;
}
