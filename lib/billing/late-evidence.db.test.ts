import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, plusSeconds, toDate } from '#lib/core/instant.ts';
import { chargeWholeHour } from '#lib/engine/charging.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { lockWallets, post } from '#lib/ledger/posting.ts';
import { placed } from '#lib/ledger/templates.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { chargeHour } from './charge-run.ts';
import { recordLateEvidence } from './late-evidence.ts';
import { csvRows, readFile } from './testing-exports.ts';
import { type BusyFleet, FLEET_AT, FLEET_CTX, fleetHour, seedBusyFleet } from './testing-fleet.ts';

const url = await createTestDatabase();
/** Proven to the second day of December. */
const fleet: BusyFleet = await seedBusyFleet(url, { cards: 10, organisations: 2, gangs: [2], hours: 24 * 31 });
const OPS: Ctx = { ...FLEET_CTX, actor: { kind: 'system', job: 'metering' }, now: fleetHour(4) };
const charge = (hour: number) =>
  chargeWholeHour(
    { ...FLEET_CTX, now: fleetHour(hour + 1) },
    { poolId: fleet.poolId, epoch: 1n, decisions: 0n },
    fleet.prices,
    fleetHour(hour),
    1,
  );
const allocationOf = (n: number): string => `alc_fleet${n.toString().padStart(6, '0')}`;

const correct = (n: number, startAt: Instant, seconds: number, isProven: boolean, ctx = OPS) =>
  recordLateEvidence(ctx, {
    allocationId: allocationOf(n),
    startAt,
    endAt: plusSeconds(startAt, seconds),
    isProven,
    reason: 'kernel log',
  });

const chargesOf = (n: number) =>
  withTx(SYSTEM, (tx) =>
    tx.usageCharge.findMany({ where: { allocationId: allocationOf(n) }, orderBy: { number: 'asc' } }),
  );

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

await charge(0);
await charge(1);
await charge(2);

test('an hour that was not proven after all is a revision with the difference, and what follows goes on from it', async () => {
  const org = present(fleet.reservations[0], 'a reservation').organisationId;
  const before = await walletOf(SYSTEM as Ctx, org);
  const done = await correct(1, plusSeconds(fleetHour(0), 3_000), 1_200, false);
  // 12 yuan an hour, a third more in the second: the last 600 s of one hour and the first 600 s of the other.
  expect(done).toMatchObject({
    ok: true,
    value: {
      organisationId: org,
      revisions: [
        { hourAt: fleetHour(0), revision: 1, countsAt: fleetHour(0), usedSeconds: -600, amountUnits: -200_000_000n },
        { hourAt: fleetHour(1), revision: 1, countsAt: fleetHour(1), usedSeconds: -600, amountUnits: -266_660_000n },
      ],
    },
  });
  expect((await walletOf(SYSTEM as Ctx, org)) - before).toBe(466_660_000n);
  expect(await broken()).toEqual([]);
  await charge(3);
  const again = await correct(1, plusSeconds(fleetHour(0), 3_300), 600, true);
  expect(again).toMatchObject({
    value: {
      revisions: [
        { revision: 2, usedSeconds: 300 },
        { revision: 2, usedSeconds: 300 },
      ],
    },
  });
  const charges = await chargesOf(1);
  expect(charges.map(({ revision }) => revision)).toEqual([0, 0, 0, 1, 1, 0, 2, 2]);
  const used = charges.reduce((sum, row) => sum + row.usedSeconds, 0);
  expect(used).toBe(4 * 3_600 - 600);
  expect(await broken()).toEqual([]);
});

test('a paid term earns less by the seconds that were not proven', async () => {
  const done = await correct(9, fleetHour(1), 3_600, false);
  expect(done).toMatchObject({ ok: true, value: { revisions: [{ usedSeconds: -3_600 }] } });
  const charges = await chargesOf(9);
  expect(charges.at(-1)?.amountUnits).toBeLessThan(0n);
  expect(await broken()).toEqual([]);
});

test('what is known before the hour is charged needs no revision', async () => {
  const done = await correct(3, fleetHour(4), 1_800, false);
  expect(done).toMatchObject({ ok: true, value: { revisions: [] } });
  await charge(4);
  expect((await chargesOf(3)).at(-1)).toMatchObject({ revision: 0, usedSeconds: 1_800, downSeconds: 1_800 });
  expect(await broken()).toEqual([]);
});

test('a customer whose wallet is empty is not charged more afterwards, and nothing is kept of it', async () => {
  const r = present(fleet.reservations[1], 'a reservation');
  const before = await chargesOf(3);
  await withTx(OPS, async (tx) => {
    const [spendable] = (await lockWallets(tx, [r.organisationId])).values();
    await post(OPS, tx, [placed(r, OPS.now, 99, present(spendable, 'a wallet'), 1n)]);
  });
  expect(await correct(3, fleetHour(4), 900, true)).toEqual({ ok: false, refusal: { code: 'lateChargeUnpaid' } });
  expect(await chargesOf(3)).toEqual(before);
  const kept = await withTx(SYSTEM, (tx) =>
    tx.evidenceCorrection.count({ where: { allocationId: allocationOf(3), isProven: true } }),
  );
  expect(kept).toBe(0);
});

test('refusals come in their order and leave nothing behind', async () => {
  const count = () => withTx(SYSTEM, (tx) => tx.evidenceCorrection.count());
  const before = await count();
  const late = {
    allocationId: allocationOf(1),
    startAt: fleetHour(0),
    endAt: fleetHour(1),
    isProven: false,
    reason: 'x',
  };
  const codeOf = async (change: Partial<typeof late>) => {
    const result = await recordLateEvidence(OPS, { ...late, ...change });
    return result.ok ? 'taken' : result.refusal.code;
  };
  expect([
    await codeOf({ reason: '  ', allocationId: 'alc_none' }),
    await codeOf({ allocationId: 'alc_none', endAt: fleetHour(-1) }),
    await codeOf({ endAt: fleetHour(0) }),
    await codeOf({ startAt: instant(FLEET_AT - 1_000) }),
    await codeOf({ endAt: instant(fleetHour(0) + 1_500) }),
    await codeOf({ endAt: fleetHour(24 * 40) }),
    await codeOf({ startAt: fleetHour(2), endAt: fleetHour(3), isProven: true }),
  ]).toEqual([
    'evidenceReasonMissing',
    'allocationUnknown',
    'evidenceOutside',
    'evidenceOutside',
    'evidenceOutside',
    'evidenceOutside',
    'evidenceKnown',
  ]);
  const member = present(fleet.reservations[0], 'a reservation').organisationId;
  const owner: Ctx = {
    ...OPS,
    actor: { kind: 'customer', userId: idFrom('user', 'usr_test'), organisationId: member, role: 'owner' },
    scope: { kind: 'organisation', organisationId: member },
  };
  await expect(recordLateEvidence(owner, late)).rejects.toThrow(Forbidden);
  expect(await count()).toBe(before);
});

test('a closed month is put right in the next open one, and FOCUS says it is a correction', async () => {
  const december = instant(Date.UTC(2026, 10, 30, 16));
  await withTx(SYSTEM, async (tx) => {
    await tx.billingPeriod.create({ data: { month: '2026-11', state: 'closing', cutoffAt: toDate(december) } });
    await tx.$executeRaw`SELECT ledger_close_month('2026-11', ${toDate(december)}::timestamptz)`;
  });
  const ctx = { ...OPS, now: plusSeconds(december, 3_600) };
  await withTx({ ...ctx, actor: FLEET_CTX.actor }, (tx) => chargeHour(ctx, tx, fleet.prices, fleet.poolId, december));
  const done = await correct(5, fleetHour(2), 600, false, ctx);
  expect(done).toMatchObject({
    ok: true,
    value: { revisions: [{ hourAt: fleetHour(2), countsAt: december, usedSeconds: -600 }] },
  });
  const organisationId = present(fleet.reservations[2], 'a reservation').organisationId;
  const exporting: Ctx = { ...ctx, actor: { kind: 'system', job: 'exporting' }, now: instant(december + 24 * HOUR_MS) };
  const { bytes } = await readFile(exporting, { kind: 'focus-1.4', month: '2026-12', organisationId }, 3);
  const corrections = csvRows(bytes).filter((row) => row['ChargeClass'] === 'Correction');
  expect(corrections).toEqual([
    expect.objectContaining({
      ChargeCategory: 'Usage',
      ChargePeriodStart: '2026-11-02T03:00:00Z',
      // 600 s of an hour at 12 yuan × 1.3333, without tax.
      BilledCost: '-2.51566038',
      PricingQuantity: expect.stringMatching(/^-0\.1666/),
    }),
  ]);
  expect(await correct(5, fleetHour(2), 300, true, ctx)).toMatchObject({
    value: { revisions: [{ revision: 2, countsAt: december }] },
  });
});
