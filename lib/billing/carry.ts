import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { later } from '#lib/core/instant.ts';
import { type Month, monthInterval, nextMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { partlyOwed } from '#lib/ledger/partly-owed.ts';
import { post } from '#lib/ledger/posting.ts';
import { usageCarried } from '#lib/ledger/usage-corrected.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type Correction, readCorrections, type ShortLine } from './carry-store.ts';
import { findSubject, insertRevisions, readBefore } from './late-evidence-store.ts';
import { rate } from './rate.ts';

/** A line of thousands of corrections takes longer than a statement usually may. */
const CARRYING_MS = 600_000;

/**
 * Moves one correction from a month to the next: a revision takes it back where it counted, another makes it again where it
 * counts from now on. Together they change neither seconds nor money: what lessened what is owed
 * does so in the other month. Answers what the month has more by it.
 */
async function carryOne(ctx: Ctx, tx: Tx, month: Month, correction: Correction): Promise<bigint> {
  const { allocationId, hourAt, bandBps, revision } = correction;
  const subject = present(await findSubject(tx, allocationId), 'the allocation of a charge');
  const price = present(
    (await readPriceVersions(tx, [subject.priceVersionId])).find(({ id }) => id === subject.priceVersionId),
    'its price version',
  );
  const steps = [
    { usedSeconds: -correction.usedSeconds, month, step: 1 },
    { usedSeconds: correction.usedSeconds, month: nextMonth(month), step: 2 },
  ];
  let before = await readBefore(tx, allocationId);
  const made = steps.map(({ usedSeconds, month: counts, step }) => {
    const countsAt = later(hourAt, monthInterval(counts).startAt);
    const rated = rate(
      { usedSeconds, unusedSeconds: 0, term: subject.term, before },
      price.priceE10PerCardHour,
      bandBps,
    );
    before = rated;
    const carried = { allocationId, hourAt, revision: revision + step, effectiveAt: countsAt };
    const moved = usageCarried(subject, carried, rated.amountUnits, BigInt(usedSeconds));
    const journal = partlyOwed(moved, subject.organisationId, correction.owedUnits);
    const charge = {
      ...correction,
      ...rated,
      usedSeconds,
      revision: revision + step,
      countsAt,
      journalKey: journal.key,
    };
    return { charge, journal };
  });
  const charges = made.map(({ charge }) => charge);
  await insertRevisions(ctx, tx, subject, allocationId, charges);
  await post(
    ctx,
    tx,
    made.map(({ journal }) => journal),
  );
  return charges[0]?.amountUnits ?? 0n;
}

/**
 * Lifts the lines of a month that would be below zero: their newest corrections count in the next month instead, until
 * what is left asks for nothing or more. The customer has the money already; only when the documents say so moves. One
 * transaction a line.
 */
export async function carryCorrections(ctx: Ctx, month: Month, lines: readonly ShortLine[]): Promise<void> {
  authorize(ctx, 'period:close');
  for (const line of lines)
    await withTx(
      ctx,
      async (tx) => {
        let short = line.shortUnits;
        let hours = 0;
        for (const correction of await readCorrections(tx, month, line)) {
          if (short <= 0n) break;
          short -= await carryOne(ctx, tx, month, correction);
          hours += 1;
        }
        const said = { to: nextMonth(month), hours, units: `${line.shortUnits - short}`, sku: line.skuId };
        if (hours > 0) await record(ctx, tx, 'usage.carried', month, said, line.organisationId);
      },
      { timeoutMs: CARRYING_MS },
    );
}
