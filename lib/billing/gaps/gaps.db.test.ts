import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { HOUR_MS, plusMs, toIso } from '#lib/core/instant.ts';
import { parseMonth } from '#lib/core/period.ts';
import { chargeWholeHour } from '#lib/engine/charging.ts';
import { settle } from '#lib/engine/settling.ts';
import { PROOFS } from '#lib/engine/verify.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { lockWallets, post } from '#lib/ledger/posting.ts';
import { placed, topUpSettled } from '#lib/ledger/templates.ts';
import { walletOf } from '#lib/ledger/testing.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { explainCharge } from '../explain/charges.ts';
import { explainJournal } from '../explain/journals.ts';
import { type BusyFleet, FLEET_CTX, fleetHour, seedBusyFleet } from '../testing-fleet.ts';
import { findGapSpan } from './store.ts';
import { chargeGapHour, chargeGapHours, listGapHours } from './service.ts';
import { decideWaiver, listWaitingWaivers, proposeWaiver } from './waivers.ts';

const url = await createTestDatabase();
const fleet: BusyFleet = await seedBusyFleet(url, { cards: 10, organisations: 2, gangs: [2], hours: 24 * 31 });
const MONTH = present(parseMonth('2026-11'), 'month');
const charge = (hour: number) =>
  chargeWholeHour(
    { ...FLEET_CTX, now: fleetHour(hour + 1) },
    { poolId: fleet.poolId, epoch: 1n, decisions: 0n },
    fleet.prices,
    fleetHour(hour),
    1,
  );
const allocationOf = (n: number): string => `alc_fleet${n.toString().padStart(6, '0')}`;
const hourOf = (hour: number): string => toIso(fleetHour(hour));

const staff = (name: string, role: 'finance' | 'admin' | 'auditor' = 'finance'): Ctx => ({
  ...FLEET_CTX,
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  now: fleetHour(6),
});
const [fang, ge] = [staff('usr_fang'), staff('usr_ge')];
const lastOf = (n: number) =>
  withTx(SYSTEM, (tx) =>
    tx.usageCharge.findFirst({ where: { allocationId: allocationOf(n) }, orderBy: { number: 'desc' } }),
  );
const isMissing = (n: number, hour: number) =>
  withTx(SYSTEM, (tx) => findGapSpan(tx, allocationOf(n), fleetHour(hour))).then((span) => span !== null);
const left = async () => (await listGapHours(fang, MONTH, { skip: 0, take: 1 })).total;
const allGaps = async () => (await listGapHours(fang, MONTH, { skip: 0, take: 50 })).rows;

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) found.push(name);
  return found;
}

async function stepsHold(n: number, hour: number): Promise<void> {
  const explained = await explainCharge(fang, { allocationId: allocationOf(n), hour: hourOf(hour), revision: 0 });
  const { equations, journalId } = present(explained, 'a charge');
  expect(equations.filter(({ holds }) => !holds)).toEqual([]);
  const journal = present(await explainJournal(fang, present(journalId, 'a journal')), 'a journal');
  expect(journal.equations.filter(({ holds }) => !holds)).toEqual([]);
}

// The second hour is left out, dearer than the others; the run has gone on since.
await charge(0);
await charge(2);
await charge(3);

describe('an hour that nobody charged', () => {
  test('is found card by card, with what it would come to', async () => {
    const { rows, total } = await listGapHours(fang, MONTH, { skip: 0, take: 3 });
    expect(total).toBe(10);
    expect(rows).toMatchObject([
      { allocationId: allocationOf(1), hourAt: fleetHour(1), usedSeconds: 3_600, amountUnits: 1_599_960_000n },
      { allocationId: allocationOf(2), waiver: null, isSettled: false },
      { allocationId: allocationOf(3) },
    ]);
    expect(await broken()).toEqual(['cardSecondsAccounted', 'hoursCharged']);
  });

  test('is charged once, out of what was set aside, and what follows goes on from it', async () => {
    const org = present(fleet.reservations[0], 'a reservation').organisationId;
    const before = await walletOf(SYSTEM as Ctx, org);
    const key = { allocationId: allocationOf(1), hour: hourOf(1) };
    const answers = await Promise.all([chargeGapHour(fang, key), chargeGapHour(ge, key)]);
    expect(answers.map((answer) => (answer.ok ? answer.value.amountUnits : answer.refusal.code)).toSorted()).toEqual(
      ['gapUnknown', 1_599_960_000n].toSorted(),
    );
    expect(await walletOf(SYSTEM as Ctx, org)).toBe(before);
    expect(await lastOf(1)).toMatchObject({ revision: 0, usedSeconds: 3_600, lateAt: new Date(fleetHour(1)) });
    await stepsHold(1, 1);
    await charge(4);
    await stepsHold(1, 4);
    expect([await isMissing(1, 1), await left()]).toEqual([false, 9]);
  });

  test('of a paid term earns its share of the term', async () => {
    need(await chargeGapHour(fang, { allocationId: allocationOf(9), hour: hourOf(1) }));
    expect(await lastOf(9)).toMatchObject({ purchase: 'by-card', bandBps: 10_000, usedSeconds: 3_600 });
    await stepsHold(9, 1);
  });

  test('costs nothing when two people say so, and is accounted for all the same', async () => {
    const input = { allocationId: allocationOf(2), hour: hourOf(1), reason: 'the meter was down' };
    const id = need(await proposeWaiver(fang, input));
    expect(codeOf(await proposeWaiver(ge, input))).toBe('gapWaiverWaits');
    expect(codeOf(await chargeGapHour(ge, input))).toBe('gapWaiverWaits');
    expect(codeOf(await decideWaiver(fang, { waiverId: id, isApproved: true }))).toBe('waiverSamePerson');
    expect(codeOf(await decideWaiver(ge, { waiverId: 'hwv_none', isApproved: true }))).toBe('waiverUnknown');
    expect(await listWaitingWaivers(ge)).toMatchObject([{ id, reason: 'the meter was down', hourAt: fleetHour(1) }]);
    need(await decideWaiver(ge, { waiverId: id, isApproved: true }));
    expect(codeOf(await decideWaiver(ge, { waiverId: id, isApproved: false }))).toBe('waiverDecided');
    expect(await lastOf(2)).toMatchObject({ usedSeconds: 3_600, bandBps: 0, amountUnits: 0n });
    await stepsHold(2, 1);

    const term = { allocationId: allocationOf(10), hour: hourOf(1), reason: 'the meter was down' };
    const ofTerm = need(await proposeWaiver(fang, term));
    need(await decideWaiver(ge, { waiverId: ofTerm, isApproved: true }));
    await stepsHold(10, 1);
    expect(await listWaitingWaivers(ge)).toEqual([]);
  });

  test('can be charged after a waiver of it was declined', async () => {
    const input = { allocationId: allocationOf(3), hour: hourOf(1), reason: 'perhaps not' };
    const id = need(await proposeWaiver(fang, input));
    need(await decideWaiver(fang, { waiverId: id, isApproved: false }));
    need(await chargeGapHour(ge, input));
    expect((await lastOf(3))?.amountUnits).toBe(1_599_960_000n);
  });

  test('of a settled reservation is paid by the wallet, and not beyond it', async () => {
    const r = present(fleet.reservations[1], 'a reservation');
    const endedAt = fleetHour(5);
    await withAdmin(url, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(
        `UPDATE reservation SET state = 'ended', ended_at = $2, end_at = $2, end_reason = 'released' WHERE id = $1`,
        [r.reservationId, toIso(endedAt)],
      );
      await client.query(`UPDATE allocation SET end_at = $2 WHERE reservation_id = $1`, [
        r.reservationId,
        toIso(endedAt),
      ]);
      await client.query(
        `UPDATE evidence SET end_at = $2 WHERE allocation_id IN (SELECT id FROM allocation WHERE reservation_id = $1)`,
        [r.reservationId, toIso(endedAt)],
      );
    });
    const over = {
      id: r.reservationId,
      ...r,
      startAt: fleetHour(0),
      endedAt,
      settleAt: endedAt,
      wasCancelled: false,
      isRefunded: false,
      name: 'test',
      isOnAccount: false,
    };
    const ctx = { ...FLEET_CTX, now: endedAt };
    await withTx(ctx, (tx) => settle(ctx, tx, fleet.prices, fleet.poolId, [over], endedAt), { epoch: 1n });
    const drain = async (step: number, left: bigint) =>
      withTx(ctx, async (tx) => {
        const [spendable] = (await lockWallets(tx, [r.organisationId])).values();
        const other = present(fleet.reservations[3], 'a reservation');
        const amount = (present(spendable, 'a wallet') - left) as never;
        await post(ctx, tx, [placed(other, ctx.now, step, amount, 1n)]);
      });
    await drain(97, 1_599_959_999n);
    const key = { allocationId: allocationOf(4), hour: hourOf(1) };
    expect(codeOf(await chargeGapHour(fang, key))).toBe('gapUnpaid');
    expect([await isMissing(4, 1), await left()]).toEqual([true, 5]);
    const paid = await chargeGapHours(fang, MONTH);
    expect(paid).toMatchObject({ ok: true, value: { charged: 4, left: 1 } });
    const wallet = () => walletOf(SYSTEM as Ctx, r.organisationId);
    await withTx(ctx, (tx) =>
      post(ctx, tx, [topUpSettled(idFrom('payment', 'pay_g'), r.organisationId, 'sandbox', fen(100n), ctx.now)]),
    );
    const before = present(await wallet(), 'a wallet');
    need(await chargeGapHour(fang, key));
    expect(await wallet()).toBe(before - 1_599_960_000n);
    await stepsHold(4, 1);
    expect(await allGaps()).toEqual([]);
    expect(await left()).toBe(0);
    expect(codeOf(await chargeGapHours(fang, MONTH))).toBe('gapUnknown');
    expect(await broken()).toEqual([]);
  });
});

describe('the walls', () => {
  test('a gap is an hour that the run has passed, of an allocation that had it', async () => {
    for (const [n, hour] of [
      [1, hourOf(0)],
      [1, hourOf(5)],
      [1, hourOf(-1)],
      [1, toIso(plusMs(fleetHour(1), HOUR_MS / 2))],
      [99, hourOf(1)],
      [1, 'soon'],
    ] as const)
      expect(codeOf(await chargeGapHour(fang, { allocationId: allocationOf(n), hour }))).toBe('gapUnknown');
  });

  test('the database asks for two people, and lets nobody charge nothing by himself', async () => {
    const run = (sql: string) =>
      withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql)).then(
        () => 'done',
        (error: unknown) => databaseErrorOf(error)?.sqlState,
      );
    const copy = (id: string, state: string) =>
      `INSERT INTO hour_waiver SELECT '${id}', allocation_id, hour_at + interval '20 hours', organisation_id, reason, ${state} FROM hour_waiver LIMIT 1`;
    expect(await run(copy('hwv_a', `'agreed', 'a', now(), 'b', now()`))).toBe('KS001');
    expect(await run(copy('hwv_b', `'proposed', 'a', now(), NULL, NULL`))).toBe('done');
    const decide = (by: string) =>
      `UPDATE hour_waiver SET state = 'agreed', decided_by = '${by}', decided_at = now() WHERE id = 'hwv_b'`;
    expect(await run(decide('a'))).toBe('23514');
    expect(await run(`DELETE FROM hour_waiver`)).toBe('42501');
    const free = (
      band: number,
    ) => `INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id,
        sku_id, price_version_id, purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps, weighted_seconds_to_date,
        charged_to_date_units, amount_units, journal_key, charged_at, late_at)
      SELECT allocation_id, hour_at + interval '20 hours', 0, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id, purchase,
        start_at + interval '20 hours', end_at + interval '20 hours', 0, 3600, 0, ${band}, weighted_seconds_to_date, charged_to_date_units, 0, 'x', charged_at,
        hour_at + interval '20 hours' FROM usage_charge WHERE allocation_id = '${allocationOf(2)}' AND hour_at = '${hourOf(1)}'`;
    expect(await run(free(0))).toBe('KS001');
    expect(await run(decide('b'))).toBe('done');
    expect(await run(free(10_000))).toBe('KS001');
  });

  test('neither auditors nor customers charge or waive', async () => {
    const key = { allocationId: allocationOf(1), hour: hourOf(1) };
    const auditor = staff('usr_au', 'auditor');
    await expect(chargeGapHour(auditor, key)).rejects.toThrow(Forbidden);
    await expect(chargeGapHours(auditor, MONTH)).rejects.toThrow(Forbidden);
    await expect(proposeWaiver(auditor, { ...key, reason: 'why not' })).rejects.toThrow(Forbidden);
    await expect(decideWaiver(auditor, { waiverId: 'x', isApproved: true })).rejects.toThrow(Forbidden);
  });
});
