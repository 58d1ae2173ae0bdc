import { present } from '#lib/core/assert.ts';
import { type Canonical, canonicalJson } from '#lib/core/canonical.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { decide } from '#lib/reservations/decide.ts';
import { cashOf, vouchersFrom } from '#lib/reservations/funds.ts';
import { restoreLimits } from '#lib/reservations/limits-seen.ts';
import { type AccountCredit, lineFrom, restoreLines } from '#lib/reservations/on-account.ts';
import { type RefundFacts, refundFrom, restoreRefunds } from '#lib/reservations/refund-terms.ts';
import { decideHealth, healSome } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Answer, CommandPayload } from '#lib/reservations/command-types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from '../mind.ts';
import { decideQueue, inputOf } from '../queue-deciding.ts';
import { buildMind } from '../mind-building.ts';
import { catalogOf, type CommandRow, type Rows } from './rows.ts';

/** The wallets that a decision saw, as the log keeps them. */
function walletsOf({ inputs, organisationId }: CommandRow): Map<string, Units> {
  const wallets = new Map<string, Units>();
  for (const [name, value] of Object.entries(inputs)) {
    const owner = name === 'wallet' ? organisationId : name.startsWith('wallet:') ? name.slice('wallet:'.length) : null;
    if (owner !== null) wallets.set(owner, units(BigInt(value)));
  }
  return wallets;
}

/** The credit lines that a decision saw. */
function linesOf({ inputs, organisationId }: CommandRow): Map<string, AccountCredit> {
  const seen = Object.entries(inputs).flatMap(([name, text]): [string, AccountCredit][] => {
    const owner = name === 'line' ? organisationId : name.startsWith('line:') ? name.slice('line:'.length) : null;
    return owner === null ? [] : [[owner, lineFrom(text)]];
  });
  return new Map(seen);
}

/** The vouchers that a decision could pay with, as the log keeps them. */
function restoreVouchersSeen({ vouchers }: Mind['book'], { inputs, organisationId }: CommandRow): void {
  vouchers.clear();
  for (const [name, text] of Object.entries(inputs)) {
    const owner =
      name === 'vouchers' ? organisationId : name.startsWith('vouchers:') ? name.slice('vouchers:'.length) : null;
    if (owner !== null) vouchers.set(owner, vouchersFrom(text));
  }
}

/** What a refund was decided from. */
function refundsOf({ inputs: { refund } }: CommandRow, payload: CommandPayload): Map<Id<'reservation'>, RefundFacts> {
  if (payload.kind !== 'refund' || refund === undefined) return new Map();
  return new Map([[payload.reservationId as Id<'reservation'>, refundFrom(refund)]]);
}

function playDues(mind: Mind, until: Instant, wallets: Map<string, Units>, most: number): void {
  let dues = 0;
  for (let due = nextDue(mind); due && due.at <= until && dues < most; due = nextDue(mind)) {
    dues += 1;
    const changes: Change[] = decideDue(mind, due, wallets);
    mind.applyAll(changes);
    for (const change of changes) {
      if (change.kind !== 'moneyPlaced') continue;
      const { organisationId } = change.reservation;
      wallets.set(organisationId, units((wallets.get(organisationId) ?? 0n) - cashOf(change)));
    }
  }
}

/** Plays one decision again; what it answers. */
function play(mind: Mind, row: CommandRow, payload: CommandPayload, at: Instant): string {
  if (row.key === '' && payload.kind === 'health') {
    for (const report of payload.changes) mind.applyAll(decideHealth(mind, report, at));
    return '';
  }
  // What is elsewhere is in the log where it kept something from being done, and of no consequence where it is not.
  mind.book.elsewhere.clear();
  restoreLimits(mind.book, row.inputs);
  restoreLines(mind.book.lines, linesOf(row));
  restoreRefunds(mind.book.refunds, refundsOf(row, payload));
  restoreVouchersSeen(mind.book, row);
  if (row.key === '' && payload.kind === 'tick') {
    playDues(mind, at, walletsOf(row), Number(row.inputs['dues'] ?? Number.MAX_SAFE_INTEGER));
    mind.applyAll(healSome(mind));
    mind.advanceTo(at);
    return '';
  }
  if (row.key === '' && payload.kind === 'queue') {
    decideQueue(mind, inputOf(mind, row.inputs, at));
    return '';
  }
  mind.advanceTo(at);
  const { id, organisationId, actor } = row;
  const decision = decide(mind, { id, organisationId, actor, payload }, walletsOf(row), at);
  mind.applyAll(decision.changes);
  return textOf(decision.answer);
}

/** An answer in one text, whatever order the database keeps its parts in. */
function textOf(answer: Answer): string {
  return canonicalJson(answer as Canonical);
}

/** What of the rows is needed: the pool as it began, the log, and what decisions read besides. */
export type LoggedRows = Pick<Rows, 'pool' | 'limits' | 'projects' | 'commands' | 'hourlyYuan'>;

/** Plays the whole log of decisions on an empty pool. Problems: answers that come out differently. */
export function replayLog(rows: LoggedRows): { readonly mind: Mind; readonly problems: string[] } {
  const mind = buildMind({ now: instant(0), ...rows.pool, committed: [], live: [], bindings: [] });
  for (const [id, limits] of rows.limits) mind.book.limits.set(id, limits);
  for (const project of rows.projects) mind.book.projects.set(project.id, project);
  const log = [...rows.commands.values()].filter(({ decisionNumber }) => decisionNumber !== null);
  log.sort((a, b) => (a.decisionNumber ?? 0) - (b.decisionNumber ?? 0));
  const problems: string[] = [];
  for (const row of log) {
    const [answer] = row.answers;
    if (answer && !answer.ok && answer.refusal.code === 'decisionFailed') continue;
    mind.book.catalog = catalogOf({ ...rows, hourlyYuan: rows.hourlyYuan.slice(0, row.reprices) });
    const payload = commandPayload.parse(JSON.parse(row.payload));
    const replayed = play(mind, row, payload, present(row.decidedAt, 'time of a decision'));
    const isSame = replayed === '' || replayed === textOf(present(answer, 'answer'));
    if (!isSame) problems.push(`${row.id} was answered ${JSON.stringify(answer)}, replayed ${replayed}`);
  }
  return { mind, problems };
}
