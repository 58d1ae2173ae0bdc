import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import {
  book,
  customerOf,
  detailOf,
  killEngine,
  newCustomer,
  openTestMarket,
  runTo,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { listIncidents } from '#lib/inventory/incidents.ts';
import { findCard } from '#lib/inventory/service.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { askRecovery, injectFault, listRequests } from './requests.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const opsSecret = await newStaff(['ops']);
const ops = () => staffCtx(opsSecret);
const SERVER = 'nod_sg-p01-s01-n4';
const CARD = `crd_${SERVER.slice(4)}-c05`;
const page = { skip: 0, take: 20 };

const requests = async (serverId: string | null) => (await listRequests(await ops(), { serverId }, page)).rows;

async function setup() {
  return newCustomer(market, 10_000n);
}

test('a card made to fail is unhealthy, its reservation gets another, and a cold reboot brings it back', async () => {
  const { org, now } = await setup();
  const answer = await book(market, { cards: 4, topology: 'same-server', durationSeconds: 7_200 }, org);
  await settleDown(market);
  const reservationId = answer.ok ? (answer.value.reservationId ?? '') : '';
  const detail = async () => detailOf(await customerOf(org), reservationId);
  await runTo(market, plusSeconds(now, 60));
  const victim = present((await detail()).allocations[0], 'card');
  const target = { kind: 'card', id: victim.cardId } as const;
  expect(await injectFault(await ops(), { target, kind: 'lost', idempotencyKey: 'break' })).toMatchObject({ ok: true });
  await settleDown(market);
  expect(await findCard(await ops(), victim.cardId)).toMatchObject({
    health: 'unhealthy',
    fault: { kind: 'device_lost', severity: 'fatal', action: 'cold_reboot' },
    outages: [{ kind: 'down', endAt: null }],
  });
  const open = await listIncidents(await ops(), { queue: 'open' }, page);
  expect(open.rows.flatMap(({ cards }) => cards.map(({ cardId }) => cardId))).toContain(victim.cardId);
  await runTo(market, plusSeconds(now, 180));
  const replaced = await detail();
  expect(replaced.events.map(({ kind }) => kind)).toContain('cardReplaced');
  expect(replaced.allocations).toHaveLength(5);

  await runTo(market, plusSeconds(now, 7_500));
  const reset = { target, action: 'device_reset', idempotencyKey: 'reset' } as const;
  expect(await askRecovery(await ops(), reset)).toMatchObject({ ok: true });
  await settleDown(market);
  expect((await requests(victim.serverId))[0]).toMatchObject({ kind: 'device_reset', state: 'failed', askedBy: 'Ops' });
  await runTo(market, plusSeconds(now, 7_600));
  const reboot = { target, action: 'cold_reboot', idempotencyKey: 'reboot' } as const;
  await askRecovery(await ops(), reboot);
  await settleDown(market);
  await runTo(market, plusSeconds(now, 9_000));
  expect(await findCard(await ops(), victim.cardId)).toMatchObject({ health: 'healthy', fault: null });
  expect((await listIncidents(await ops(), { queue: 'open' }, page)).total).toBe(0);
  expect((await requests(victim.serverId)).map(({ kind, state }) => [kind, state])).toEqual([
    ['cold_reboot', 'done'],
    ['device_reset', 'failed'],
    ['lost', 'done'],
  ]);
});

test('an old driver in the boot image is found at the reboot, also after the engine started again, until it is renewed', async () => {
  const { now } = await setup();
  const target = { kind: 'server', id: 'nod_sg-p01-s01-n2' } as const;
  const reason = async () => {
    const card = await findCard(await ops(), `crd_${target.id.slice(4)}-c00`);
    return card?.fault?.kind ?? null;
  };
  const recover = async (action: 'os_reboot' | 'driver_reinstall', seconds: number) => {
    await askRecovery(await ops(), { target, action, idempotencyKey: `stale-${action}-${seconds}` });
    await settleDown(market);
    await runTo(market, plusSeconds(now, seconds));
  };
  await injectFault(await ops(), { target, kind: 'stale_initramfs', idempotencyKey: 'stale' });
  await settleDown(market);
  expect(await reason()).toBeNull();
  await killEngine(market);
  await settleDown(market);
  await recover('os_reboot', 400);
  expect(await reason()).toBe('driver_mismatch');
  await killEngine(market);
  await settleDown(market);
  await recover('driver_reinstall', 1_000);
  expect(await reason()).toBeNull();
  await killEngine(market);
  await settleDown(market);
  await recover('os_reboot', 1_600);
  expect(await reason()).toBeNull();
});

test('the same key asks once', async () => {
  await setup();
  const ask = { target: { kind: 'card', id: CARD }, kind: 'thermal', idempotencyKey: 'once' } as const;
  const answers = await Promise.all(Array.from({ length: 4 }, async () => injectFault(await ops(), ask)));
  expect(new Set(answers.map((answer) => (answer.ok ? answer.value : answer.refusal.code))).size).toBe(1);
  expect(await requests(SERVER)).toHaveLength(1);
});

test.each([
  ['no such card', { kind: 'card', id: 'crd_none' }, 'lost', 'deviceUnknown'],
  ['a supernode is no server', { kind: 'server', id: 'plc_sg-p01-s01' }, 'driver_unloaded', 'deviceUnknown'],
  ['a fault of servers at a card', { kind: 'card', id: CARD }, 'driver_unloaded', 'faultNotForTarget'],
  ['a fault of cards at a server', { kind: 'server', id: SERVER }, 'lost', 'faultNotForTarget'],
  ['a repair is no fault', { kind: 'card', id: CARD }, 'cold_reboot', 'faultNotForTarget'],
] as const)('refused, and nothing written: %s', async (name, target, kind, code) => {
  const before = await requests(null);
  expect(await injectFault(await ops(), { target, kind, idempotencyKey: name })).toEqual({
    ok: false,
    refusal: { code },
  });
  expect(await requests(null)).toEqual(before);
});

test('a server is not reset card by card, and hardware is never broken', async () => {
  const target = { kind: 'server', id: SERVER } as const;
  expect(await askRecovery(await ops(), { target, action: 'device_reset', idempotencyKey: 'r' })).toEqual({
    ok: false,
    refusal: { code: 'resetNeedsCard' },
  });
  const driver = (driverKind: string) =>
    withTx(SYSTEM, (tx) => tx.serverHost.updateMany({ where: { placeId: SERVER }, data: { driverKind } }));
  await driver('ppu-smi');
  expect(await injectFault(await ops(), { target, kind: 'lib_mismatch', idempotencyKey: 'h' })).toEqual({
    ok: false,
    refusal: { code: 'fleetIsReal' },
  });
  await driver('simulated');
});

test('only ops touches devices', async () => {
  const { org } = await setup();
  const target = { kind: 'card', id: CARD } as const;
  for (const ctx of [
    await customerOf(org),
    await staffCtx(await newStaff(['auditor'])),
    await staffCtx(await newStaff(['finance'])),
  ]) {
    await expect(injectFault(ctx, { target, kind: 'lost', idempotencyKey: 'x' })).rejects.toThrow(Forbidden);
    await expect(askRecovery(ctx, { target, action: 'os_reboot', idempotencyKey: 'x' })).rejects.toThrow(Forbidden);
  }
});
