import { describe, expect, test } from 'vitest';
import { createQuote } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { askRecovery, injectFault } from '#lib/devices/requests.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  runTo,
  seedCustomer,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { actOnTarget } from '#lib/reservations/acting-on-cards.ts';
import { release, reserve } from '#lib/reservations/service.ts';
import { ACT_RULES, CARD_ACTS, type CardAct, ruleOf } from './lifecycle.ts';
import { INVENTORY_PROOFS } from './proofs.ts';
import { findCard, findServer } from './service.ts';
import type { ActTarget } from './view-types.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const opsSecret = await newStaff(['ops']);
const adminSecret = await newStaff(['admin']);
const ops = () => staffCtx(opsSecret);
const admin = () => staffCtx(adminSecret);

let keys = 0;
async function act(name: CardAct, target: ActTarget, who = ops) {
  keys += 1;
  const input = { act: name, target, reason: `because of ${name}`, typedCount: null, idempotencyKey: `a-${keys}` };
  const answer = await during(market, actOnTarget(await who(), input));
  await settleDown(market);
  return answer;
}

async function booked(cards: number) {
  const { org, now } = await newCustomer(market, 100_000n);
  const answer = await book(market, { cards, topology: 'same-server', durationSeconds: 3_600 }, org);
  await settleDown(market);
  const id = answer.ok ? (answer.value.reservationId ?? '') : JSON.stringify(answer);
  const allocations = (await detailOf(await customerOf(org), id)).allocations;
  return { org, id, now, first: present(allocations[0], 'allocation') };
}

const onServer = (id: string): ActTarget => ({ kind: 'place', id });
const onCard = (id: string): ActTarget => ({ kind: 'cards', ids: [id] });
const card = async (id: string) => present(await findCard(await ops(), id), 'card');

async function broken(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of INVENTORY_PROOFS) if ((await withTx(SYSTEM, run)).violations > 0) failed.push(name);
  return failed;
}

test('the database knows the same law', async () => {
  const rows = await withTx(
    SYSTEM,
    (tx) =>
      tx.$queryRaw<{ way: string }[]>`SELECT concat_ws(' ', act, from_state, to_state) AS way FROM card_lifecycle_rule`,
  );
  const law = CARD_ACTS.flatMap((name) => ACT_RULES[name].from.map((from) => `${name} ${from} ${ruleOf(name).to}`));
  expect(rows.map(({ way }) => way).sort()).toEqual(law.sort());
});

describe('a server with a running booking', () => {
  test('is drained, refused to maintenance while it is held, and then worked on by itself', async () => {
    const { org, id, now, first } = await booked(2);
    const target = onServer(first.serverId);
    expect(await act('drain', target)).toMatchObject({ ok: true, value: { cards: 16 } });
    expect(await act('startMaintenance', target)).toEqual({ ok: false, refusal: { code: 'cardsHeld', cards: 2 } });
    expect(await card(first.cardId)).toMatchObject({ lifecycle: 'draining', holder: { reservationId: id } });
    await runTo(market, plusSeconds(now, 3_700));
    expect(await act('startMaintenance', target)).toMatchObject({ ok: true });
    const server = present(await findServer(await ops(), first.serverId), 'server');
    expect(server.counts).toMatchObject({ cards: 16, maintenance: 16, free: 0 });
    const next = await book(market, { cards: 1 }, org);
    const at = next.ok ? (next.value.reservationId ?? '') : '';
    await settleDown(market);
    const [elsewhere] = (await detailOf(await customerOf(org), at)).allocations;
    expect(elsewhere?.serverId).not.toBe(first.serverId);
    expect(await act('finishMaintenance', target)).toMatchObject({ ok: true });
    expect((await card(first.cardId)).transitions.map((step) => [step.act, step.from, step.to, step.actor])).toEqual([
      ['finishMaintenance', 'maintenance', 'in_service', 'Ops'],
      ['startMaintenance', 'draining', 'maintenance', 'Ops'],
      ['drain', 'in_service', 'draining', 'Ops'],
    ]);
    expect((await card(first.cardId)).outages.map(({ kind, reason, endAt }) => [kind, reason, endAt !== null])).toEqual(
      [
        ['maintenance', 'because of startMaintenance', true],
        ['draining', 'because of drain', true],
      ],
    );
    expect(await broken()).toEqual([]);
  });

  test('a booking and maintenance of its server race: one of them gets it, never both', async () => {
    const before = await customerOf(market.organisationId);
    await runTo(market, plusSeconds(before.now, 7_200));
    const { now } = await customerOf(market.organisationId);
    const org = await seedCustomer(100_000n, now);
    const others = [1, 3, 4].map((n) => onServer(`nod_sg-p01-s01-n${n}`));
    for (const each of others) await act('cordon', each);
    for (let round = 0; round < 6; round += 1) {
      const quote = present(await quoted(org), 'quote');
      const asks = [
        async () => actOnTarget(await ops(), input('startMaintenance', round)),
        async () => reserve(await customerOf(org), { quoteId: quote, name: 'race', idempotencyKey: quote }),
      ];
      const order = round % 2 === 0 ? asks : asks.reverse();
      const answers = await during(market, Promise.all(order.map((ask) => ask())));
      await settleDown(market);
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await broken()).toEqual([]);
      const won = answers.find(({ ok }) => ok);
      if (won?.ok && 'reservationId' in won.value) {
        const reservationId = won.value.reservationId ?? '';
        const change = { reservationId, idempotencyKey: `release-${round}` };
        await during(market, release(await customerOf(org), change));
      } else await act('finishMaintenance', onServer('nod_sg-p01-s01-n2'));
      await settleDown(market);
    }
    for (const each of others) await act('uncordon', each);
    async function quoted(organisation: typeof org): Promise<string | null> {
      const quote = await createQuote(await customerOf(organisation), {
        skuId: 'sku_sg-zw810e-hour',
        cards: 16,
        topology: 'whole-servers',
        startAt: null,
        durationSeconds: 600,
        term: null,
        imageId: null,
      });
      return quote.ok ? quote.value.id : null;
    }
    function input(name: CardAct, round: number) {
      const target = onServer('nod_sg-p01-s01-n2');
      return { act: name, target, reason: 'a race', typedCount: null, idempotencyKey: `race-${round}` };
    }
  });
});

describe('a card that breaks', () => {
  test('goes to repair and to its vendor, and comes back only when its device is healthy', async () => {
    await settleDown(market);
    const id = 'crd_sg-p01-s01-n4-c03';
    const target = onCard(id);
    await injectFault(await ops(), { target: { kind: 'card', id }, kind: 'lost', idempotencyKey: 'lost' });
    await settleDown(market);
    expect(await act('sendToRepair', target)).toMatchObject({ ok: true });
    expect(await act('takeBack', target)).toEqual({ ok: false, refusal: { code: 'cardsNotHealthy', cards: 1 } });
    const back = { act: 'returnToVendor', target, reason: 'broken', typedCount: null, idempotencyKey: 'back' } as const;
    await expect(actOnTarget(await ops(), back)).rejects.toThrow(Forbidden);
    expect(await act('returnToVendor', target, admin)).toMatchObject({ ok: true });
    expect(await card(id)).toMatchObject({ lifecycle: 'returned', fault: null });
    expect(await broken()).toEqual([]);
    expect(await act('uncordon', target)).toEqual({ ok: false, refusal: { code: 'cardsInWrongState', cards: 1 } });
    expect(await act('receive', target, admin)).toMatchObject({ ok: true });
    expect((await card(id)).lifecycle).toBe('repair');
    expect(await broken()).toEqual([]);
  });

  test('is on probation after it came back, across a restart of the engine', async () => {
    await settleDown(market);
    const { now } = await customerOf(market.organisationId);
    const id = 'crd_sg-p01-s01-n3-c01';
    await injectFault(await ops(), { target: { kind: 'card', id }, kind: 'thermal', idempotencyKey: 'warm' });
    await settleDown(market);
    expect(await card(id)).toMatchObject({ health: 'degraded', probationUntil: null });
    const server = { kind: 'server', id: 'nod_sg-p01-s01-n3' } as const;
    await injectFault(await ops(), { target: server, kind: 'driver_unloaded', idempotencyKey: 'driver' });
    await settleDown(market);
    expect((await card(id)).health).toBe('unknown');
    await askRecovery(await ops(), { target: server, action: 'driver_restart', idempotencyKey: 'restart' });
    await settleDown(market);
    await runTo(market, plusSeconds(now, 40));
    const back = await card(id);
    expect(back.probationUntil).not.toBeNull();
    expect(back.outages[0]).toMatchObject({ kind: 'probation', endAt: null });
    expect(await broken()).toEqual([]);
    await killEngine(market);
    await settleDown(market);
    expect((await card(id)).probationUntil).toEqual(back.probationUntil);
    await runTo(market, plusSeconds(now, 400));
    expect(await card(id)).toMatchObject({ probationUntil: null });
    expect((await card(id)).outages[0]).toMatchObject({ kind: 'probation', endAt: back.probationUntil });
    expect(await broken()).toEqual([]);
  });
});

describe('the database by itself', () => {
  const set = (lifecycle: string, id: string) =>
    withTx(SYSTEM, (tx) => tx.card.update({ where: { id }, data: { lifecycle }, select: { id: true } }));

  test('refuses a state that there is none of, and a way that no act leads', async () => {
    const id = 'crd_sg-p01-s01-n1-c15';
    await expect(set('lost', id)).rejects.toThrow();
    await expect(set('returned', id)).rejects.toThrow(/does not go from in_service to returned/);
    expect((await card(id)).lifecycle).toBe('in_service');
  });

  test('refuses to work on a card that is held', async () => {
    const { first } = await booked(1);
    await expect(set('maintenance', first.cardId)).rejects.toThrow(/is held/);
  });

  test('keeps history as it was', async () => {
    await act('cordon', onCard('crd_sg-p01-s01-n1-c14'));
    await expect(withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE card_transition SET reason = 'other'`)).rejects.toThrow();
  });
});

test('only those whom the table names act on cards', async () => {
  const auditor = await staffCtx(await newStaff(['auditor']));
  const finance = await staffCtx(await newStaff(['finance']));
  const target = onCard('crd_sg-p01-s01-n1-c13');
  for (const name of CARD_ACTS)
    for (const ctx of [auditor, finance, await customerOf(market.organisationId)])
      await expect(
        actOnTarget(ctx, { act: name, target, reason: 'x', typedCount: null, idempotencyKey: `${name}-no` }),
      ).rejects.toThrow(Forbidden);
});
