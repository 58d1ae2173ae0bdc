import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, plusMs } from '#lib/core/instant.ts';
import { monthCutoffAt, monthInterval, monthOf, nextMonth } from '#lib/core/period.ts';
import { book, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from './close.ts';
import { findPeriod, listPeriods } from './periods.ts';

await createTestDatabase();
const market = await openTestMarket(32, 10_000n);
const other = await seedCustomer(10_000n, market.startAt);
await book(market, { cards: 4, durationSeconds: 2 * 3_600 });
await book(market, { cards: 2, durationSeconds: 3_601 }, other);
await runTo(market, plusMs(market.startAt, 6 * HOUR_MS));
const month = monthOf(market.startAt);

async function finance(): Promise<Ctx> {
  return {
    actor: { kind: 'staff', userId: 'usr_f' as Id<'user'>, roles: ['finance'] },
    scope: { kind: 'staff' },
    requestId: 'req_f',
    now: await withTx(SYSTEM, readNow),
  };
}

const page = { skip: 0, take: 50 };

test('a month goes from open to closed, and its control totals agree at every step', async () => {
  const [open] = await listPeriods(await finance());
  expect(open).toMatchObject({
    month,
    state: 'open',
    organisations: 2,
    invoices: 0,
    obstacle: { code: 'monthNotOver' },
  });
  expect(open?.usedSeconds).toBe(4n * 7_200n + 2n * 3_601n);
  expect(open?.ledgerUnits).toBe(open?.grossUnits);

  await runTo(market, monthInterval(month).endAt);
  expect((await listPeriods(await finance())).map((each) => [each.month, each.state, each.obstacle?.code])).toEqual([
    [nextMonth(month), 'open', 'monthNotOver'],
    [month, 'collecting', 'monthCollecting'],
  ]);

  await runTo(market, monthCutoffAt(month));
  const ready = await findPeriod(await finance(), month, page);
  expect(ready?.period.obstacle).toBeNull();
  expect(ready?.organisations.map(({ grossUnits, invoice }) => [grossUnits, invoice])).toEqual([
    [96_00000000n, null],
    [24_00666666n, null],
  ]);

  await runTo(market, monthCutoffAt(nextMonth(month)));
  expect(await closePeriod(await finance(), nextMonth(month))).toEqual({
    ok: false,
    refusal: { code: 'earlierMonthOpen', month },
  });
  expect(await closePeriod(await finance(), month)).toEqual({ ok: true, value: { invoices: 2 } });
  const closed = await findPeriod(await finance(), month, page);
  expect(closed?.period).toMatchObject({
    state: 'closed',
    invoices: 2,
    invoicedFen: 12_000n,
    residueUnits: 666_666n,
    obstacle: { code: 'monthClosed' },
  });
  const { grossUnits, ledgerUnits, invoicedUnits, clearedUnits } = closed?.period ?? {};
  expect([ledgerUnits, invoicedUnits, clearedUnits]).toEqual([grossUnits, grossUnits, grossUnits]);
  expect(closed?.organisations.map(({ invoice }) => invoice?.number)).toEqual(['KS-2027-000001', 'KS-2027-000002']);
  expect((await listPeriods(await finance())).at(-1)).toEqual(closed?.period);
});

test.each(['2026-10', '2031-01', 'x', ''])('there is no period %j', async (text) => {
  expect(await findPeriod(await finance(), text, page)).toBeNull();
});

test('customers and ops see no periods', async () => {
  const ops: Ctx = { ...(await finance()), actor: { kind: 'staff', userId: 'usr_o' as Id<'user'>, roles: ['ops'] } };
  for (const ctx of [await market.customer(), ops]) await expect(listPeriods(ctx)).rejects.toThrow(Forbidden);
});
