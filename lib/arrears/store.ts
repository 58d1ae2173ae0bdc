import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import {
  type ArrearsFacts,
  ARREARS_STATES,
  type ArrearsState,
  type ArrearsStep,
  type ArrearsTerms,
  type Standing,
} from './types.ts';

const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));
const dateOf = (at: Instant | null): Date | null => (at === null ? null : toDate(at));

export function stateOf(text: string): ArrearsState {
  return present(
    ARREARS_STATES.find((state) => state === text),
    `state ${text}`,
  );
}

const STANDING = {
  organisationId: true,
  state: true,
  steps: true,
  episode: true,
  sinceAt: true,
  runsOutAt: true,
  stopAt: true,
  releaseAt: true,
} as const;

/** Where organisations stand: those named, or all that are not well. */
export async function readStandings(tx: Tx, organisationIds: readonly string[] | null): Promise<Map<string, Standing>> {
  const rows = await tx.arrears.findMany({
    where: organisationIds === null ? { state: { not: 'ok' } } : { organisationId: { in: [...organisationIds] } },
    select: STANDING,
  });
  return new Map(
    rows.map((row) => [
      row.organisationId,
      {
        state: stateOf(row.state),
        steps: row.steps,
        episode: row.episode,
        sinceAt: fromDate(row.sinceAt),
        runsOutAt: optional(row.runsOutAt),
        stopAt: optional(row.stopAt),
        releaseAt: optional(row.releaseAt),
      },
    ]),
  );
}

/** True when a walk could find something: an open end runs, somebody is not well, or something is owed. One look. */
export async function isAnybodyConcerned(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ concerned: boolean }[]>`
    SELECT EXISTS (SELECT FROM reservation WHERE state = 'active' AND end_at IS NULL) OR EXISTS (SELECT FROM arrears WHERE state <> 'ok')
      OR EXISTS (SELECT FROM account WHERE kind = 'arrears' AND balance_units < 0) AS concerned`;
  return row?.concerned ?? true;
}

/** The terms in force: an organisation's own, else the operator's (under the empty name). */
export async function readTerms(tx: Tx, organisationIds: readonly string[]): Promise<Map<string, ArrearsTerms>> {
  const rows = await tx.arrearsPolicy.findMany({
    where: { state: 'approved', OR: [{ organisationId: null }, { organisationId: { in: [...organisationIds] } }] },
    select: {
      organisationId: true,
      firstWarningHours: true,
      lastWarningHours: true,
      graceSeconds: true,
      retentionDays: true,
    },
  });
  return new Map(rows.map(({ organisationId, ...terms }) => [organisationId ?? '', terms]));
}

/** A step with whose it is and what it was taken by. */
export type TakenStep = {
  readonly organisationId: Id<'organisation'>;
  readonly step: ArrearsStep;
  readonly facts: ArrearsFacts;
};

/** Writes steps in their order and where they lead. The database refuses a step that does not follow the one before. */
export async function writeSteps(tx: Tx, taken: readonly TakenStep[], now: Instant): Promise<void> {
  await tx.arrearsStep.createMany({
    data: taken.map(({ organisationId, step, facts }) => ({
      organisationId,
      number: step.number,
      episode: step.next.episode,
      fromState: step.from,
      toState: step.to,
      at: toDate(step.at),
      recordedAt: toDate(now),
      spendableUnits: facts.spendableUnits,
      owedUnits: facts.owedUnits,
      burnUnitsPerHour: facts.burnUnitsPerHour,
      runsOutAt: dateOf(step.next.runsOutAt),
      stopAt: dateOf(step.next.stopAt),
      releaseAt: dateOf(step.next.releaseAt),
    })),
  });
  const last = new Map(taken.map(({ organisationId, step }) => [organisationId, step.next]));
  for (const [organisationId, { sinceAt, runsOutAt, stopAt, releaseAt, ...same }] of last) {
    const data = {
      ...same,
      sinceAt: toDate(sinceAt),
      runsOutAt: dateOf(runsOutAt),
      stopAt: dateOf(stopAt),
      releaseAt: dateOf(releaseAt),
    };
    await tx.arrears.upsert({ where: { organisationId }, create: { organisationId, ...data }, update: data });
  }
}

/** One step as people read it. */
export type StepView = {
  readonly number: number;
  readonly from: ArrearsState;
  readonly to: ArrearsState;
  readonly at: Instant;
  readonly owedUnits: bigint;
  readonly spendableUnits: bigint;
};

/** The newest steps of an organisation. */
export async function readSteps(tx: Tx, organisationId: string, take: number): Promise<StepView[]> {
  const rows = await tx.arrearsStep.findMany({
    where: { organisationId },
    orderBy: { number: 'desc' },
    take,
    select: { number: true, fromState: true, toState: true, at: true, owedUnits: true, spendableUnits: true },
  });
  return rows.map(({ fromState, toState, at, ...same }) => ({
    ...same,
    from: stateOf(fromState),
    to: stateOf(toState),
    at: fromDate(at),
  }));
}

/** The names and addresses of organisations. */
export async function readOrganisations(
  tx: Tx,
  ids: readonly string[],
): Promise<{ readonly id: Id<'organisation'>; readonly name: string }[]> {
  const rows = await tx.organisation.findMany({
    where: { id: { in: [...ids] } },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  });
  return rows.map(({ id, name }) => ({ id: idFrom('organisation', id), name }));
}
