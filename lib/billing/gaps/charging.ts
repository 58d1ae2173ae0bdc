import 'server-only';
import { bandBpsAt } from '#lib/catalog/price.ts';
import type { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Instant, secondsBetween } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { onReceivable } from '#lib/ledger/credit-templates.ts';
import { gapCharged } from '#lib/ledger/gap-charged.ts';
import { postUsedHours } from '#lib/ledger/on-account.ts';
import { post } from '#lib/ledger/posting.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { burnCharged } from '#lib/vouchers/tranches.ts';
import { type EvidenceSubject, insertCharges, readBefore, readProvenSeconds } from '../late-evidence-store.ts';
import { rate, type Rating } from '../rate.ts';
import { type GapSpan, readCountsAt } from './store.ts';

/** A waived hour weighs nothing: its seconds are kept, and no price is asked for them. */
const WAIVED_BPS = 0;
const TERM_BPS = 10_000;

export type RatedGap = Rating & {
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly downSeconds: number;
  readonly bandBps: number;
};

type Prices = Awaited<ReturnType<typeof readPriceVersions>>;

/** What a gap hour comes to by what is proven now, going on from what its allocation was charged so far. */
export async function rateGap(
  tx: Tx,
  subject: EvidenceSubject,
  allocationId: string,
  span: GapSpan,
  prices: Prices,
  isWaived: boolean,
): Promise<RatedGap> {
  const price = present(
    prices.find(({ id }) => id === subject.priceVersionId),
    'the price version of a gap',
  );
  const usedSeconds = await readProvenSeconds(tx, { allocationId, startAt: span.startAt, endAt: span.endAt });
  const unusedSeconds = subject.term === null ? 0 : secondsBetween(span.endAt, span.chargedUntil);
  const downSeconds = secondsBetween(span.startAt, span.endAt) - usedSeconds;
  const before = await readBefore(tx, allocationId);
  const bandBps = isWaived ? WAIVED_BPS : subject.term === null ? bandBpsAt(price, span.hourAt) : TERM_BPS;
  const rating = isWaived
    ? { weightedSeconds: before.weightedSeconds, chargedUnits: units(before.chargedUnits), amountUnits: units(0n) }
    : rate({ usedSeconds, unusedSeconds, term: subject.term, before }, price.priceE10PerCardHour, bandBps);
  return { ...rating, usedSeconds, unusedSeconds, downSeconds, bandBps };
}

/** What was set aside pays, and is owed where that was against the credit line; of what is settled, the wallet or what is owed. */
async function payGap(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  { hourAt, isSettled }: GapSpan,
  journal: Journal,
  amountUnits: Units,
): Promise<void> {
  const { isOnAccount, organisationId } = subject;
  await post(ctx, tx, [isOnAccount && isSettled ? onReceivable(journal, organisationId) : journal]);
  if (isOnAccount && !isSettled)
    await postUsedHours(ctx, tx, [
      { ...subject, hourAt, effectiveAt: journal.effectiveAt, amountUnits, chargedBy: journal.key },
    ]);
}

/**
 * Books a gap hour as rated: its charge, out of turn, in its own month or the next open one, and the journal that pays for
 * it. The database has one charge for an hour, so a repeat is refused there. A refusal of the ledger ends the transaction.
 */
export async function bookGap(
  ctx: Ctx,
  tx: Tx,
  subject: EvidenceSubject,
  allocationId: string,
  span: GapSpan,
  rated: RatedGap,
): Promise<{ readonly countsAt: Instant; readonly amountUnits: Units }> {
  const countsAt = await readCountsAt(tx, span.hourAt);
  const seconds = {
    used: BigInt(rated.usedSeconds),
    unused: BigInt(rated.unusedSeconds),
    down: BigInt(rated.downSeconds),
  };
  const gap = { allocationId, hourAt: span.hourAt, effectiveAt: countsAt };
  const journal = gapCharged(subject, gap, rated.amountUnits, seconds, span.isSettled);
  const { hourAt, startAt } = span;
  const endAt = rated.unusedSeconds > 0 ? span.chargedUntil : span.endAt;
  const charge = { ...rated, hourAt, startAt, endAt, revision: 0, countsAt, journalKey: journal.key };
  await insertCharges(ctx, tx, subject, allocationId, [charge]);
  await payGap(ctx, tx, subject, span, journal, rated.amountUnits);
  // What was set aside for it may have been paid by a voucher; a wallet has none of them.
  if (!span.isSettled) await burnCharged(tx, subject.poolId, countsAt, ctx.now);
  return { countsAt, amountUnits: rated.amountUnits };
}
