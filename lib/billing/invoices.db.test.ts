import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fenToUnits, parseDecimal } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { present } from '#lib/core/assert.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from './close.ts';
import { findInvoice, findInvoicePdf, listInvoices } from './invoices.ts';
import { type ExportWish, exportFile } from './exports.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');

async function financeCtx(): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = 'usr_f' as Id<'user'>;
  return { actor: { kind: 'staff', userId, roles: ['finance'] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

/** Two customers with odd seconds of use and a term by the card, and their month closed. */
async function closedMonth() {
  const other = await seedCustomer(10_000n, market.startAt);
  await book(market, { cards: 3, durationSeconds: 5_000 });
  await book(market, { cards: 7, durationSeconds: 7_777 });
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await book(market, { cards: 1, durationSeconds: 100 }, other);
  await runTo(market, instant(market.startAt + 26 * 3_600_000));
  await runTo(market, monthCutoffAt(MONTH));
  const closed = await closePeriod(await financeCtx(), MONTH);
  expect(closed).toMatchObject({ ok: true, value: { invoices: 2 } });
  return { own: await customerOf(market.organisationId), other: await customerOf(other), finance: await financeCtx() };
}

const { own, other, finance } = await closedMonth();
const first = { skip: 0, take: 50 };
const invoice = present((await listInvoices(own, {}, first)).rows[0], 'the own invoice');
const theirs = present((await listInvoices(other, {}, first)).rows[0], 'the other invoice');

const exportUsage = (ctx: Ctx, wish: Omit<ExportWish, 'kind'>, pageRows?: number) =>
  exportFile(ctx, { kind: 'usage-csv', ...wish }, pageRows);

async function csvOf(ctx: Ctx, wish: Omit<ExportWish, 'kind'>, pageRows?: number) {
  const file = present(await exportUsage(ctx, wish, pageRows), 'a file');
  const parts: Uint8Array[] = [];
  for await (const part of file.parts) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  const sum = rows.reduce((total, row) => total + (parseDecimal(row['amount_yuan'] ?? '', 8) ?? -1n), 0n);
  return { fileName: file.fileName, text, rows, sum };
}

describe('invoices', () => {
  test('are listed to their own customer, and all to finance', async () => {
    expect((await listInvoices(own, {}, first)).rows.map(({ id }) => id)).toEqual([invoice.id]);
    expect((await listInvoices(finance, { month: MONTH }, first)).total).toBe(2);
    expect((await listInvoices(finance, { month: '2026-10' }, first)).total).toBe(0);
    expect((await listInvoices(finance, { month: 'x' }, first)).rows).toEqual([]);
  });

  test('have lines, an intact snapshot, and journals that say the same', async () => {
    const found = present(await findInvoice(finance, invoice.id), 'the invoice');
    expect(found.isIntact).toBe(true);
    expect(found.lines.map(({ purchase }) => purchase).sort()).toEqual(['by-card', 'by-hour']);
    expect(found.lines.reduce((sum, line) => sum + line.grossUnits, 0n)).toBe(invoice.grossUnits);
    const credited = (kind: string) =>
      found.journals
        .filter((journal) => journal.kind === kind)
        .flatMap(({ legs }) => legs)
        .reduce((sum, leg) => sum + leg.creditUnits, 0n);
    expect(credited('invoiceIssued')).toBe(fenToUnits(invoice.grossFen));
    expect(invoice.residueUnits).toBeGreaterThan(0n);
    expect(credited('residueReturned')).toBe(invoice.residueUnits);
  });

  test("show a customer the legs of the customer's own accounts alone", async () => {
    const found = present(await findInvoice(own, invoice.id), 'the invoice');
    const paths = found.journals.flatMap(({ legs }) => legs.map(({ path }) => path));
    expect(new Set(paths)).toEqual(new Set([`wallet:${market.organisationId}:cash`]));
  });

  test('of others, and of nobody, are not there', async () => {
    for (const id of [theirs.id, 'inv_nothing', '', "' OR 1=1"]) {
      expect(await findInvoice(own, id), id).toBeNull();
      expect(await findInvoicePdf(own, id), id).toBeNull();
    }
    expect((await findInvoice(finance, theirs.id))?.invoice.organisationId).toBe(theirs.organisationId);
  });

  test('are no matter of members', async () => {
    const member = { ...own, actor: { ...own.actor, kind: 'customer', role: 'member' } } as never;
    await expect(listInvoices(member, {}, first)).rejects.toThrow(Forbidden);
    await expect(findInvoice(member, invoice.id)).rejects.toThrow(Forbidden);
    await expect(findInvoicePdf(member, invoice.id)).rejects.toThrow(Forbidden);
  });

  test('print the same bytes to everybody who may see them', async () => {
    const files = [await findInvoicePdf(own, invoice.id), await findInvoicePdf(finance, invoice.id)];
    const hashes = files.map((file) =>
      createHash('sha256')
        .update(file?.bytes ?? '')
        .digest('hex'),
    );
    expect(hashes[0]).toBe(hashes[1]);
    expect(files[0]?.fileName).toBe(`kashi-invoice-${invoice.number}.pdf`);
  });
});

describe('the usage of a month as CSV', () => {
  test('sums to the invoice to the last unit, whatever the size of its pages', async () => {
    const whole = await csvOf(own, { month: MONTH });
    expect(whole.sum).toBe(invoice.grossUnits);
    expect(whole.sum - invoice.residueUnits).toBe(fenToUnits(invoice.grossFen));
    expect((await csvOf(own, { month: MONTH }, 1)).text).toBe(whole.text);
    expect((await csvOf(own, { month: MONTH }, 7)).text).toBe(whole.text);
    expect(whole.fileName).toBe('kashi-usage-2026-11.csv');
  });

  test('has one row a usage charge', async () => {
    const { rows } = await csvOf(own, { month: MONTH });
    const charges = await withTx(SYSTEM, (tx) =>
      tx.usageCharge.count({ where: { organisationId: market.organisationId } }),
    );
    expect(rows).toHaveLength(charges);
    expect(new Set(rows.map((row) => `${row['allocation_id']} ${row['hour_utc']} ${row['revision']}`)).size).toBe(
      charges,
    );
  });

  test('is of everybody, or of one, for finance', async () => {
    const everybody = await csvOf(finance, { month: MONTH });
    expect(everybody.sum).toBe(invoice.grossUnits + theirs.grossUnits);
    expect(everybody.fileName).toBe('kashi-usage-2026-11-all.csv');
    expect((await csvOf(finance, { month: MONTH, organisationId: theirs.organisationId })).sum).toBe(theirs.grossUnits);
  });

  test("never holds another organisation's rows, whatever is asked", async () => {
    const { rows, sum } = await csvOf(other, { month: MONTH, organisationId: market.organisationId });
    expect(sum).toBe(theirs.grossUnits);
    expect(new Set(rows.map((row) => row['organisation_id']))).toEqual(new Set([theirs.organisationId]));
  });

  test('is not there for what is no month', async () => {
    for (const month of ['2026-13', '2026-1', '', '../etc'])
      expect(await exportUsage(own, { month }), month).toBeNull();
    expect(await exportUsage(finance, { month: MONTH, organisationId: 'nobody' })).toBeNull();
    expect((await csvOf(own, { month: '2026-10' })).rows).toEqual([]);
  });
});
