import { closePeriod } from '#lib/billing/close.ts';
import { listInvoices } from '#lib/billing/invoices.ts';
import type { InvoiceView } from '#lib/billing/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx, TenantCtx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { monthCutoffAt, parseMonth, shanghaiDateOf } from '#lib/core/period.ts';
import type { Refusal, Result } from '#lib/core/result.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { SYSTEM } from '#lib/platform/testing/database.ts';
import { COLUMNS } from './columns.ts';
import { makeBatch } from './exchange.ts';
import { saveTitle } from './titles.ts';
import type { FapiaoView, Title, TitleInput } from './types.ts';

/** A market whose first month is closed: two customers with invoices, and finance. */
export type ClosedMarket = {
  readonly own: TenantCtx;
  readonly other: TenantCtx;
  readonly finance: Ctx;
  readonly invoice: InvoiceView;
  readonly theirs: InvoiceView;
};

export const COMPANY: TitleInput = {
  kind: 'company',
  fapiaoType: '81',
  name: '深圳某某科技有限公司',
  taxId: '91440300708461136T',
  addressPhone: '深圳市南山区某路1号 0755-00000000',
  bankAccount: '示例银行深圳分行 6222000000000000',
};

/** Staff of a role, at the time of the database. */
export async function staffOf(role: 'finance' | 'auditor' | 'ops'): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = 'usr_f' as Id<'user'>;
  return { actor: { kind: 'staff', userId, roles: [role] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

/** Builds the market in a fresh test database. */
export async function openClosedMarket(): Promise<ClosedMarket> {
  const market = await openTestMarket(64, 50_000n);
  const month = present(parseMonth('2026-11'), 'month');
  const otherId = await seedCustomer(10_000n, market.startAt);
  await book(market, { cards: 3, durationSeconds: 5_000 });
  await book(market, { cards: 7, durationSeconds: 7_777 });
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await book(market, { cards: 1, durationSeconds: 100 }, otherId);
  await runTo(market, instant(market.startAt + 26 * 3_600_000));
  await runTo(market, monthCutoffAt(month));
  must(await closePeriod(await staffOf('finance'), month));
  const [own, other, finance] = [
    await customerOf(market.organisationId),
    await customerOf(otherId),
    await staffOf('finance'),
  ];
  const first = async (ctx: Ctx) => present((await listInvoices(ctx, {}, { skip: 0, take: 1 })).rows[0], 'an invoice');
  return { own, other, finance, invoice: await first(own), theirs: await first(other) };
}

/** What a service accepted; a refusal fails the test by its name. */
export function must<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(`refused: ${result.refusal.code}`);
  return result.value;
}

/** A title of an organisation that no other test has. */
export async function titleOf(ctx: Ctx, name: string, more: Partial<TitleInput> = {}): Promise<Title> {
  return must(await saveTitle(ctx, { ...COMPANY, name, ...more }));
}

let numbers = 0;
/** A 20-digit number that nothing has. */
export function freshNumber(): string {
  numbers += 1;
  return `2644${`${numbers}`.padStart(15, '0')}7`;
}

/** A file of results as finance sends it, from cells by field code. */
export function resultsFile(rows: readonly Partial<Record<keyof typeof COLUMNS, string>>[]): string {
  const names = ['xsdh', 'jshj', 'fphm', 'kprq', 'sbyy', 'url'] as const;
  const lines = rows.map((row) => names.map((name) => row[name] ?? '').join(','));
  return [names.map((name) => COLUMNS[name][0]).join(','), ...lines].join('\r\n');
}

/** The row that says that a fapiao was issued today. */
export function issuedRow(fapiao: FapiaoView, number: string, ctx: Ctx) {
  const sign = fapiao.kind === 'red' ? '-' : '';
  const yuan = `${fapiao.grossFen / 100n}.${`${fapiao.grossFen % 100n}`.padStart(2, '0')}`;
  return { xsdh: fapiao.salesNumber, jshj: `${sign}${yuan}`, fphm: number, kprq: shanghaiDateOf(ctx.now) };
}

/** Hands everything that waits over. */
export async function handOver(finance: Ctx): Promise<string> {
  return must(await makeBatch(finance)).batchId;
}
