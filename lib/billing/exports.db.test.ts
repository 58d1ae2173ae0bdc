import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { decimal, decimalText } from '#lib/core/decimal.ts';
import type { Id } from '#lib/core/id.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { monthCutoffAt, monthInterval, nextMonth, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, detailOf, during, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { renameOrganisation } from '#lib/identity/organisations.ts';
import { readNow } from '#lib/platform/clock.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { changeProject, createProject } from '#lib/reservations/projects.ts';
import { shrink } from '#lib/reservations/service.ts';
import { closePeriod } from './close.ts';
import { workbookSheets } from './documents/testing-unzip.ts';
import { EXPORT_KINDS, EXPORTS, type ExportKind } from './export-kinds.ts';
import { exportFile, listKeptFiles } from './exports.ts';
import { COST_COLUMNS } from './focus/columns.ts';
import { listInvoices } from './invoices.ts';
import { csvRows, readFile, sumOf } from './testing-exports.ts';
import { FOCUS_SKIPPED, focusRules, isFocusDataAbsent } from './testing-focus-rules.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');

async function financeCtx(): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = 'usr_f' as Id<'user'>;
  return { actor: { kind: 'staff', userId, roles: ['finance'] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

/** Odd seconds, a term that runs into the next month, a term of which a card is given back; then November is closed. */
async function closedMonth() {
  const other = await seedCustomer(10_000n, market.startAt);
  const named = { name: '预训练', cardQuota: null, monthlySpendingLimitUnits: null };
  const made = await createProject(await market.customer(), named);
  const projectId = present(made.ok ? made.value.projectId : null, 'a project');
  const first = await book(market, { cards: 3, durationSeconds: 5_000 });
  const bookedId = first.ok ? first.value.reservationId : null;
  await withTx(SYSTEM, (tx) => tx.reservation.updateMany({ where: { id: bookedId ?? '' }, data: { projectId } }));
  await book(market, { cards: 7, durationSeconds: 7_777 });
  const term = await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await book(market, { cards: 1, durationSeconds: 100 }, other);
  await runTo(market, plusSeconds(market.startAt, 7_211));
  const reservationId = present(term.ok ? term.value.reservationId : null, 'the term');
  const { allocations } = await detailOf(await market.customer(), reservationId);
  const cardIds = [present(allocations[0], 'a card').cardId];
  const change = { reservationId, cards: 1, cardIds, idempotencyKey: 'give-back' };
  expect(await during(market, shrink(await market.customer(), change))).toMatchObject({ ok: true });
  await runTo(market, instant(monthInterval(MONTH).endAt - 6 * 3_600_000));
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 1, term: 'day' });
  await runTo(market, monthCutoffAt(MONTH));
  const openFile = await readFile(await customerOf(market.organisationId), { kind: 'focus-1.4', month: MONTH });
  expect(await closePeriod(await financeCtx(), MONTH)).toMatchObject({ ok: true, value: { invoices: 2 } });
  return { other, openFile, projectId };
}

const { other, openFile, projectId } = await closedMonth();
const [own, theirs, finance] = [await customerOf(market.organisationId), await customerOf(other), await financeCtx()];
const invoice = present((await listInvoices(own, {}, { skip: 0, take: 9 })).rows[0], 'the own invoice');
const PAYABLE = decimalText(decimal(fenToUnits(invoice.grossFen), 8));
const ACCRUED = decimalText(decimal(invoice.grossUnits, 8));
const of = (kind: ExportKind) => readFile(own, { kind, month: MONTH });

describe('a closed month', () => {
  test('is one sum in the ledger, on the invoice, and in PDF, XLSX, CSV, detail and FOCUS', async () => {
    expect(invoice.residueUnits).toBeGreaterThan(0n);
    const usage = await of('usage-xlsx');
    expect(usage.seal.totals).toEqual({ accruedYuan: ACCRUED, ledgerYuan: ACCRUED });
    expect(sumOf(csvRows((await of('usage-csv')).bytes), 'amount_yuan')).toBe(ACCRUED);

    const detail = csvRows((await of('detail')).bytes);
    const billed = detail.filter((row) => row['Item'] !== 'Refund');
    expect(sumOf(billed, 'PretaxAmount')).toBe(PAYABLE);

    for (const kind of ['focus-1.2', 'focus-1.4'] as const) {
      const rows = csvRows((await of(kind)).bytes);
      expect(
        sumOf(
          rows.filter((row) => row['InvoiceId'] === invoice.number),
          'BilledCost',
        ),
        kind,
      ).toBe(PAYABLE);
      expect(sumOf(rows, 'x_AccruedCost'), kind).toBe(ACCRUED);
    }
    expect(sumOf(csvRows((await of('focus-1.4-invoice-detail')).bytes), 'BilledCost')).toBe(PAYABLE);
    expect((await of('invoice-pdf')).seal.totals).toEqual({ payableYuan: PAYABLE });
    expect((await of('invoice-xlsx')).seal.totals).toEqual({ payableYuan: PAYABLE });
  });

  test('stands in the workbook as numbers, with a control sheet whose differences are nothing', async () => {
    const sheets = workbookSheets((await of('usage-xlsx')).bytes);
    expect([...sheets.keys()]).toEqual(['用量 Usage', '核对 Control']);
    const control = new Map(sheets.get('核对 Control')?.map((row) => [row['A']?.text, row['C']?.text]));
    expect(control.get('差额：文件 − 总账 Difference to the ledger')).toBe('0');
    expect(control.get('差额：文件 − 账单 Difference to the invoices')).toBe('0');
    expect(control.get('账单价税合计 Invoices, payable')).toBe(PAYABLE);
    const rows = sheets.get('用量 Usage')?.slice(1) ?? [];
    expect(
      sumOf(
        rows.map((row) => ({ amount: row['R']?.text ?? '' })),
        'amount',
      ),
    ).toBe(ACCRUED);
    expect(rows.every((row) => row['R']?.isNumber && row['H']?.isNumber === false)).toBe(true);
  });

  test('gives the details of the invoice what their cost rows sum to, line by line', async () => {
    const costs = Map.groupBy(csvRows((await of('focus-1.4')).bytes), (row) => row['InvoiceDetailId']);
    const details = csvRows((await of('focus-1.4-invoice-detail')).bytes);
    expect(details.length).toBeGreaterThan(4);
    for (const { InvoiceDetailId, BilledCost } of details)
      expect(sumOf(costs.get(InvoiceDetailId) ?? [], 'BilledCost'), InvoiceDetailId).toBe(BilledCost);
  });

  test('credits the hours given back on no invoice, and bills the month of a term that goes on', async () => {
    const rows = csvRows((await of('focus-1.4')).bytes);
    const credits = rows.filter((row) => row['ChargeCategory'] === 'Credit');
    expect(credits).toHaveLength(1);
    expect(credits[0]).toMatchObject({ InvoiceId: '', ListUnitPrice: '' });
    const statement = await withTx(SYSTEM, (tx) => tx.journal.count({ where: { kind: 'hoursReturned' } }));
    expect(statement).toBe(1);
    const purchases = rows.filter((row) => row['ChargeCategory'] === 'Purchase');
    expect(purchases).toHaveLength(2);
    for (const purchase of purchases) {
      const hours = rows.filter(
        (row) => row['ChargeCategory'] === 'Usage' && row['CommitmentDiscountId'] === purchase['CommitmentDiscountId'],
      );
      expect(sumOf(hours, 'EffectiveCost')).toBe(purchase['BilledCost']);
    }
    expect(rows.some((row) => row['CommitmentDiscountStatus'] === 'Unused')).toBe(true);
  });

  test.each(EXPORT_KINDS)(
    'gives the same %s again, however it is paged, and whatever the customer is called since',
    async (kind) => {
      const first = await of(kind);
      await renameOrganisation(await customerOf(market.organisationId), { name: `=Renamed ${kind}` } as never);
      const again = await readFile(await customerOf(market.organisationId), { kind, month: MONTH }, 7);
      expect(again.sha256).toBe(first.sha256);
      expect(again.seal.sha256).toBe(first.sha256);
      const staff = await readFile(finance, {
        kind,
        month: MONTH,
        organisationId: own.actor.kind === 'customer' ? own.actor.organisationId : null,
      });
      expect(staff.sha256).toBe(first.sha256);
      const kept = (await listKeptFiles(own, { month: MONTH })).find((each) => each.kind === kind);
      expect(kept).toMatchObject({ sha256: first.sha256, bytes: first.bytes.length, rows: first.seal.rows });
    },
  );

  test('hands out no whole file that differs from the one that was kept', async () => {
    await of('detail');
    await withTx(
      SYSTEM,
      (tx) => tx.$executeRaw`
      INSERT INTO export_file (organisation_id, month, kind, rows, bytes, sha256, totals, made_at, made_by)
      VALUES (${other}, ${MONTH}, 'detail', 1, 1, ${'0'.repeat(64)}, '{}', now(), 'user:usr_x')`,
    );
    const file = present(await exportFile(theirs, { kind: 'detail', month: MONTH }), 'a file');
    let bytes = 0;
    const read = async () => {
      for await (const part of file.parts) bytes += part.length;
    };
    await expect(read()).rejects.toThrow(/came out as .* is kept of it/);
    expect(file.seal()).toBeNull();
    const whole = await readFile(finance, { kind: 'detail', month: MONTH });
    expect(bytes).toBeLessThan(whole.bytes.length);
  });
});

test('a closed month names projects as they were called at its close', async () => {
  const subAccounts = async () => {
    const rows = csvRows((await of('focus-1.4')).bytes);
    return new Set(rows.map((row) => `${row['SubAccountId']} ${row['SubAccountName']}`));
  };
  const before = await subAccounts();
  expect(before).toEqual(new Set([' ', `${projectId} 预训练`]));
  const renamed = { projectId, name: '推理', cardQuota: null, monthlySpendingLimitUnits: null, isClosed: false };
  expect(await changeProject(await customerOf(market.organisationId), renamed)).toMatchObject({ ok: true });
  expect(await subAccounts()).toEqual(before);
});

describe('seals', () => {
  const insert = (ctx: Parameters<typeof withTx>[0], month: string, organisationId: string) =>
    withTx(
      ctx,
      (tx) => tx.$executeRaw`
      INSERT INTO export_file (organisation_id, month, kind, rows, bytes, sha256, totals, made_at, made_by)
      VALUES (${organisationId}, ${month}, 'focus-1.2', 1, 1, ${'1'.repeat(64)}, '{}', now(), 'x')`,
    ).then(
      () => 'done',
      (error: unknown) => databaseErrorOf(error)?.sqlState,
    );

  test('are kept of closed months alone, change never, and are seen by nobody else', async () => {
    await of('focus-1.2');
    expect(await insert(SYSTEM, nextMonth(MONTH), other)).toBe('KS001');
    expect(await insert(theirs, MONTH, own.actor.kind === 'customer' ? own.actor.organisationId : '')).toBe('42501');
    const change = withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE export_file SET rows = 0`);
    expect(await change.catch((error: unknown) => databaseErrorOf(error)?.sqlState)).toBe('42501');
    const sums = (await listKeptFiles(theirs, { month: MONTH })).map(({ sha256 }) => sha256);
    const mine = (await listKeptFiles(own, { month: MONTH })).map(({ sha256 }) => sha256);
    expect(mine.filter((sha256) => sums.includes(sha256))).toEqual([]);
  });

  test('are not kept while the month is open', async () => {
    expect(openFile.seal.totals['billedYuan']).toBe('0');
    expect(csvRows(openFile.bytes).every((row) => row['InvoiceId'] === '')).toBe(true);
    const month = nextMonth(MONTH);
    await readFile(own, { kind: 'focus-1.4', month });
    expect(await listKeptFiles(own, { month })).toEqual([]);
  });
});

describe('who may have what', () => {
  test('finance has everybody at once, where the file is not of one', async () => {
    for (const kind of EXPORT_KINDS) {
      const file = await exportFile(finance, { kind, month: MONTH });
      expect(file === null, kind).toBe(EXPORTS[kind].isOfOne);
    }
    const all = await readFile(finance, { kind: 'focus-1.4', month: MONTH });
    expect(new Set(csvRows(all.bytes).map((row) => row['BillingAccountId'])).size).toBe(2);
    expect(all.fileName).toBe('kashi-focus-1.4-cost-and-usage-2026-11-all.csv');
  });

  test('a customer has its own rows, whoever is asked for', async () => {
    const asked = own.actor.kind === 'customer' ? own.actor.organisationId : '';
    const file = await readFile(theirs, { kind: 'focus-1.2', month: MONTH, organisationId: asked });
    expect(new Set(csvRows(file.bytes).map((row) => row['BillingAccountId']))).toEqual(new Set([other]));
  });

  test('members have usage, and no invoices', async () => {
    const member = { ...own, actor: { ...own.actor, kind: 'customer', role: 'member' } } as never;
    expect(await exportFile(member, { kind: 'usage-csv', month: MONTH })).not.toBeNull();
    for (const kind of EXPORT_KINDS.filter((each) => each !== 'usage-csv'))
      await expect(exportFile(member, { kind, month: MONTH }), kind).rejects.toThrow(Forbidden);
  });

  test('there is no file of what is no month, of nobody, or of an invoice that is not issued', async () => {
    for (const month of ['2026-13', '', '../etc']) expect(await exportFile(own, { kind: 'detail', month })).toBeNull();
    expect(await exportFile(own, { kind: 'invoice-pdf', month: '2026-10' })).toBeNull();
    expect(await exportFile(finance, { kind: 'detail', month: MONTH, organisationId: 'nobody' })).toBeNull();
    expect(await exportFile(finance, { kind: 'statement-pdf', month: MONTH })).toBeNull();
  });
});

test.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}the month of a real market keeps the rules of FOCUS 1.2`, async () => {
  const rows = csvRows((await readFile(finance, { kind: 'focus-1.2', month: MONTH })).bytes);
  const verdicts = focusRules().verdictsOn(COST_COLUMNS['1.2'], rows);
  expect(verdicts.filter(({ result }) => result === 'failed')).toEqual([]);
});
