import { cardCharge } from '#lib/catalog/price.ts';
import { invariant, present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, secondsBetween } from '#lib/core/instant.ts';
import { earnedToDate, type Units, units } from '#lib/core/money.ts';
import type { AccountCredit } from '#lib/reservations/on-account.ts';
import type { RefundFacts } from '#lib/reservations/refund-terms.ts';
import { fromBookedRow } from '#lib/reservations/rows.ts';
import type { Answer, Command } from '#lib/reservations/command-types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import type { LogEntry } from '../batch.ts';
import { isLiveJob, type JobRow } from './job-rows.ts';
import {
  catalogOf,
  type CommandRow,
  draftOf,
  firstRows,
  intervalOf,
  type ReservationRow,
  type Rows,
  saveChange,
} from './rows.ts';
import { REFUNDS } from './market.ts';
import { moveLine } from './money-rows.ts';
import type { Market } from './steps.ts';

/** Another engine leads: what was decided under the old epoch is not kept. */
export class DeposedInMemory extends Error {
  override readonly name = 'Deposed';
}

export type Submission = {
  readonly organisationId: Id<'organisation'> | null;
  readonly key: string;
  readonly request: string;
  readonly payload: string;
};

/** A decided round as it is written: the changes and the answers, under an epoch. */
export type RoundToWrite = {
  readonly changes: readonly Change[];
  readonly entries: readonly LogEntry[];
  readonly epoch: number;
  readonly now: Instant;
};

const SUBMITTER = 'user:simulated';

const idOf = (number: number): Id<'command'> => `cmd_${`${number}`.padStart(6, '0')}` as Id<'command'>;

/**
 * What is committed, in memory: the rows that the database would hold, changed by whole transactions only. It refuses a
 * deposed leader and keys that stand twice; what else the database would refuse is left for the invariants to find.
 */
export class Committed {
  rows: Rows;

  constructor(market: Market) {
    this.rows = firstRows(market);
  }

  /** Runs `work` on a draft; the draft takes effect whole, or not at all when `work` throws. */
  transact<T>(work: (draft: Rows) => T): T {
    const draft = draftOf(this.rows);
    const result = work(draft);
    this.rows = draft;
    return result;
  }

  /** Writes a command into the log: once a key, for ever. Null when the key came with another request before. */
  submit(draft: Rows, submission: Submission): Id<'command'> | null {
    const { organisationId, key, request, payload } = submission;
    const known = [...draft.commands.values()].find(
      (row) => row.organisationId === organisationId && row.key === key && row.key !== '',
    );
    if (known) return known.request === request ? known.id : null;
    return this.insertCommand(draft, { organisationId, key, request, payload });
  }

  protected insertCommand(draft: Rows, submission: Submission, decided: Partial<CommandRow> = {}): Id<'command'> {
    const id = idOf(draft.commands.size + 1);
    const open = {
      actor: SUBMITTER,
      answers: [],
      decisionNumber: null,
      epoch: null,
      decidedAt: null,
      inputs: {},
      reprices: 0,
    };
    draft.commands.set(id, { id, ...submission, ...open, ...decided });
    return id;
  }

  /** The oldest commands without an answer. */
  pending(most: number): Command[] {
    const waiting = [...this.rows.commands.values()].filter(({ answers }) => answers.length === 0).slice(0, most);
    return waiting.map(({ id, organisationId, payload }) => ({
      id,
      organisationId,
      actor: SUBMITTER,
      payload: commandPayload.parse(JSON.parse(payload)),
    }));
  }

  /** Jobs that run although their workload is over, by arrival. */
  overJobs(): Id<'job'>[] {
    const { jobs, workloadsOver } = this.rows;
    const isOver = (row: JobRow): boolean =>
      row.state === 'started' && workloadsOver.has(row.job.id) && isLiveJob(this.rows, row);
    return [...jobs.values()].filter(isOver).map(({ job }) => job.id);
  }

  /** What organisations may spend. */
  wallets(organisationIds: readonly Id<'organisation'>[]): Map<string, Units> {
    return new Map(organisationIds.map((id) => [id, units(this.rows.wallets.get(id) ?? 0n)]));
  }

  /** What is free of organisations' credit lines; who has none has no entry. Nothing is ever late in a simulated market. */
  lines(organisationIds: readonly Id<'organisation'>[]): Map<string, AccountCredit> {
    return new Map(
      organisationIds.flatMap((id) => {
        const line = this.rows.lines.get(id);
        if (!line) return [];
        const { limit, setAside, owed } = line;
        return [[id, { limitUnits: units(limit), freeUnits: units(limit - setAside - owed), overdueSinceAt: null }]];
      }),
    );
  }

  /** Writes a whole round: changes, answers, and the proof that whoever decided it leads. */
  writeRound(draft: Rows, round: RoundToWrite): void {
    for (const change of round.changes) saveChange(draft, change);
    for (const entry of round.entries) this.writeEntry(draft, entry, round);
    this.proveLeadership(draft, round.epoch);
  }

  protected proveLeadership(draft: Rows, epoch: number): void {
    if (draft.epoch !== epoch) throw new DeposedInMemory(`epoch ${epoch} is over`);
  }

  protected writeEntry(draft: Rows, entry: LogEntry, { epoch, now }: RoundToWrite): void {
    draft.decisions += 1;
    const decided = {
      decisionNumber: draft.decisions,
      epoch,
      decidedAt: now,
      inputs: entry.inputs,
      reprices: draft.hourlyYuan.length,
    };
    const { command, payload, answer } = entry;
    if (command === null) {
      const submission = { organisationId: null, key: '', request: '', payload: JSON.stringify(payload) };
      this.insertCommand(draft, submission, { ...decided, answers: [answer] });
      return;
    }
    const row = present(draft.commands.get(command.id), `command ${command.id}`);
    draft.commands.set(row.id, { ...row, ...decided, answers: [...row.answers, answer] });
  }

  /** Reservations that are over, not settled, and due. */
  unsettled(now: Instant): ReservationRow[] {
    return [...this.rows.reservations.values()].filter(
      (row) => row.endedAt !== null && row.settledAt === null && settleAt(row, row.endedAt) <= now,
    );
  }

  /** Charges what was used, returns the rest of what was set aside, and closes the hold for good. */
  settle(draft: Rows, row: ReservationRow, now: Instant): void {
    const hold = present(draft.holds.get(row.id), `hold of ${row.id}`);
    const held = hold.placed - hold.returned;
    const captured = chargeOf(draft, row, held);
    const rest = held - captured;
    draft.holds.set(row.id, { ...hold, captured, returned: hold.returned + rest, resolvedAt: now });
    if (row.payBy === 'account') moveLine(draft, row.organisationId, { setAside: -held, owed: captured });
    else draft.wallets.set(row.organisationId, (draft.wallets.get(row.organisationId) ?? 0n) + rest);
    draft.earned += captured;
    if (row.endReason === 'refunded') this.refund(draft, row, captured);
    draft.reservations.set(row.id, { ...row, settledAt: now });
  }

  /** What a refunded term was charged goes back as well. */
  protected refund(draft: Rows, row: ReservationRow, captured: bigint): void {
    draft.wallets.set(row.organisationId, (draft.wallets.get(row.organisationId) ?? 0n) + captured);
    draft.earned -= captured;
    draft.refunds.set(row.id, { ...present(draft.refunds.get(row.id), `refund of ${row.id}`), credited: captured });
  }

  /** What refunds of reservations are decided from, by the rule of a simulated market. */
  refunds(reservationIds: readonly Id<'reservation'>[]): Map<Id<'reservation'>, RefundFacts> {
    return new Map(
      reservationIds.flatMap((id): [Id<'reservation'>, RefundFacts][] => {
        const row = this.rows.reservations.get(id);
        if (!row) return [];
        const { organisationId, skuId } = fromBookedRow(row).reservation;
        const isUsed = [...this.rows.refunds.values()].some(
          (used) => used.organisationId === organisationId && used.skuId === skuId,
        );
        return [[id, { ...REFUNDS, organisationId, skuId, isUsed, isPartGivenBack: this.rows.partlyUnused.has(id) }]];
      }),
    );
  }

  /** The answer of a key, or null while it waits. */
  answerOf(commandId: string): Answer | null {
    return this.rows.commands.get(commandId)?.answers[0] ?? null;
  }
}

/** A paid term that was left early is earned on to its end. */
function settleAt(row: ReservationRow, endedAt: Instant): Instant {
  return row.purchase === 'by-card' && row.endReason === 'released' ? (intervalOf(row).endAt ?? endedAt) : endedAt;
}

/** What a reservation that is over costs: its allocations by the hour, or all that is set aside for its terms. */
function chargeOf(rows: Rows, row: ReservationRow, held: bigint): bigint {
  if (row.state === 'cancelled') return 0n;
  if (row.termPriceUnits !== null && row.endReason !== 'refunded') return held;
  const price = present(catalogOf(rows).prices.get(row.priceVersionId), `price ${row.priceVersionId}`);
  invariant(row.startAt !== null, 'a reservation starts');
  const startAt = fromDate(row.startAt);
  let total = 0n;
  for (const { reservationId, interval } of rows.allocations.values()) {
    if (reservationId !== row.id || interval.endAt === null || interval.endAt <= interval.startAt) continue;
    if (row.termPriceUnits !== null) {
      const seconds = BigInt(secondsBetween(interval.startAt, interval.endAt));
      total += earnedToDate(units(row.termPriceUnits), seconds, BigInt(present(row.termSeconds, 'seconds of a term')));
      continue;
    }
    // As the hourly run does it: the difference of two charges to date, both counted from the start.
    const before = interval.startAt > startAt ? cardCharge(price, { startAt, endAt: interval.startAt }) : 0n;
    total += cardCharge(price, { startAt, endAt: interval.endAt }) - before;
  }
  return total;
}
