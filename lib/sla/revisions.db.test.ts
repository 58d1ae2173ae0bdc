import { expect, test } from 'vitest';
import { closePeriod } from '#lib/billing/close.ts';
import { recordLateEvidence } from '#lib/billing/late-evidence.ts';
import { csvRows, readFile } from '#lib/billing/testing-exports.ts';
import { type BusyFleet, FLEET_AT, FLEET_CTX, fleetHour, seedBusyFleet } from '#lib/billing/testing-fleet.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { type Month, monthCutoffAt, monthInterval } from '#lib/core/period.ts';
import { chargeWholeHour } from '#lib/engine/charging.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, moveTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { giveCredits } from './giving.ts';

const url = await createTestDatabase();
const MONTH = '2026-11' as Month;
const HOURS = (monthInterval(MONTH).endAt - FLEET_AT) / HOUR_MS;
/** Ten cards in reservations of two, from the 2nd, all of them proven beyond the month's end. */
const fleet: BusyFleet = await seedBusyFleet(url, { cards: 10, organisations: 5, gangs: [2], hours: HOURS + 48 });
for (let hour = 0; hour < HOURS; hour += 1)
  await chargeWholeHour(
    { ...FLEET_CTX, now: fleetHour(hour + 1) },
    { poolId: fleet.poolId, epoch: 1n, decisions: 0n },
    fleet.prices,
    fleetHour(hour),
    1,
  );
await moveTestClock(monthCutoffAt(MONTH));

const at = (now: Instant): Ctx => ({ ...FLEET_CTX, now });
const NOW = monthCutoffAt(MONTH);
const financeAt = (now: Instant): Ctx => ({
  actor: { kind: 'staff', userId: 'usr_f' as Id<'user'>, roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now,
});
const first = present(fleet.reservations[0], 'a reservation');
const PROMISED = BigInt(2 * HOURS * 3_600);

const second = present(fleet.reservations[1], 'a reservation');

/** A card, else the first of the first reservation, was (not) proven for so many seconds from an hour on. */
const found = (hour: number, seconds: number, isProven: boolean, now = NOW, card = 1) =>
  recordLateEvidence(
    { ...at(now), actor: { kind: 'system', job: 'metering' } },
    {
      allocationId: `alc_fleet00000${card}`,
      startAt: fleetHour(hour),
      endAt: plusSeconds(fleetHour(hour), seconds),
      isProven,
      reason: 'kernel log',
    },
  );
const credits = () => withTx(SYSTEM, (tx) => tx.slaCredit.findMany({ orderBy: { revision: 'asc' } }));
const charged = async ({ reservationId } = first): Promise<bigint> => {
  const { _sum } = await withTx(SYSTEM, (tx) =>
    tx.usageCharge.aggregate({
      where: { reservationId, hourAt: { lt: new Date(monthInterval(MONTH).endAt) } },
      _sum: { amountUnits: true },
    }),
  );
  return _sum.amountUnits ?? 0n;
};
async function broken(): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) names.push(name);
  return names;
}

test('a month of which everything was proven gives nothing, and one second at the threshold nothing either', async () => {
  expect(await giveCredits(at(NOW))).toBe(0);
  expect(await withTx(SYSTEM, (tx) => tx.slaMonth.findMany())).toMatchObject([{ month: MONTH, putRight: 0n }]);
  // A thousandth of what was promised may be broken.
  expect(PROMISED % 1_000n).toBe(400n);
  expect(await found(10, Math.floor(Number(PROMISED) / 1_000), false)).toMatchObject({ ok: true });
  expect(await giveCredits(at(NOW))).toBe(0);
  expect(await broken()).toEqual([]);
});

test('one more second puts it below the first line, and its share is in the wallet', async () => {
  expect(await found(20, 1, false)).toMatchObject({ ok: true });
  const before = await walletOf(SYSTEM as Ctx, first.organisationId);
  expect(await giveCredits(at(NOW))).toBe(1);
  const [credit] = await credits();
  expect(credit).toMatchObject({
    reservationId: first.reservationId,
    revision: 0,
    promisedSeconds: PROMISED,
    usedSeconds: PROMISED - PROMISED / 1_000n - 1n,
    creditBps: 1_000,
    amountUnits: (await charged()) / 10n,
  });
  expect((await walletOf(SYSTEM as Ctx, first.organisationId)) - before).toBe(credit?.amountUnits);
  expect(await broken()).toEqual([]);
});

test('what is found out before the close adds what is missing, and takes nothing back', async () => {
  expect(await found(30, 20 * 3_600, false)).toMatchObject({ ok: true });
  expect(await giveCredits(at(NOW))).toBe(1);
  const given = await credits();
  expect(given.map(({ revision, creditBps }) => [revision, creditBps])).toEqual([
    [0, 1_000],
    [1, 2_500],
  ]);
  const due = (await charged()) / 4n;
  expect(given[1]?.dueUnits).toBe(due);
  expect(given.reduce((sum, { amountUnits }) => sum + amountUnits, 0n)).toBe(due);
  expect(await broken()).toEqual([]);
  expect(await found(30, 20 * 3_600, true)).toMatchObject({ ok: true });
  expect(await giveCredits(at(NOW))).toBe(0);
  expect(await credits()).toEqual(given);
  expect(await broken()).toEqual([]);
});

test('a close gives what nobody gave yet, and holds what the files say', async () => {
  expect(await found(60, 80 * 3_600, false)).toMatchObject({ ok: true });
  const finance = financeAt(NOW);
  expect(await closePeriod(finance, MONTH)).toMatchObject({ ok: true });
  const given = await credits();
  expect(given.at(-1)).toMatchObject({ revision: 2, creditBps: 10_000, dueUnits: await charged() });
  expect(given.every(({ effectiveAt }) => effectiveAt.toISOString() === '2026-11-30T15:59:59.999Z')).toBe(true);
  for (const kind of ['focus-1.2', 'focus-1.4'] as const) {
    const rows = csvRows((await readFile(finance, { kind, month: MONTH, organisationId: first.organisationId })).bytes);
    const own = rows.filter((row) => row['ChargeDescription']?.includes('可用率赔偿'));
    expect(own).toHaveLength(3);
    expect(
      own.every((row) => row['ChargeCategory'] === 'Credit' && row['InvoiceId'] === '' && row['ChargeClass'] === ''),
    ).toBe(true);
  }
  expect(await broken()).toEqual([]);
});

test('what is found out of a closed month counts in the next open one, as a correction of the month', async () => {
  const later = plusMs(NOW, 3 * HOUR_MS);
  // The open month has use to set the correction of charges against.
  for (let hour = HOURS; hour < HOURS + 40; hour += 1)
    await chargeWholeHour(
      { ...FLEET_CTX, now: fleetHour(hour + 1) },
      { poolId: fleet.poolId, epoch: 1n, decisions: 0n },
      fleet.prices,
      fleetHour(hour),
      1,
    );
  expect(await found(120, 10 * 3_600, false, later, 3)).toMatchObject({ ok: true });
  expect(await giveCredits(at(later))).toBe(1);
  const last = present(
    (await credits()).find(({ reservationId }) => reservationId === second.reservationId),
    'a credit',
  );
  expect(last).toMatchObject({ revision: 0, month: MONTH, creditBps: 1_000, dueUnits: (await charged(second)) / 10n });
  expect(last.effectiveAt.toISOString()).toBe('2026-11-30T16:00:00.000Z');
  const finance = financeAt(later);
  const rows = csvRows(
    (await readFile(finance, { kind: 'focus-1.4', month: '2026-12', organisationId: second.organisationId })).bytes,
  );
  const [row, ...more] = rows.filter((each) => each['ChargeDescription']?.includes('可用率赔偿'));
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    ChargeClass: 'Correction',
    ChargePeriodStart: '2026-10-31T16:00:00Z',
    BillingPeriodStart: '2026-11-30T16:00:00Z',
    x_JournalKey: last.journalKey,
  });
  expect(await broken()).toEqual([]);
});
