import { describe, expect, test } from 'vitest';
import { listAudit } from '#lib/audit/service.ts';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { askRecovery, injectFault } from '#lib/devices/requests.ts';
import {
  book,
  customerOf,
  detailOf,
  killEngine,
  openTestMarket,
  runTo,
  seedCustomer,
  settleDown,
} from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { codeOf, newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import type { CaseReport } from './fault-case.ts';
import { recordCases, resolveCases } from './faults.ts';
import type { IncidentView, Queue } from './incident-types.ts';
import {
  findIncident,
  giveBackIncident,
  handOverIncident,
  listColleagues,
  listIncidents,
  remarkOnIncident,
  resolveIncident,
  takeIncident,
} from './incidents.ts';
import { findCard } from './service.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const [first, second] = [await newStaff(['ops']), await newStaff(['admin'])];
const ops = () => staffCtx(first);
const other = () => staffCtx(second);
const page = { skip: 0, take: 50 };

let keys = 0;
const asked = () => {
  keys += 1;
  return `i-${keys}`;
};

const queue = async (name: Queue, who = ops) => (await listIncidents(await who(), { queue: name }, page)).rows;
const server = (n: number) => `nod_sg-p01-s01-n${n}`;
const cardOf = (n: number, slot: number) => `crd_sg-p01-s01-n${n}-c${`${slot}`.padStart(2, '0')}`;

async function breakCard(id: string, kind: string) {
  await injectFault(await ops(), { target: { kind: 'card', id }, kind, idempotencyKey: asked() });
  await settleDown(market);
}

async function breakServer(id: string, kind: string) {
  await injectFault(await ops(), { target: { kind: 'server', id }, kind, idempotencyKey: asked() });
  await settleDown(market);
}

async function recover(id: string, action: 'driver_restart' | 'os_reboot' | 'cold_reboot') {
  await askRecovery(await ops(), { target: { kind: 'server', id }, action, idempotencyKey: asked() });
  await settleDown(market);
}

async function now() {
  await settleDown(market);
  return (await customerOf(market.organisationId)).now;
}

async function onlyOne(name: Queue, serverId: string): Promise<IncidentView> {
  const found = (await queue(name)).filter((incident) => incident.serverId === serverId);
  expect(found).toHaveLength(1);
  return present(found[0], 'incident');
}

const FABRIC_LIMITED = { cause: 'fabric', kind: 'fabric_limited', severity: 'warning', action: 'none' } as const;

const historyOf = async (id: string) =>
  present(await findIncident(await ops(), id), 'incident').events.map(({ kind, actor }) => `${kind} ${actor}`);

describe('what the queue shows', () => {
  test('the several reports of one memory fault are one case, and one that comes back soon is the same', async () => {
    const start = await now();
    await breakCard(cardOf(1, 2), 'hbm_uecc');
    await runTo(market, plusSeconds(start, 30));
    const incident = await onlyOne('open', server(1));
    expect(incident.cards).toMatchObject([{ cardId: cardOf(1, 2), slot: 2 }]);
    await breakCard(cardOf(1, 2), 'hbm_uecc');
    await runTo(market, plusSeconds(start, 90));
    const again = await onlyOne('open', server(1));
    expect(again.id).toBe(incident.id);
    expect(again.count).toBeGreaterThan(incident.count);
    expect(again).toMatchObject({ kind: 'reset_required', severity: 'fatal', action: 'device_reset' });
    expect(await historyOf(again.id)).toEqual(['opened', 'changed', 'changed'].map((kind) => `${kind} system:engine`));
  });

  test('a driver that is gone is one incident of all its cards, and resolves by itself once they stay well', async () => {
    const start = await now();
    await breakServer(server(2), 'driver_unloaded');
    const incident = await onlyOne('open', server(2));
    expect(incident.count).toBe(1);
    expect(incident).toMatchObject({ kind: 'driver_not_loaded', severity: 'fatal', owner: null });
    expect(incident.cards).toHaveLength(16);
    expect(await historyOf(incident.id)).toEqual(['opened system:engine']);
    await recover(server(2), 'driver_restart');
    await runTo(market, plusSeconds(start, 30));
    const well = await onlyOne('open', server(2));
    expect(well.resolvesAt).not.toBeNull();
    await runTo(market, plusSeconds(start, 200));
    expect((await queue('open')).filter(({ serverId }) => serverId === server(2))).toEqual([]);
    const resolved = present(
      (await queue('resolved')).find(({ id }) => id === incident.id),
      'resolved',
    );
    expect(resolved).toMatchObject({ resolvedBy: 'system:engine', resolution: null, resolvedAt: well.resolvesAt });
    expect(await historyOf(incident.id)).toEqual(['opened system:engine', 'recovered system:engine']);
    await breakServer(server(2), 'driver_unloaded');
    const back = await onlyOne('open', server(2));
    expect(back).toMatchObject({ id: incident.id, reopened: 1 });
    expect(back.cards).toHaveLength(16);
    await recover(server(2), 'driver_restart');
    await runTo(market, plusSeconds(start, 600));
  });

  test('a card that asks for a reboot of its server, and the neighbours that wait for it, are one incident', async () => {
    const start = await now();
    await breakCard(cardOf(3, 0), 'icn_down');
    const incident = await onlyOne('open', server(3));
    expect(incident).toMatchObject({ severity: 'fatal', action: 'node_reboot' });
    expect(incident.cards).toHaveLength(16);
    expect((await queue('open'))[0]?.severity).toBe('fatal');
    await recover(server(3), 'os_reboot');
    await runTo(market, plusSeconds(start, 600));
    expect((await queue('open')).filter(({ serverId }) => serverId === server(3))).toEqual([]);
  });

  test('says whose reservation is hit, also after it has another card, and a restart forgets nothing', async () => {
    const start = await now();
    const org = await seedCustomer(100_000n, start);
    const answer = await book(market, { cards: 2, topology: 'same-server', durationSeconds: 7_200 }, org);
    await settleDown(market);
    const id = answer.ok ? (answer.value.reservationId ?? '') : '';
    await runTo(market, plusSeconds(start, 10));
    const victim = present((await detailOf(await customerOf(org), id)).allocations[0], 'allocation');
    await breakCard(victim.cardId, 'lost');
    const find = async () =>
      present(
        (await queue('open')).find(({ cards }) => cards.some(({ cardId }) => cardId === victim.cardId)),
        'case',
      );
    expect((await find()).hits).toMatchObject([{ reservationId: id, cards: 1, isStillHit: true }]);
    await runTo(market, plusSeconds(start, 120));
    const before = await find();
    expect(before.hits).toMatchObject([{ reservationId: id, isStillHit: false }]);
    await killEngine(market);
    await settleDown(market);
    expect(await find()).toMatchObject({ id: before.id, count: before.count, reopened: 0 });
  });
});

describe('who works on it', () => {
  const sick = cardOf(4, 7);

  async function setup(): Promise<string> {
    await now();
    const known = (await queue('open')).find(({ cards }) => cards.some(({ cardId }) => cardId === sick));
    if (!known) await breakCard(sick, 'lost');
    const found = (await queue('open')).find(({ cards }) => cards.some(({ cardId }) => cardId === sick));
    return present(found, 'incident').id;
  }

  test('two people take one case: one has it, the other is told who', async () => {
    const incidentId = await setup();
    const answers = await Promise.all([
      takeIncident(await ops(), { incidentId }),
      takeIncident(await other(), { incidentId }),
    ]);
    expect(answers.map(codeOf).sort()).toEqual(['accepted', 'faultOwned']);
    const winner = answers[0]?.ok ? ops : other;
    const loser = winner === ops ? other : ops;
    expect((await queue('mine', winner)).map(({ id }) => id)).toContain(incidentId);
    expect((await queue('unowned')).map(({ id }) => id)).not.toContain(incidentId);
    expect(codeOf(await giveBackIncident(await loser(), { incidentId }))).toBe('faultNotOwned');
    expect(codeOf(await takeIncident(await winner(), { incidentId }))).toBe('accepted');
    expect(codeOf(await giveBackIncident(await winner(), { incidentId }))).toBe('accepted');
    expect((await queue('unowned')).map(({ id }) => id)).toContain(incidentId);
  });

  test('it is handed to a colleague, remarked on, and every step is kept and audited', async () => {
    const incidentId = await setup();
    const heir = present((await listColleagues(await ops())).at(-1), 'colleague');
    expect(codeOf(await handOverIncident(await ops(), { incidentId, personId: 'usr_nobody' }))).toBe(
      'colleagueUnknown',
    );
    expect(codeOf(await handOverIncident(await ops(), { incidentId, personId: heir.id }))).toBe('accepted');
    expect(codeOf(await remarkOnIncident(await ops(), { incidentId, text: 'Ordered a board' }))).toBe('accepted');
    const found = present(await findIncident(await ops(), incidentId), 'incident');
    expect(found.incident.owner).toEqual(heir);
    expect(found.events.slice(-2).map(({ kind, text }) => [kind, text])).toEqual([
      ['handedOver', heir.name],
      ['remarked', 'Ordered a board'],
    ]);
    const audited = await listAudit(await other(), { target: incidentId });
    expect(audited.map(({ action }) => action).slice(0, 2)).toEqual(['fault.remarked', 'fault.handedOver']);
  });

  test('nobody resolves it while its device is down', async () => {
    const incidentId = await setup();
    const resolve = async () => codeOf(await resolveIncident(await ops(), { incidentId, reason: 'seen' }));
    expect(await resolve()).toBe('faultPersists');
    const start = await now();
    await recover(server(4), 'cold_reboot');
    await runTo(market, plusSeconds(start, 900));
    expect(await resolve()).toBe('faultResolved');
    expect(codeOf(await takeIncident(await ops(), { incidentId }))).toBe('faultResolved');
    expect(codeOf(await remarkOnIncident(await ops(), { incidentId, text: 'after all' }))).toBe('accepted');
    expect(codeOf(await takeIncident(await ops(), { incidentId: 'flt_none' }))).toBe('faultUnknown');
  });

  test('what a person accepts stays resolved across a restart, and comes back when it is told again', async () => {
    const worn = cardOf(4, 9);
    await now();
    await breakCard(worn, 'hbm_uecc');
    const find = async (name: Queue) =>
      (await queue(name)).find(({ cards }) => cards.some(({ cardId }) => cardId === worn));
    const incidentId = present(await find('open'), 'case').id;
    const reason = 'One page, spare rows are left';
    expect(codeOf(await resolveIncident(await ops(), { incidentId, reason }))).toBe('accepted');
    await killEngine(market);
    await settleDown(market);
    expect(await find('open')).toBeUndefined();
    expect(await find('resolved')).toMatchObject({ resolution: reason, resolvedBy: 'Ops' });
    await breakCard(worn, 'hbm_uecc');
    expect(await find('open')).toMatchObject({ id: incidentId, reopened: 1, resolution: null });
  });
});

test('a code of 32 bits is kept, shown, and read back', async () => {
  const start = await now();
  const report: CaseReport = {
    cardId: idFrom('card', cardOf(3, 9)),
    serverId: idFrom('server', server(3)),
    at: start,
    seen: {
      cause: 'lost',
      joins: [],
      isServerWide: false,
      kind: 'device_lost',
      xid: 0x80_e1_84_02,
      severity: 'warning',
      action: 'cold_reboot',
      isNews: true,
    },
    proves: 'nothing',
  };
  for (let times = 0; times < 2; times += 1) await withTx(SYSTEM, (tx) => recordCases(tx, 'pol_sg-zw810e', [report]));
  expect(await onlyOne('open', server(3))).toMatchObject({ xid: 2_162_263_042, count: 2 });
  const [fault] = (await findCard(await ops(), cardOf(3, 9)))?.faults ?? [];
  expect(fault).toMatchObject({ xid: 2_162_263_042 });
});

test('a case that comes back joins the incident that another card of its server opened in the same moment', async () => {
  const start = await now();
  const shows = (slot: number, seconds: number, isLimited: boolean): CaseReport => ({
    cardId: idFrom('card', cardOf(4, slot)),
    serverId: idFrom('server', server(4)),
    at: plusSeconds(start, seconds),
    seen: isLimited ? { ...FABRIC_LIMITED, joins: [], isServerWide: true, xid: null, isNews: true } : null,
    proves: isLimited ? 'nothing' : 'allOver',
  });
  const record = (...reports: CaseReport[]) => withTx(SYSTEM, (tx) => recordCases(tx, 'pol_sg-zw810e', reports));
  await record(shows(1, 0, true));
  await record(shows(1, 10, false));
  await withTx(SYSTEM, (tx) => resolveCases(tx, 'pol_sg-zw810e', plusSeconds(start, 3_000)));
  await record(shows(0, 3_600, true), shows(1, 3_600, true));
  const limited = (await queue('open')).filter(({ kind }) => kind === 'fabric_limited');
  expect(limited.map(({ cards }) => cards.map(({ slot }) => slot))).toEqual([[0, 1]]);
});

test('only ops works on faults, and auditors read', async () => {
  const auditor = await staffCtx(await newStaff(['auditor']));
  expect(await listIncidents(auditor, { queue: 'open' }, page)).toMatchObject({ total: expect.any(Number) });
  for (const ctx of [auditor, await staffCtx(await newStaff(['finance'])), await customerOf(market.organisationId)]) {
    const incidentId = 'flt_any';
    await expect(takeIncident(ctx, { incidentId })).rejects.toThrow(Forbidden);
    await expect(giveBackIncident(ctx, { incidentId })).rejects.toThrow(Forbidden);
    await expect(handOverIncident(ctx, { incidentId, personId: 'usr_x' })).rejects.toThrow(Forbidden);
    await expect(remarkOnIncident(ctx, { incidentId, text: 'x' })).rejects.toThrow(Forbidden);
    await expect(resolveIncident(ctx, { incidentId, reason: 'xxx' })).rejects.toThrow(Forbidden);
  }
});
