import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { floorToSecond, toIso } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { lockReceivable } from '#lib/ledger/correcting.ts';
import { onReceivable } from '#lib/ledger/credit-templates.ts';
import { partlyOwed, partlyToPromo } from '#lib/ledger/partly-owed.ts';
import type { Journal } from '#lib/ledger/types.ts';
import { type HourReturn, insertReturns, readSharesOf } from '#lib/vouchers/returning.ts';
import { ledgerRefusalOf, lockWallets, post } from '#lib/ledger/posting.ts';
import { usageCorrected } from '#lib/ledger/usage-corrected.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import {
  type EvidenceSubject,
  findSubject,
  insertCorrection,
  insertRevisions,
  readBefore,
  readProvenSeconds,
  readWrongHours,
  type RevisedCharge,
} from './late-evidence-store.ts';
import type { Corrected, LateEvidence, LateEvidenceRefusal } from './late-evidence-types.ts';
import { rate } from './rate.ts';

/** Why evidence is not taken, before anything is written; null when it may be. */
async function check(tx: Tx, subject: EvidenceSubject | null, late: LateEvidence): Promise<LateEvidenceRefusal | null> {
  if (subject === null) return { code: 'allocationUnknown' };
  if (subject.isRefunded) return { code: 'evidenceRefunded' };
  const { fromAt, untilAt } = subject;
  const isInside = fromAt <= late.startAt && late.startAt < late.endAt && late.endAt <= untilAt;
  const isWhole = floorToSecond(late.startAt) === late.startAt && floorToSecond(late.endAt) === late.endAt;
  if (!isInside || !isWhole) return { code: 'evidenceOutside', fromAt, untilAt };
  const seconds = await readProvenSeconds(tx, late);
  const isKnown = late.isProven ? seconds === (late.endAt - late.startAt) / 1_000 : seconds === 0;
  return isKnown ? { code: 'evidenceKnown' } : null;
}

/** Of use on account: what is more is owed; what was too much comes off that, and what was paid already into the wallet. */
function owedFirst(
  corrected: Journal,
  { organisationId }: EvidenceSubject,
  owedUnits: bigint,
  { amountUnits }: { readonly amountUnits: bigint },
): Journal {
  return amountUnits > 0n ? onReceivable(corrected, organisationId) : partlyOwed(corrected, organisationId, owedUnits);
}

/** The revisions that put the charged hours right, each going on from the one before, with the journals that pay for them. */
async function revise(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  late: LateEvidence,
  id: bigint,
): Promise<RevisedCharge[]> {
  const price = present(
    (await readPriceVersions(tx)).find((version) => version.id === subject.priceVersionId),
    `price version ${subject.priceVersionId}`,
  );
  let before = await readBefore(tx, late.allocationId);
  if (subject.isOnAccount) await lockWallets(tx, [subject.organisationId]);
  let owedUnits: bigint = subject.isOnAccount ? await lockReceivable(tx, subject.organisationId) : 0n;
  const hours = await readWrongHours(tx, late);
  const sharesOf = await readSharesOf(
    tx,
    subject,
    hours.map(({ hourAt }) => hourAt),
    ctx.now,
  );
  const returns: HourReturn[] = [];
  const made = hours.map((hour) => {
    const usage = { usedSeconds: hour.usedSeconds, unusedSeconds: 0, term: subject.term, before };
    const rated = rate(usage, price.priceE10PerCardHour, hour.bandBps);
    before = rated;
    const corrected = usageCorrected(
      subject,
      { id, hourAt: hour.hourAt, effectiveAt: hour.countsAt },
      units(rated.amountUnits),
      BigInt(hour.usedSeconds),
    );
    // Vouchers are deducted from the month's own invoice: of a month that is closed, the wallet gets it all.
    const shares =
      rated.amountUnits < 0n && hour.countsAt === hour.hourAt ? sharesOf(hour.hourAt, -rated.amountUnits) : [];
    const journal = subject.isOnAccount
      ? owedFirst(corrected, subject, owedUnits, rated)
      : partlyToPromo(corrected, subject.organisationId, shares);
    owedUnits = owedUnits + rated.amountUnits > 0n ? owedUnits + rated.amountUnits : 0n;
    returns.push({ hourAt: hour.hourAt, journalKey: journal.key, shares });
    return { charge: { ...hour, ...rated, journalKey: journal.key }, journal };
  });
  await insertRevisions(
    ctx,
    tx,
    subject,
    late.allocationId,
    made.map(({ charge }) => charge),
  );
  await insertReturns(tx, subject, returns, ctx.now);
  await post(
    ctx,
    tx,
    made.map(({ journal }) => journal),
  );
  return made.map(({ charge }) => charge);
}

/**
 * Takes evidence that came late, and in the same transaction puts right every hour that was charged without it: a charge of
 * the next revision with the signed difference, in its own month while that is open, else in the next open one. Hours that
 * are not charged yet will be charged by what is known now. Nothing is kept of what is refused.
 */
export async function recordLateEvidence(
  ctx: Ctx,
  late: LateEvidence,
): Promise<Result<Corrected, LateEvidenceRefusal>> {
  authorize(ctx, 'evidence:correct');
  if (late.reason.trim() === '') return refuse({ code: 'evidenceReasonMissing' });
  try {
    return await withTx(ctx, async (tx) => {
      const subject = await findSubject(tx, late.allocationId);
      const refusal = await check(tx, subject, late);
      if (refusal || subject === null) return refuse(refusal ?? { code: 'allocationUnknown' });
      const correction = await insertCorrection(ctx, tx, subject, late);
      const revisions = await revise(ctx, tx, subject, late, correction);
      const { organisationId, reservationId } = subject;
      const said = {
        startAt: toIso(late.startAt),
        endAt: toIso(late.endAt),
        isProven: late.isProven,
        reason: late.reason.trim(),
      };
      await record(
        ctx,
        tx,
        'evidence.corrected',
        late.allocationId,
        { ...said, hours: revisions.length },
        organisationId,
      );
      await notify(tx, 'kashi_change', ['usage']);
      return accept({ correction, organisationId, reservationId, revisions });
    });
  } catch (error) {
    if (ledgerRefusalOf(error)?.code === 'insufficientFunds') return refuse({ code: 'lateChargeUnpaid' });
    throw error;
  }
}
