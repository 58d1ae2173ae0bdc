import 'server-only';
import { record } from '#lib/audit/record.ts';
import { invariant } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Month, parseMonth } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { closeMonth } from '#lib/ledger/posting.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { giveCredits } from '#lib/sla/giving.ts';
import { notify } from '#lib/platform/notifications.ts';
import { carryCorrections } from './carry.ts';
import { readShortLines, type ShortLine } from './carry-store.ts';
import { checkClose, FIGURES_MS } from './close-checks.ts';
import { readAccrued } from './close-figures-store.ts';
import { beginClose, findClose, finishClose, lockCharges, readIssued, readKeptSums } from './close-store.ts';
import { issueBatch } from './issue-batch.ts';
import { readListPrices } from './list-prices.ts';
import { readPrices, readSkuFacts } from './month-store.ts';
import type { CloseRefusal } from './types.ts';

/** Ends the beginning of a close: some lines would be below zero. */
class LinesShort extends Error {
  readonly lines: readonly ShortLine[];
  constructor(lines: readonly ShortLine[]) {
    super(`${lines.length} lines would be below zero`);
    this.lines = lines;
  }
}

/**
 * Begins a close, or joins one that has begun: when every check holds, the watermark is set and the sums are kept, in one
 * transaction that holds the month's charges still. What is stored later is of a later month.
 */
async function begin(ctx: Ctx, month: Month): Promise<Result<{ readonly cutoffAt: Instant }, CloseRefusal>> {
  return withTx(
    ctx,
    async (tx) => {
      await lockCharges(tx, month);
      const refusal = await checkClose(tx, month, ctx.now);
      if (refusal) return refuse(refusal);
      const begun = await findClose(tx, month);
      if (begun) return accept({ cutoffAt: begun.cutoffAt });
      await beginClose(tx, month, ctx.now);
      const short = await readShortLines(tx, month);
      if (short.length > 0) throw new LinesShort(short);
      await record(ctx, tx, 'period.begin', month, {});
      return accept({ cutoffAt: ctx.now });
    },
    { timeoutMs: FIGURES_MS },
  );
}

/** As {@link beginCarrying}; credits for broken availability that nobody gave yet are given first, once everything else holds. */
async function beginWithCredits(ctx: Ctx, month: Month): ReturnType<typeof begin> {
  const begun = await beginCarrying(ctx, month);
  if (begun.ok || begun.refusal.code !== 'creditsMissing') return begun;
  await giveCredits(ctx);
  return beginCarrying(ctx, month);
}

/** Corrections may come while others are carried; one that comes every time does not keep a close busy for ever. */
const CARRIED_MOST = 3;

/** Begins a close. Where a line would be below zero its newest corrections are carried to the next month first. */
async function beginCarrying(ctx: Ctx, month: Month): ReturnType<typeof begin> {
  for (let round = 0; ; round += 1)
    try {
      return await begin(ctx, month);
    } catch (error) {
      if (!(error instanceof LinesShort)) throw error;
      const { lines } = error;
      if (round === CARRIED_MOST)
        return refuse({ code: 'lineNegative', lines: lines.length, example: lines[0]?.organisationId ?? '' });
      await carryCorrections(ctx, month, lines);
    }
}

/** Closes the books once every invoice is issued and charges, ledger, invoices and clearing are one sum. */
async function finish(ctx: Ctx, tx: Tx, month: Month): Promise<number> {
  const { invoices, grossUnits, withoutInvoice } = await readIssued(tx, month);
  const kept = (await readKeptSums(tx, [month])).get(month);
  const { accruedUnits, clearedUnits } = await readAccrued(tx, month);
  const chargesUnits = kept?.amountUnits ?? 0n;
  invariant(withoutInvoice === 0, `${withoutInvoice} organisations have no invoice of ${month}`);
  const sums = [chargesUnits, accruedUnits, grossUnits, clearedUnits];
  invariant(new Set(sums).size === 1, `charges, ledger, invoices and clearing of ${month} are ${sums.join(', ')}`);
  const totals = {
    chargesUnits: `${chargesUnits}`,
    ledgerUnits: `${accruedUnits}`,
    charges: `${kept?.charges ?? 0n}`,
    invoices,
  };
  if (await finishClose(tx, month, totals, actorLabel(ctx.actor), ctx.now)) {
    await closeMonth(tx, month, ctx.now);
    await record(ctx, tx, 'period.close', month, { invoices });
    await notify(tx, 'kashi_change', ['usage']);
  }
  return invoices;
}

/**
 * Closes a month: a watermark and the sums as of it, an invoice for everybody who used something, then the books. Each
 * step, and each batch of invoices, is a transaction, so an interrupted close is finished by asking again; what is issued
 * is never issued twice or changed, and comes out the same however often it was interrupted.
 */
export async function closePeriod(
  ctx: Ctx,
  monthText: string,
): Promise<Result<{ readonly invoices: number }, CloseRefusal>> {
  authorize(ctx, 'period:close');
  const month = parseMonth(monthText);
  if (!month) return refuse({ code: 'monthUnknown' });
  const begun = await beginWithCredits(ctx, month);
  if (!begun.ok) return begun;
  const { cutoffAt } = begun.value;
  const catalog = await withTx(ctx, async (tx) => ({
    skus: await readSkuFacts(tx),
    prices: await readPrices(tx),
    lists: await readListPrices(tx),
  }));
  for (let issued = 1; issued > 0; ) issued = await withTx(ctx, (tx) => issueBatch(ctx, tx, month, cutoffAt, catalog));
  return accept({ invoices: await withTx(ctx, (tx) => finish(ctx, tx, month), { timeoutMs: FIGURES_MS }) });
}
