import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { PROBATION_SECONDS } from './debounce.ts';
import {
  type CaseReport,
  type CaseState,
  type CaseStep,
  FAULT_CAUSES,
  resolvesAt,
  settled,
  type Sighting,
  sight,
  unseen,
} from './fault-case.ts';

// The engine's door to the fault cases, within its own transaction.

const ENGINE = 'system:engine';

type Case = {
  readonly id: string;
  readonly cardId: string;
  readonly serverId: string;
  readonly cause: string;
  readonly incidentId: string;
  readonly ownerId: string | null;
  readonly state: CaseState;
};

type Step = { readonly incidentId: string; readonly kind: string; readonly at: Instant; readonly data: StepData };
type StepData = { readonly card: string; readonly fault?: string };

const instantOf = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

type Row = {
  id: string;
  cardId: string;
  serverId: string;
  cause: string;
  incidentId: string;
  ownerId: string | null;
  kind: string;
  xid: bigint | null;
  severity: string;
  action: string;
  count: number;
  reopened: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  wellSince: Date | null;
  resolvedAt: Date | null;
  resolution: string | null;
};

function fromRow(row: Row): Case {
  const { id, cardId, serverId, cause, incidentId, ownerId, kind, xid, action, count, reopened } = row;
  const state: CaseState = {
    kind,
    xid: xid === null ? null : Number(xid),
    severity: row.severity === 'fatal' ? 'fatal' : 'warning',
    action,
    count,
    reopened,
    firstSeenAt: fromDate(row.firstSeenAt),
    lastSeenAt: fromDate(row.lastSeenAt),
    wellSince: instantOf(row.wellSince),
    resolvedAt: instantOf(row.resolvedAt),
    isAccepted: row.resolution !== null,
  };
  return { id, cardId, serverId, cause, incidentId, ownerId, state };
}

const COLUMNS = Prisma.sql`f.id, f.card_id AS "cardId", f.server_id AS "serverId", f.cause, f.incident_id AS "incidentId",
  f.owner_id AS "ownerId", f.kind, f.xid, f.severity, f.action, f.count, f.reopened, f.first_seen_at AS "firstSeenAt",
  f.last_seen_at AS "lastSeenAt", f.well_since AS "wellSince", f.resolved_at AS "resolvedAt", f.resolution`;

const keyOf = (cardId: string, cause: string): string => `${cardId} ${cause}`;

/** The open and accepted cases of a pool, and the newest of each of some cards and cause, locked in the order of their ids. */
async function readCases(tx: Tx, poolId: string, cardIds: readonly string[]): Promise<Map<string, Case>> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM fault_case f WHERE f.id IN (
      SELECT x.id FROM fault_case x JOIN card c ON c.id = x.card_id WHERE x.resolved_at IS NULL AND c.pool_id = ${poolId}
      UNION ALL
      SELECT x.id FROM fault_case x JOIN card c ON c.id = x.card_id
        WHERE x.resolution IS NOT NULL AND x.well_since IS NULL AND c.pool_id = ${poolId}
      UNION ALL
      SELECT id FROM (SELECT DISTINCT ON (card_id, cause) id FROM fault_case WHERE card_id = ANY(${cardIds}::text[])
        ORDER BY card_id, cause, resolved_at DESC NULLS FIRST) newest)
    ORDER BY f.id FOR UPDATE`;
  return new Map(rows.map((row) => [keyOf(row.cardId, row.cause), fromRow(row)]));
}

const STEP_KINDS: Readonly<Record<CaseStep, string | null>> = {
  opened: 'opened',
  reopened: 'reopened',
  changed: 'changed',
  counted: null,
  ignored: null,
};

function isSameStep(a: Step, b: Step): boolean {
  return a.incidentId === b.incidentId && a.kind === b.kind && a.at === b.at && a.data.fault === b.data.fault;
}

/** The fault cases of a pool while reports change them; written once at the end. */
class CaseBook {
  readonly #cases: Map<string, Case>;
  readonly #touched = new Map<string, Case>();
  readonly #new = new Set<string>();
  readonly steps: Step[] = [];

  constructor(cases: Map<string, Case>) {
    this.#cases = cases;
  }

  take({ cardId, serverId, at, seen, proves }: CaseReport): void {
    const cause = seen && this.#causeOf(cardId, seen);
    for (const other of FAULT_CAUSES) {
      const known = this.#cases.get(keyOf(cardId, other));
      if (!known || other === cause) continue;
      const state = unseen(known.state, proves, at);
      if (state !== known.state) this.#put({ ...known, state });
    }
    if (!seen || !cause) return;
    const known = this.#settled(keyOf(cardId, cause), at);
    const { step, state } = sight(known?.state ?? null, seen, at);
    if (step === 'ignored') return;
    const goesOn = step !== 'opened' && known !== null;
    const id = goesOn ? known.id : newId('fault', at);
    const isJoining = step === 'opened' || step === 'reopened';
    const joined = isJoining && seen.isServerWide ? this.#openIncident(serverId, cause) : null;
    const incidentId = joined?.incidentId ?? (goesOn ? known.incidentId : id);
    const ownerId = joined?.ownerId ?? (goesOn ? known.ownerId : null);
    if (!goesOn) this.#new.add(id);
    this.#put({ id, cardId, serverId, cause, incidentId, ownerId, state });
    const kind = STEP_KINDS[step];
    // The cards that one trouble of their server hits are told once.
    if (kind === null || joined) return;
    const told = { incidentId, kind, at, data: { card: cardId, fault: seen.kind } };
    if (!seen.isServerWide || !this.steps.some((other) => isSameStep(other, told))) this.steps.push(told);
  }

  #causeOf(cardId: string, { cause, joins }: Sighting): string {
    const isOpen = (joined: string): boolean => this.#cases.get(keyOf(cardId, joined))?.state.resolvedAt === null;
    return joins.find(isOpen) ?? cause;
  }

  /** The newest case, resolved if that was due before `at`. */
  #settled(key: string, at: Instant): Case | null {
    const known = this.#cases.get(key);
    if (!known) return null;
    const after = { ...known, state: settled(known.state, at) };
    if (after.state !== known.state) this.#put(after);
    return after;
  }

  #openIncident(serverId: string, cause: string): Case | null {
    for (const known of this.#cases.values())
      if (known.serverId === serverId && known.cause === cause && known.state.resolvedAt === null) return known;
    return null;
  }

  #put(changed: Case): void {
    this.#cases.set(keyOf(changed.cardId, changed.cause), changed);
    this.#touched.set(changed.id, changed);
  }

  /** The known cases that changed, to be written before the new ones: one that was open may be over, and another of its kind open. */
  changes(): { readonly known: readonly Case[]; readonly opened: readonly Case[] } {
    const touched = [...this.#touched.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return {
      known: touched.filter(({ id }) => !this.#new.has(id)),
      opened: touched.filter(({ id }) => this.#new.has(id)),
    };
  }
}

function columnsOf({ incidentId, ownerId, state }: Case) {
  const { kind, xid, severity, action, count, reopened, firstSeenAt, lastSeenAt, wellSince, resolvedAt } = state;
  return {
    incidentId,
    ownerId,
    kind,
    xid,
    severity,
    action,
    count,
    reopened,
    firstSeenAt: toDate(firstSeenAt),
    lastSeenAt: toDate(lastSeenAt),
    wellSince: wellSince === null ? null : toDate(wellSince),
    resolvedAt: resolvedAt === null ? null : toDate(resolvedAt),
    // What a person accepted stays theirs; else it is open again, or its device resolved it.
    ...(state.isAccepted ? {} : { resolvedBy: resolvedAt === null ? null : ENGINE, resolution: null }),
  };
}

async function writeSteps(tx: Tx, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  await tx.faultEvent.createMany({
    data: steps.map(({ at, data, ...rest }) => ({ ...rest, at: toDate(at), data: { ...data }, actor: ENGINE })),
  });
}

/** Takes in verdicts on cards of a pool, in their order: cases open, change, go on, or begin to be over. */
export async function recordCases(tx: Tx, poolId: string, reports: readonly CaseReport[]): Promise<void> {
  if (reports.length === 0) return;
  const seenCards = reports.flatMap(({ cardId, seen }) => (seen ? [cardId] : []));
  const cases = await readCases(tx, poolId, seenCards);
  // Nothing is open, and nothing was seen: what the reports prove is known.
  if (cases.size === 0 && seenCards.length === 0) return;
  const book = new CaseBook(cases);
  for (const report of reports) book.take(report);
  const { known, opened } = book.changes();
  for (const each of known) await tx.faultCase.update({ where: { id: each.id }, data: columnsOf(each) });
  await tx.faultCase.createMany({
    data: opened.map((each) => ({
      id: each.id,
      cardId: each.cardId,
      serverId: each.serverId,
      cause: each.cause,
      ...columnsOf(each),
    })),
  });
  await writeSteps(tx, book.steps);
}

/** Resolves the cases of a pool whose trouble has stayed away long enough by `at`. */
export async function resolveCases(tx: Tx, poolId: string, at: Instant): Promise<void> {
  const rows = await tx.$queryRaw<{ incidentId: string; cardId: string; resolvedAt: Date }[]>`
    UPDATE fault_case f SET resolved_at = f.well_since + make_interval(secs => ${PROBATION_SECONDS}), resolved_by = ${ENGINE}
    FROM card c WHERE c.id = f.card_id AND c.pool_id = ${poolId} AND f.resolved_at IS NULL
      AND f.well_since + make_interval(secs => ${PROBATION_SECONDS}) <= ${toDate(at)}::timestamptz
    RETURNING f.incident_id AS "incidentId", f.card_id AS "cardId", f.resolved_at AS "resolvedAt"`;
  const incidentIds = [...new Set(rows.map(({ incidentId }) => incidentId))];
  const open = await tx.faultCase.findMany({
    where: { incidentId: { in: incidentIds }, resolvedAt: null },
    select: { incidentId: true },
  });
  const stillOpen = new Set(open.map(({ incidentId }) => incidentId));
  const steps = incidentIds.flatMap((incidentId): Step[] => {
    const last = rows.findLast((row) => row.incidentId === incidentId);
    if (!last || stillOpen.has(incidentId)) return [];
    return [{ incidentId, kind: 'recovered', at: fromDate(last.resolvedAt), data: { card: last.cardId } }];
  });
  await writeSteps(tx, steps);
}

/** When the next case of a pool resolves by itself, as things are; null when none is about to. */
export async function nextResolution(tx: Tx, poolId: string): Promise<Instant | null> {
  const { _min } = await tx.faultCase.aggregate({
    where: { resolvedAt: null, wellSince: { not: null }, card: { poolId } },
    _min: { wellSince: true },
  });
  return resolvesAt({ wellSince: instantOf(_min.wellSince) });
}

/** Ends the cases of cards that leave: what is away cannot be faulty. */
export async function dismissCases(
  tx: Tx,
  cardIds: readonly string[],
  by: { readonly actor: string; readonly reason: string; readonly at: Instant },
): Promise<void> {
  const where = { cardId: { in: [...cardIds] }, resolvedAt: null };
  const open = await tx.faultCase.findMany({ where, select: { incidentId: true, cardId: true } });
  if (open.length === 0) return;
  await tx.faultCase.updateMany({
    where,
    data: { resolvedAt: toDate(by.at), resolvedBy: by.actor, resolution: by.reason },
  });
  await tx.faultEvent.createMany({
    data: open.map(({ incidentId, cardId }) => ({
      incidentId,
      at: toDate(by.at),
      actor: by.actor,
      kind: 'resolved',
      data: { card: cardId, text: by.reason },
    })),
  });
}

/** The troubles that still hold on a pool's cards, for a simulated fleet that starts again. */
export async function readOpenFaults(
  tx: Tx,
  poolId: string,
): Promise<{ uuid: string; kind: string; since: Instant }[]> {
  const rows = await tx.faultCase.findMany({
    where: { resolvedAt: null, wellSince: null, card: { poolId } },
    select: { kind: true, firstSeenAt: true, card: { select: { uuid: true } } },
  });
  return rows.map((row) => ({ uuid: row.card.uuid, kind: row.kind, since: fromDate(row.firstSeenAt) }));
}
