import 'server-only';
import { createHash } from 'node:crypto';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { ZERO_UNITS } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { lockLines } from '#lib/ledger/on-account.ts';
import { partlyOwed } from '#lib/ledger/partly-owed.ts';
import { readOpenInstant } from '#lib/ledger/corrections.ts';
import { slaCompensated } from '#lib/ledger/correction-templates.ts';
import { lockWallets, post } from '#lib/ledger/posting.ts';
import { tell } from '#lib/notices/writing.ts';
import type { NewNotice } from '#lib/notices/types.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { availabilityPpm, dueOf, lessenOwed, missingUnits } from './credit.ts';
import { policyInForce } from './policy.ts';
import { readPolicies } from './policy-store.ts';
import {
  type CreditedReservation,
  insertCredits,
  lockMonth,
  readCredited,
  readFigures,
  readGiven,
  readMonthsDue,
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

type Missing = Omit<SlaCredit, 'owedUnits'>;

/** The credits that are missing for some reservations of a month, from what is there while its charges are held still. */
async function missingCredits(
  ctx: Ctx,
  tx: Tx,
  month: Month,
  reservationIds: readonly string[],
  effectiveAt: Instant,
): Promise<Missing[]> {
  const policies = await readPolicies(tx, { state: 'approved' });
  const given = await readGiven(tx, month, reservationIds);
  return (await readFigures(tx, month, reservationIds)).flatMap((figures): Missing[] => {
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

/**
 * Says of each credit what of it lessens what is owed: of use on account as much as its organisation owes, one credit after
 * the other. Wallets are locked before what is owed, as wherever both are.
 */
async function withOwed(
  tx: Tx,
  credits: readonly Missing[],
  reservations: ReadonlyMap<string, CreditedReservation>,
): Promise<SlaCredit[]> {
  const isOnAccount = ({ reservationId }: Missing): boolean => reservations.get(reservationId)?.isOnAccount ?? false;
  const whose = [...new Set(credits.filter(isOnAccount).map(({ organisationId }) => organisationId))].sort();
  if (whose.length > 0) await lockWallets(tx, whose);
  const owed = new Map([...(await lockLines(tx, whose))].map(([id, { owedUnits }]) => [id, owedUnits]));
  return credits.map((credit) => ({
    ...credit,
    owedUnits: isOnAccount(credit) ? lessenOwed(owed, credit) : ZERO_UNITS,
  }));
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
      ...(credit.owedUnits > 0n && { owedUnits: `${credit.owedUnits}` }),
    },
  };
}

/** Gives some reservations what is missing: rows, journals, notices and audit of all of them or none. */
async function giveBatch(ctx: Ctx, tx: Tx, month: Month, reservationIds: readonly string[]): Promise<number> {
  await lockMonth(tx, month);
  const effectiveAt = await readOpenInstant(tx, instant(monthInterval(month).endAt - 1));
  const reservations = await readCredited(tx, reservationIds);
  const credits = await withOwed(tx, await missingCredits(ctx, tx, month, reservationIds, effectiveAt), reservations);
  await insertCredits(tx, credits);
  await post(
    ctx,
    tx,
    credits.map(({ id, organisationId, reservationId, skuId, amountUnits, owedUnits }) => {
      const compensation = { id, organisationId, reservationId, at: effectiveAt };
      return partlyOwed(slaCompensated(compensation, skuId, amountUnits, 'wallet'), organisationId, owedUnits);
    }),
  );
  await tell(
    ctx,
    tx,
    credits.map((credit) => noticeOf(credit, reservations.get(credit.reservationId)?.name ?? credit.reservationId)),
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
