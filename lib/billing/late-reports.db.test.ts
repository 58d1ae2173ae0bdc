import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, plusMs, plusSeconds, toDate } from '#lib/core/instant.ts';
import { chargeWholeHour } from '#lib/engine/charging.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { lockWallets, post } from '#lib/ledger/posting.ts';
import { placed } from '#lib/ledger/templates.ts';
import { reportLate } from '#lib/metering/evidence-log.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { listLateReports, takeLateReports } from './late-reports.ts';
import { type BusyFleet, FLEET_CTX, fleetHour, seedBusyFleet } from './testing-fleet.ts';

const url = await createTestDatabase();
const fleet: BusyFleet = await seedBusyFleet(url, { cards: 10, organisations: 2, gangs: [2], hours: 24 * 31 });
const metering: Ctx = { ...FLEET_CTX, actor: { kind: 'system', job: 'metering' }, now: fleetHour(3) };
const organisationId = present(fleet.reservations[0], 'a reservation').organisationId;
const allocationOf = (n: number): string => `alc_fleet${n.toString().padStart(6, '0')}`;
const charge = (hour: number) =>
  chargeWholeHour(
    { ...FLEET_CTX, now: fleetHour(hour + 1) },
    { poolId: fleet.poolId, epoch: 1n, decisions: 0n },
    fleet.prices,
    fleetHour(hour),
    1,
  );
const report = (n: number, startAt: Instant, seconds: number, at: Instant, isProven = false) =>
  withTx(metering, (tx) =>
    reportLate(
      tx,
      [{ allocationId: allocationOf(n), organisationId, startAt, endAt: plusSeconds(startAt, seconds), isProven }],
      'watch of the pool',
      at,
    ),
  );
const AUDITOR: Ctx = {
  ...metering,
  actor: { kind: 'staff', userId: idFrom('user', 'usr_au'), roles: ['auditor'] },
  scope: { kind: 'staff' },
};
const latest = () => withTx(SYSTEM, (tx) => tx.lateReport.findFirst({ orderBy: { id: 'desc' } }));
const revisions = (n: number) =>
  withTx(SYSTEM, (tx) => tx.usageCharge.count({ where: { allocationId: allocationOf(n), revision: { gt: 0 } } }));

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

await charge(0);
await charge(1);
await charge(2);

test('what devices report late is taken by itself, once, and puts right the hours that were charged', async () => {
  await report(1, plusSeconds(fleetHour(1), 3_000), 1_200, fleetHour(3));
  await report(1, plusSeconds(fleetHour(1), 3_000), 1_200, fleetHour(3));
  expect(await takeLateReports(metering)).toBe(1);
  expect(await takeLateReports(metering)).toBe(0);
  expect(await latest()).toMatchObject({ outcome: 'taken', attempts: 1, nextAt: null });
  expect(await revisions(1)).toBe(2);
  expect(await broken()).toEqual([]);
  const { rows, total } = await listLateReports(AUDITOR, { skip: 0, take: 9 });
  expect([total, rows]).toMatchObject([1, [{ allocationId: allocationOf(1), outcome: 'taken' }]]);
});

test('a crash between the correction and its note leaves one correction', async () => {
  const startAt = fleetHour(2);
  const late = { allocationId: allocationOf(3), startAt, endAt: plusSeconds(startAt, 60), isProven: false };
  await report(3, startAt, 60, fleetHour(3));
  expect(await recordLateEvidence(metering, { ...late, reason: 'watch of the pool' })).toMatchObject({ ok: true });
  expect(await takeLateReports(metering)).toBe(1);
  expect(await latest()).toMatchObject({ outcome: 'evidenceKnown' });
  expect(await revisions(3)).toBe(1);
});

test('a clock that is off pays nothing back', async () => {
  await report(5, fleetHour(0), 3_600, plusMs(fleetHour(0), 36 * HOUR_MS + 1_000));
  expect(await takeLateReports({ ...metering, now: fleetHour(40) })).toBe(1);
  expect(await latest()).toMatchObject({ outcome: 'tooOld' });
  expect(await revisions(5)).toBe(0);
});

test('more than a wallet holds is asked for again every hour, and given up after a day', async () => {
  const r = present(fleet.reservations[0], 'a reservation');
  await withTx(FLEET_CTX, async (tx) => {
    const [spendable] = (await lockWallets(tx, [r.organisationId])).values();
    await post(FLEET_CTX, tx, [placed(r, FLEET_CTX.now, 99, present(spendable, 'a wallet'), 1n)]);
  });
  await report(1, plusSeconds(fleetHour(1), 3_000), 60, fleetHour(3), true);
  for (let hour = 3; hour < 27; hour += 1) {
    expect(await latest()).toMatchObject({ outcome: null, attempts: hour - 3 });
    expect(await takeLateReports({ ...metering, now: fleetHour(hour) })).toBe(1);
    expect(await takeLateReports({ ...metering, now: fleetHour(hour) })).toBe(0);
  }
  expect(await latest()).toMatchObject({ outcome: 'lateChargeUnpaid', attempts: 24 });
});

test('of a month whose close has begun it counts in the next', async () => {
  const december = fleetHour(24 * 29 + 16);
  await withTx(SYSTEM, (tx) =>
    tx.billingPeriod.create({ data: { month: '2026-11', state: 'closing', cutoffAt: toDate(december) } }),
  );
  await report(7, fleetHour(2), 60, fleetHour(3));
  await takeLateReports({ ...metering, now: december });
  const [last] = await withTx(SYSTEM, (tx) =>
    tx.usageCharge.findMany({ where: { allocationId: allocationOf(7), revision: 1 }, select: { countsAt: true } }),
  );
  expect(last?.countsAt).toEqual(new Date('2026-11-30T16:00:00Z'));
});

test('what a report said does not change, and its outcome is kept', async () => {
  const run = (sql: string) =>
    withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql)).then(
      () => 'done',
      (error: unknown) => databaseErrorOf(error)?.sqlState,
    );
  expect(await run(`UPDATE late_report SET outcome = NULL, taken_at = NULL, next_at = now()`)).toBe('KS001');
  expect(await run(`UPDATE late_report SET end_at = end_at + interval '1 second'`)).toBe('KS001');
  expect(await run(`DELETE FROM late_report`)).toBe('42501');
});
