import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { undoAll } from '#lib/reservations/book.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Answer, Change, Command, CommandPayload } from '#lib/reservations/types.ts';
import type { Mind } from './mind.ts';

export type HealthReport = Extract<CommandPayload, { kind: 'health' }>['changes'][number];

/** What a round decides: what the device layer reported, what time asks for, and the commands that wait. */
export type RoundInput = {
  readonly reports: readonly HealthReport[];
  readonly commands: readonly Command[];
  /** Spendable money per organisation, locked. */
  readonly wallets: ReadonlyMap<string, Units>;
  readonly now: Instant;
};

/** One entry of the log: what was asked, what it was answered, what money it saw. With the state before it, enough to decide it again. */
export type LogEntry = {
  readonly command: Command | null;
  readonly payload: CommandPayload;
  readonly answer: Answer;
  readonly inputs: { readonly [name: string]: string };
};

export type Round = {
  readonly changes: readonly Change[];
  readonly entries: readonly LogEntry[];
  readonly undo: () => void;
};

/** Timers handled in one round; the rest follow in the next. */
const DUES_MAX = 2_000;

/** The organisations whose wallets a round may touch: they are locked before anything is decided. */
export function organisationsIn(mind: Mind, commands: readonly Command[], now: Instant): Id<'organisation'>[] {
  const found = new Set<Id<'organisation'>>();
  for (const { organisationId } of commands) if (organisationId !== null) found.add(organisationId);
  for (const reservation of mind.book.reservations.values()) {
    if (reservation.heldUntil !== null && reservation.heldUntil - now < 3_600_000)
      found.add(reservation.organisationId);
  }
  return [...found].sort();
}

/**
 * Decides a round on the mind's memory: reports first, then everything due, then commands in their order. Changes are
 * applied as they are decided, so each decision sees the last; `undo` takes all of them back when they do not commit.
 */
export function decideRound(mind: Mind, input: RoundInput): Round {
  const changes: Change[] = [];
  const undos: (() => void)[] = [];
  const entries: LogEntry[] = [];
  const wallets = new Map(input.wallets);

  const keep = (made: readonly Change[]): void => {
    for (const change of made) {
      changes.push(change);
      undos.push(mind.apply(change));
      if (change.kind !== 'moneyPlaced') continue;
      const { organisationId } = change.reservation;
      wallets.set(organisationId, units((wallets.get(organisationId) ?? 0n) - change.amountUnits));
    }
  };
  const log = (payload: CommandPayload, command: Command | null, answer: Answer, inputs: LogEntry['inputs']): void => {
    entries.push({ command, payload, answer, inputs });
  };
  const nothing: Answer = { ok: true, value: { reservationId: null } };

  try {
    const before = changes.length;
    for (const report of input.reports) keep(decideHealth(mind, report, input.now));
    if (changes.length > before) log({ kind: 'health', changes: [...input.reports] }, null, nothing, {});

    let dues = 0;
    const seenByTime: Record<string, string> = {};
    for (let due = nextDue(mind); due && due.at <= input.now && dues < DUES_MAX; due = nextDue(mind)) {
      // Renewals look at wallets: what they saw belongs to the log as much as what a command saw.
      if (due.kind === 'renew') {
        const { organisationId } = due.reservation;
        seenByTime[`wallet:${organisationId}`] ??= `${wallets.get(organisationId) ?? 0n}`;
      }
      keep(decideDue(mind, due, wallets));
      dues += 1;
    }
    if (dues > 0) log({ kind: 'tick' }, null, nothing, seenByTime);

    for (const command of input.commands) {
      const seen = command.organisationId === null ? undefined : wallets.get(command.organisationId);
      const decision = decide(mind, command, wallets, input.now);
      keep(decision.changes);
      log(command.payload, command, decision.answer, seen === undefined ? {} : { wallet: `${seen}` });
    }
  } catch (error) {
    undoAll(undos)();
    throw error;
  }
  return { changes, entries, undo: undoAll(undos) };
}
