import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval, monthOf, parseMonth } from '#lib/core/period.ts';
import { book, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { need } from '#lib/identity/testing/people.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from './close.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { findPeriod } from './periods.ts';
import { csvRows, readFile } from './testing-exports.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const month = (text: string): Month => present(parseMonth(text), 'a month');
const [NOVEMBER, DECEMBER, JANUARY] = [month('2026-11'), month('2026-12'), month('2027-01')];
const at = (now: Instant): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', 'usr_fang'), roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_carry',
  now,
});
const close = async (closed: Month) => need(await closePeriod(at(monthCutoffAt(closed)), closed));
const checks = async (of: Month) =>
  present(await findPeriod(at(monthCutoffAt(of)), of, { skip: 0, take: 1 }), 'the month').period;
const countsIn = () =>
  withTx(SYSTEM, (tx) => tx.usageCharge.findMany({ where: { revision: { gt: 0 } }, orderBy: { number: 'asc' } })).then(
    (rows) =>
      rows.map(({ revision, countsAt, usedSeconds }) => [
        revision,
        `${monthOf(fromDate(present(countsAt, 'an instant')))}`,
        usedSeconds,
      ]),
  );

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

await book(market, { cards: 2, durationSeconds: 3_600 });
await runTo(market, monthCutoffAt(NOVEMBER));
await close(NOVEMBER);
await book(market, { cards: 1, durationSeconds: 1_800 });
await runTo(market, instant(monthInterval(DECEMBER).startAt + 72 * HOUR_MS));

test('what is put right of a closed month may be more than the open one has; the rest counts in the next', async () => {
  const metering: Ctx = { ...SYSTEM, actor: { kind: 'system', job: 'metering' }, now: await withTx(SYSTEM, readNow) };
  const cards = await withTx(SYSTEM, (tx) =>
    tx.usageCharge.findMany({
      where: { hourAt: { lt: new Date(monthInterval(NOVEMBER).endAt) }, usedSeconds: { gt: 1_000 } },
      orderBy: { number: 'asc' },
    }),
  );
  for (const { allocationId, startAt } of cards.slice(0, 2)) {
    const [from, until] = [fromDate(startAt), instant(fromDate(startAt) + 1_000_000)];
    const late = { allocationId, startAt: from, endAt: until, isProven: false, reason: 'kernel log' };
    need(await recordLateEvidence(metering, late));
  }
  await runTo(market, monthCutoffAt(DECEMBER));
  const credited = present(await walletOf(SYSTEM as Ctx, market.organisationId), 'a wallet');
  const before = await checks(DECEMBER);
  expect(before.obstacle).toBeNull();
  expect(before.checks.find(({ name }) => name === 'lines')).toMatchObject({ status: 'notice' });
  expect((await close(DECEMBER)).invoices).toBe(1);
  // 1,800 s were used and 2,000 s taken back: of the two, the newer moves.
  expect(await countsIn()).toEqual([
    [1, '2026-12', -1_000],
    [1, '2026-12', -1_000],
    [2, '2026-12', 1_000],
    [3, '2027-01', -1_000],
  ]);
  // Carrying moves no money: what came into the wallet is the residue of 800 seconds at 12 yuan an hour.
  expect(await walletOf(SYSTEM as Ctx, market.organisationId)).toBe(credited + 666_666n);
  expect(await broken()).toEqual([]);
  const { bytes } = await readFile(at(monthCutoffAt(DECEMBER)), { kind: 'focus-1.4', month: DECEMBER }, 9);
  const corrections = csvRows(bytes).filter(
    (row) => row['ChargeCategory'] === 'Usage' && row['ChargeClass'] === 'Correction',
  );
  expect(corrections.map((row) => row['x_CardSeconds'])).toEqual(['-1000', '-1000', '1000']);
});

test('a month with nothing but a carried correction asks for nothing, and carries it on', async () => {
  await runTo(market, monthCutoffAt(JANUARY));
  expect((await close(JANUARY)).invoices).toBe(0);
  expect((await countsIn()).slice(4)).toEqual([
    [4, '2027-01', 1_000],
    [5, '2027-02', -1_000],
  ]);
  expect(await broken()).toEqual([]);
  expect((await checks(month('2027-02'))).grossUnits).toBeLessThan(0n);
});
