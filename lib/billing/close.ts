import 'server-only';
import { record } from '#lib/audit/record.ts';
import { readPriceVersions, readSkus } from '#lib/catalog/price-list.ts';
import type { PriceVersion, Sku } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, instant, toIso } from '#lib/core/instant.ts';
import { fenToUnits, units } from '#lib/core/money.ts';
import { type Month, monthInterval, parseMonth, shanghaiDateOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { promoDeducted } from '#lib/ledger/credit-templates.ts';
import { closeMonth, post } from '#lib/ledger/posting.ts';
import { invoiceIssued, residueReturned } from '#lib/ledger/templates.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { notify } from '#lib/platform/notifications.ts';
import { newId } from '#lib/platform/random.ts';
import { readDeductions } from '#lib/vouchers/deductions.ts';
import type { Deduction } from '#lib/vouchers/types.ts';
import { findChargeFault } from './charge-fault-store.ts';
import { makeInvoice } from './invoice.ts';
import { checkCloseTime, earlierOpen, periodState } from './period.ts';
import { vouchersOf } from './invoice-vouchers.ts';
import { hashSnapshot } from './snapshot-hash.ts';
import {
  beginClose,
  finishClose,
  insertInvoice,
  readControlTotals,
  readFirstMonth,
  readIncompleteUsage,
  readPeriods,
  readUninvoiced,
  readUsageSums,
  takeNumber,
} from './store.ts';
import type { CloseRefusal, InvoiceLine, InvoiceSnapshot, InvoiceTotals } from './types.ts';

/** The legal entity that sells and bills. Example data of the demo, and it says so. */
export const SELLER = {
  entity: 'KS',
  nameZh: '示例电信算力运营有限公司（演示）',
  nameEn: 'Example Telecom Compute Operations Co., Ltd. (demo)',
  taxId: '91440200MA0EXAMPLE',
  address: '广东省韶关市',
};

/** The books of a month: its invoices become effective on its last millisecond. */
const booksAt = (month: Month): Instant => instant(monthInterval(month).endAt - 1);

/** Named where vouchers paid, so that the snapshots of all others stay as they were. */
const paidByVouchers = ({ voucherUnits }: Pick<InvoiceTotals, 'voucherUnits'>) =>
  voucherUnits === 0n ? {} : { voucherUnits: `${voucherUnits}` };

type Catalog = { readonly skus: ReadonlyMap<string, Sku>; readonly prices: ReadonlyMap<string, PriceVersion> };

function snapshotOf(
  invoice: { number: string; month: Month; issuedAt: Instant; buyer: { organisationId: string; name: string } },
  lines: readonly InvoiceLine[],
  totals: InvoiceTotals,
  vouchers: readonly Deduction[],
  catalog: Catalog,
): InvoiceSnapshot {
  const { startAt, endAt } = monthInterval(invoice.month);
  const { nameZh, nameEn, taxId, address } = SELLER;
  return {
    version: 1,
    number: invoice.number,
    month: invoice.month,
    issuedAt: toIso(invoice.issuedAt),
    periodStartAt: toIso(startAt),
    periodEndAt: toIso(endAt),
    seller: { nameZh, nameEn, taxId, address },
    buyer: invoice.buyer,
    lines: lines.map((line) => {
      const sku = present(catalog.skus.get(line.skuId), `SKU ${line.skuId}`);
      return {
        line: line.line,
        model: sku.model.name,
        siteZh: sku.siteName.zh,
        siteEn: sku.siteName.en,
        purchase: line.purchase,
        priceE10PerCardHour: `${present(catalog.prices.get(line.priceVersionId), 'price').priceE10PerCardHour}`,
        usedSeconds: `${line.usedSeconds}`,
        unusedSeconds: `${line.unusedSeconds}`,
        taxRateBps: line.taxRateBps,
        grossUnits: `${line.grossUnits}`,
        ...paidByVouchers(line),
        grossFen: `${line.grossFen}`,
        netFen: `${line.netFen}`,
        taxFen: `${line.taxFen}`,
      };
    }),
    ...vouchersOf(vouchers),
    totals: {
      grossUnits: `${totals.grossUnits}`,
      ...paidByVouchers(totals),
      residueUnits: `${totals.residueUnits}`,
      grossFen: `${totals.grossFen}`,
      netFen: `${totals.netFen}`,
      taxFen: `${totals.taxFen}`,
    },
  };
}

/** Issues one organisation's invoice of a month: number, lines, journals and snapshot in one transaction. */
async function issueInvoice(
  ctx: Ctx,
  tx: Tx,
  month: Month,
  organisationId: Id<'organisation'>,
  name: string,
  catalog: Catalog,
): Promise<void> {
  const made = makeInvoice(await readUsageSums(tx, organisationId, month));
  if (!made) return;
  const { lines, totals } = made;
  const year = Number.parseInt(shanghaiDateOf(ctx.now).slice(0, 4), 10);
  const { number, previousHash } = await takeNumber(tx, SELLER.entity, year);
  const id = newId('invoice', ctx.now);
  const snapshot = snapshotOf(
    { number, month, issuedAt: ctx.now, buyer: { organisationId, name } },
    lines,
    totals,
    totals.voucherUnits === 0n ? [] : await readDeductions(tx, month, organisationId),
    catalog,
  );
  const snapshotHash = hashSnapshot(previousHash, snapshot);
  await insertInvoice(tx, {
    id,
    organisationId,
    month,
    issuedAt: ctx.now,
    totals,
    lines,
    snapshot,
    snapshotHash,
    previousHash,
  });

  const at = booksAt(month);
  const issued = lines.map((line) =>
    invoiceIssued(
      { id, line: line.line, organisationId, at },
      { id: line.skuId, taxRateBps: line.taxRateBps },
      line.netFen,
      line.taxFen,
    ),
  );
  const bySku = [...Map.groupBy(lines, (line) => line.skuId)];
  const sums = (pick: (line: InvoiceLine) => bigint) =>
    bySku.map(([skuId, group]) => ({ skuId, amount: units(group.reduce((sum, line) => sum + pick(line), 0n)) }));
  const residues = sums((line) => line.grossUnits - line.voucherUnits - fenToUnits(line.grossFen));
  const deducted = promoDeducted(
    { id, organisationId, at },
    sums((line) => line.voucherUnits),
  );
  await post(ctx, tx, [...issued, deducted, ...residueReturned({ id, organisationId, at }, residues)]);
  await record(ctx, tx, 'invoice.issue', id, { number, month, grossFen: totals.grossFen }, organisationId);
}

/** Checks everything that keeps a month open. The first difference is the one to work on. */
export async function checkClose(tx: Tx, month: Month, now: Instant): Promise<CloseRefusal | null> {
  const first = await readFirstMonth(tx);
  if (first === null || month < first) return { code: 'monthUnknown' };
  const periods = await readPeriods(tx);
  const early = checkCloseTime(month, periodState(month, periods.get(month)?.state ?? null, now), now);
  if (early) return early;
  const closed = [...periods].flatMap(([each, { state }]) => (state === 'closed' ? [each] : []));
  const earlier = earlierOpen(month, first, new Set(closed));
  if (earlier !== null) return { code: 'earlierMonthOpen', month: earlier };
  const { allocations, example } = await readIncompleteUsage(tx, month);
  if (allocations > 0) return { code: 'usageIncomplete', allocations, example: example ?? '' };
  const fault = await findChargeFault(tx, month);
  if (fault) return fault;
  const { chargesUnits, ledgerUnits } = await readControlTotals(tx, month);
  return chargesUnits === ledgerUnits
    ? null
    : { code: 'booksDiffer', chargesUnits: `${chargesUnits}`, ledgerUnits: `${ledgerUnits}` };
}

/** What keeps a month from being closed now; null when nothing does. */
export async function findCloseObstacle(ctx: Ctx, monthText: string): Promise<CloseRefusal | null> {
  authorize(ctx, 'period:read');
  const month = parseMonth(monthText);
  return month ? withTx(ctx, (tx) => checkClose(tx, month, ctx.now)) : { code: 'monthUnknown' };
}

/**
 * Closes a month: an invoice for everybody who used something, then the books. Each invoice is a transaction of its
 * own, so an interrupted close is finished by asking again; what is issued is never issued twice or changed.
 */
export async function closePeriod(
  ctx: Ctx,
  monthText: string,
): Promise<Result<{ readonly invoices: number }, CloseRefusal>> {
  authorize(ctx, 'period:close');
  const month = parseMonth(monthText);
  if (!month) return refuse({ code: 'monthUnknown' });
  const prepared = await withTx(ctx, async (tx) => {
    const refusal = await checkClose(tx, month, ctx.now);
    if (refusal) return refuse(refusal);
    await beginClose(tx, month);
    const catalog: Catalog = {
      skus: new Map((await readSkus(tx, ctx.now)).map((sku) => [sku.id, sku])),
      prices: new Map((await readPriceVersions(tx)).map((price) => [price.id, price])),
    };
    return accept({ catalog, open: await readUninvoiced(tx, month) });
  });
  if (!prepared.ok) return prepared;
  for (const { organisationId, name } of prepared.value.open) {
    await withTx(ctx, async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(20_27, hashtext(${`${month} ${organisationId}`}))`;
      const isDone = (await readUninvoiced(tx, month)).every((each) => each.organisationId !== organisationId);
      if (!isDone) await issueInvoice(ctx, tx, month, organisationId, name, prepared.value.catalog);
    });
  }
  const invoices = await withTx(ctx, async (tx) => {
    const { chargesUnits, ledgerUnits } = await readControlTotals(tx, month);
    const count = await tx.invoice.count({ where: { month } });
    await finishClose(
      tx,
      month,
      { chargesUnits: `${chargesUnits}`, ledgerUnits: `${ledgerUnits}`, invoices: count },
      actorLabel(ctx.actor),
      ctx.now,
    );
    await closeMonth(tx, month, ctx.now);
    await record(ctx, tx, 'period.close', month, { invoices: count });
    await notify(tx, 'kashi_change', ['usage']);
    return count;
  });
  return accept({ invoices });
}
