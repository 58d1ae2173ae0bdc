import 'server-only';
import { createHash } from 'node:crypto';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readOpenInstant } from '#lib/ledger/corrections.ts';
import { slaCompensated } from '#lib/ledger/correction-templates.ts';
import { post } from '#lib/ledger/posting.ts';
import { tell } from '#lib/notices/writing.ts';
import type { NewNotice } from '#lib/notices/types.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { availabilityPpm, dueOf, missingUnits } from './credit.ts';
import { policyInForce } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import {
  insertCredits,
  lockMonth,
  readFigures,
  readGiven,
  readMonthsDue,
  readNames,
  writeMonthGiven,
} from './store.ts';
import type { MonthFigures, SlaCredit, SlaPolicy } from './types.ts';

/** Reading a month of millions of charges takes longer than a statement usually may. */
const FIGURES_MS = 600_000;
/** Credits of one transaction: the locks of their wallets are held for a moment. */
const BATCH = 100;

/** A credit's id follows from what it is for, so that a month that is credited again from the same data is the same. */
function idOf(month: Month, reservationId: string, revision: number): Id<'compensation'> {
  const digest = createHash('sha256').update(`${reservationId} ${month} ${revision}`).digest();
  return makeId('compensation', monthInterval(month).endAt, digest.subarray(0, 10));
}

/** What the figures of a reservation's month come to by the table in force for its SKU then. */
export function dueByTable(policies: readonly SlaPolicy[], month: Month, figures: MonthFigures) {
  const policy = policyInForce(policies, figures.skuId, month);
  const due = policy && dueOf(figures, policy.tiers);
  return policy && due ? { policyId: policy.id, ...due } : null;
}

/** The credits that are missing for some reservations of a month, from what is there while its charges are held still. */
async function missingCredits(
  ctx: Ctx,
  tx: Tx,
  month: Month,
  reservationIds: readonly string[],
  effectiveAt: Instant,
): Promise<SlaCredit[]> {
  const policies = await readPolicies(tx, { state: 'approved' });
  const given = await readGiven(tx, month, reservationIds);
  return (await readFigures(tx, month, reservationIds)).flatMap((figures): SlaCredit[] => {
    const due = dueByTable(policies, month, figures);
    const { revisions: revision, units: before } = given.get(figures.reservationId) ?? {
      revisions: 0,
      units: ZERO_UNITS,
    };
    const amountUnits = due && missingUnits(due, before);
    if (due === null || amountUnits === null || amountUnits === 0n) return [];
    const id = idOf(month, figures.reservationId, revision);
    return [
      { ...figures, ...due, id, month, revision, amountUnits, journalKey: `sla:${id}`, effectiveAt, givenAt: ctx.now },
    ];
  });
}

function noticeOf(credit: SlaCredit, name: string): NewNotice {
  return {
    organisationId: credit.organisationId,
    kind: credit.revision === 0 ? 'slaCredited' : 'slaCreditedMore',
    sourceKey: credit.journalKey,
    data: {
      reservationId: credit.reservationId,
      name,
      month: credit.month,
      availabilityPpm: availabilityPpm(credit),
      creditBps: credit.tier.creditBps,
      amountUnits: `${credit.amountUnits}`,
    },
  };
}

/** Gives some reservations what is missing: rows, journals, notices and audit of all of them or none. */
async function giveBatch(ctx: Ctx, tx: Tx, month: Month, reservationIds: readonly string[]): Promise<number> {
  await lockMonth(tx, month);
  const effectiveAt = await readOpenInstant(tx, instant(monthInterval(month).endAt - 1));
  const credits = await missingCredits(ctx, tx, month, reservationIds, effectiveAt);
  await insertCredits(tx, credits);
  await post(
    ctx,
    tx,
    credits.map(({ id, organisationId, reservationId, skuId, amountUnits }) =>
      slaCompensated({ id, organisationId, reservationId, at: effectiveAt }, skuId, amountUnits, 'wallet'),
    ),
  );
  const names = await readNames(
    tx,
    credits.map(({ reservationId }) => reservationId),
  );
  await tell(
    ctx,
    tx,
    credits.map((credit) => noticeOf(credit, names.get(credit.reservationId) ?? credit.reservationId)),
  );
  for (const { id, organisationId, reservationId, revision, amountUnits } of credits)
    await record(ctx, tx, 'sla.credit', id, { reservationId, month, revision, amountUnits }, organisationId);
  return credits.length;
}

/** The reservations of a month that fell below a line of their table. */
async function concerned(ctx: Ctx, month: Month): Promise<string[]> {
  return withTx(
    ctx,
    async (tx) => {
      const policies = await readPolicies(tx, { state: 'approved' });
      const figures = await readFigures(tx, month, null);
      return figures
        .filter((each) => dueByTable(policies, month, each) !== null)
        .map(({ reservationId }) => reservationId);
    },
    { timeoutMs: FIGURES_MS },
  );
}

/**
 * Gives every credit that is due: of each month that is over and charged in full, and once more when something of it was put
 * right since. What is given already is left alone, so a repeat, and a second run at the same time, give nothing. It counts
 * on the month's last millisecond, or once the month's close has begun with the first of the next open one. What was given is
 * never taken back. Answers how many credits there were.
 */
export async function giveCredits(ctx: Ctx): Promise<number> {
  authorize(ctx, 'sla:give');
  let credits = 0;
  for (const { month, putRight } of await withTx(ctx, (tx) => readMonthsDue(tx, ctx.now), { timeoutMs: FIGURES_MS })) {
    const ids = await concerned(ctx, month);
    for (let i = 0; i < ids.length; i += BATCH)
      credits += await withTx(ctx, (tx) => giveBatch(ctx, tx, month, ids.slice(i, i + BATCH)));
    await withTx(ctx, (tx) => writeMonthGiven(tx, month, putRight, ctx.now));
  }
  return credits;
}
