import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, MINUTE_MS } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { NOTHING_TO_UNDO, type Undo, undoAll } from '#lib/core/undo.ts';
import { decide } from '#lib/reservations/decide.ts';
import type { Explained } from '#lib/reservations/explanation.ts';
import { cashOf, vouchersSeen } from '#lib/reservations/funds.ts';
import { elsewhereText } from '#lib/reservations/elsewhere.ts';
import { elsewhereSeen, limitsSeen } from '#lib/reservations/limits-seen.ts';
import { lineSeen } from '#lib/reservations/on-account.ts';
import { refundSeen } from '#lib/reservations/refund-terms.ts';
import { decideHealth, healSome } from '#lib/reservations/pool-cards.ts';
import { holdOnDueAt } from '#lib/reservations/queue/holding-on.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import { decideDue, type Due, hasDue, nextDue } from '#lib/reservations/timers.ts';
import type { Answer, Command, CommandPayload } from '#lib/reservations/command-types.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { isOnAccount } from './lines-asked.ts';
import type { Mind } from './mind.ts';
import { DUES_PER_ROUND } from './round-size.ts';

export type HealthReport = Extract<CommandPayload, { kind: 'health' }>['changes'][number];

/** What a round decides: what the device layer reported, what time asks for, and the commands that wait. */
export type RoundInput = {
  readonly reports: readonly HealthReport[];
  readonly commands: readonly Command[];
  /** Spendable money per organisation, locked. */
  readonly wallets: ReadonlyMap<string, Units>;
  readonly now: Instant;
  /** Fewer of what is due than usual, and no commands with it: after a round that could not be written. */
  readonly duesMax?: number;
};

/** One entry of the log: what was asked, what it was answered, what money it saw. With the state before it, enough to decide it again. */
export type LogEntry = {
  readonly command: Command | null;
  readonly payload: CommandPayload;
  readonly answer: Answer;
  readonly inputs: { readonly [name: string]: string };
  /** Why it was refused. */
  readonly explained?: Explained;
};

export type Round = {
  readonly changes: readonly Change[];
  readonly entries: readonly LogEntry[];
  /** Reservations that ended in the round, as they last were. */
  readonly ended: ReadonlyMap<string, Booked>;
  /** How much of what was due it decided. */
  readonly dues: number;
  readonly undo: () => void;
};

/** The organisations whose wallets a round may touch: they are locked before anything is decided. */
export function organisationsIn({ book }: Mind, commands: readonly Command[], now: Instant): Id<'organisation'>[] {
  const found = new Set<Id<'organisation'>>();
  for (const { organisationId } of commands) if (organisationId !== null) found.add(organisationId);
  for (const { organisationId, heldUntil, autoExtend, interval } of book.selfPaying.values()) {
    const paysAt = autoExtend === null ? heldUntil : interval.endAt;
    if (paysAt !== null && paysAt - now < HOUR_MS) found.add(organisationId);
  }
  for (const { id, tier, organisationId } of book.queue.running.values()) {
    const reservation = tier === 'flex' ? book.reservations.get(reservationOfJob(id)) : undefined;
    const asksAt = reservation ? holdOnDueAt(book, reservation) : null;
    if (asksAt !== null && asksAt - now < MINUTE_MS) found.add(organisationId);
  }
  return [...found].sort();
}

/** The project that a command is about: the one it names, or its reservation's. */
function projectOf({ book }: Mind, payload: CommandPayload): Id<'project'> | null {
  if ('projectId' in payload) return (payload.projectId ?? null) as Id<'project'> | null;
  if (!('reservationId' in payload)) return null;
  return book.reservations.get(payload.reservationId as Id<'reservation'>)?.projectId ?? null;
}

/** What a command sees of its organisation's money and limits. */
function seenBy(mind: Mind, wallets: ReadonlyMap<string, Units>, command: Command): LogEntry['inputs'] {
  const { organisationId } = command;
  const seen = organisationId === null ? undefined : wallets.get(organisationId);
  if (organisationId === null || seen === undefined) return {};
  const line = isOnAccount(mind, command) ? lineSeen(mind.book.lines, organisationId, 'line') : {};
  const { payload } = command;
  const refund =
    payload.kind === 'refund' ? refundSeen(mind.book.refunds.get(payload.reservationId as Id<'reservation'>)) : {};
  const limits = limitsSeen(mind.book, { organisationId, projectId: projectOf(mind, payload) });
  return {
    wallet: `${seen}`,
    ...limits,
    ...vouchersSeen(mind.book.vouchers, organisationId, 'vouchers'),
    ...line,
    ...refund,
  };
}

/** What time asks for looks at wallets and limits as well: what it saw belongs to the log as much as what a command saw. */
function see(seen: Record<string, string>, mind: Mind, wallets: ReadonlyMap<string, Units>, renewed: Booked): void {
  const { organisationId, projectId } = renewed;
  const { book } = mind;
  for (const [name, text] of Object.entries(limitsSeen(book, renewed)))
    seen[`${name}:${projectId ?? organisationId}`] = text;
  if (`wallet:${organisationId}` in seen) return;
  seen[`wallet:${organisationId}`] = `${wallets.get(organisationId) ?? 0n}`;
  const elsewhere = elsewhereText(book.elsewhere, organisationId);
  if (elsewhere !== null) seen[`elsewhere:${organisationId}`] = elsewhere;
  Object.assign(seen, vouchersSeen(book.vouchers, organisationId, `vouchers:${organisationId}`));
  Object.assign(seen, lineSeen(book.lines, organisationId, `line:${organisationId}`));
}

/** What time asks for and is decided by wallets, limits or quotas. */
const LOOKS: ReadonlySet<Due['kind']> = new Set<Due['kind']>(['renew', 'autoExtend', 'holdOn']);

/** What a change adds to the wallet of its reservation's organisation. */
function walletGain(change: Change): bigint {
  if (change.kind === 'moneyPlaced') return -cashOf(change);
  if (change.kind === 'moneyReturned' && change.reservation.payBy === 'account') return 0n;
  return change.kind === 'moneyReturned' || change.kind === 'hoursCredited' ? change.amountUnits : 0n;
}

/**
 * Decides a round on the mind's memory: reports first, then everything due, then commands in their order. Changes are
 * applied as they are decided, so each decision sees the last; `undo` takes all of them back when they do not commit.
 * Where more is due than one round decides, commands wait: what they give back now must not be given away for earlier. They wait
 * as well where less is decided than usual, so that no command is blamed for what time asked for.
 */
export function decideRound(mind: Mind, input: RoundInput): Round {
  const changes: Change[] = [];
  const undos: Undo[] = [];
  const entries: LogEntry[] = [];
  const ended = new Map<string, Booked>();
  const wallets = new Map(input.wallets);

  const keep = (made: readonly Change[]): void => {
    for (const change of made) {
      changes.push(change);
      if (change.kind === 'reservationEnded')
        ended.set(change.id, present(mind.book.reservations.get(change.id), `reservation ${change.id}`));
      const undo = mind.apply(change);
      if (undo !== NOTHING_TO_UNDO) undos.push(undo);
      const gained = walletGain(change);
      if (gained === 0n || !('reservation' in change)) continue;
      const { organisationId } = change.reservation;
      wallets.set(organisationId, units((wallets.get(organisationId) ?? 0n) + gained));
    }
  };
  const log = (
    payload: CommandPayload,
    command: Command | null,
    answer: Answer,
    inputs: LogEntry['inputs'],
    explained?: Explained,
  ): void => {
    entries.push(explained ? { command, payload, answer, inputs, explained } : { command, payload, answer, inputs });
  };
  const nothing: Answer = { ok: true, value: { reservationId: null } };

  const { duesMax = DUES_PER_ROUND } = input;
  let dues = 0;
  // Also back, after a round that was taken back: what is due is decided at its own time, however late.
  mind.advanceTo(input.now);
  try {
    const before = changes.length;
    for (const report of input.reports) keep(decideHealth(mind, report, input.now));
    if (changes.length > before) log({ kind: 'health', changes: [...input.reports] }, null, nothing, {});

    const seenByTime: Record<string, string> = {};
    for (let due = nextDue(mind); due && due.at <= input.now && dues < duesMax; due = nextDue(mind)) {
      if ('reservation' in due && LOOKS.has(due.kind)) see(seenByTime, mind, wallets, due.reservation);
      keep(decideDue(mind, due, wallets));
      dues += 1;
    }
    const healed = healSome(mind);
    keep(healed);
    // Where more may be due, the log says how much was decided, so that it plays again.
    if (dues === duesMax) seenByTime['dues'] = `${dues}`;
    if (dues + healed.length > 0) log({ kind: 'tick' }, null, nothing, seenByTime);

    mind.advanceTo(input.now);
    const isApart = dues > 0 && duesMax < DUES_PER_ROUND;
    for (const command of isApart || hasDue(mind, input.now) ? [] : input.commands) {
      const inputs = seenBy(mind, wallets, command);
      const decision = decide(mind, command, wallets, input.now);
      keep(decision.changes);
      const elsewhere = elsewhereSeen(mind.book, command.organisationId, decision.answer);
      log(command.payload, command, decision.answer, { ...inputs, ...elsewhere }, decision.explained);
    }
  } catch (error) {
    undoAll(undos)();
    throw error;
  }
  return { changes, entries, ended, dues, undo: undoAll(undos) };
}
