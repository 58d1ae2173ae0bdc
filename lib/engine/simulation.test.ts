import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { ceilToHour, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { overlaps } from '#lib/core/interval.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { CardAct } from '#lib/inventory/lifecycle.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { overcommittedServers } from '#lib/scheduler/bind.ts';
import { cardsIn } from '#lib/scheduler/pool-state.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

type TriedAct = Extract<CardAct, 'cordon' | 'drain' | 'uncordon' | 'startMaintenance' | 'finishMaintenance'>;

type Step = {
  readonly afterSeconds: number;
  readonly act: 'reserve' | 'cancel' | 'release' | 'extend' | TriedAct | 'fail' | 'heal' | 'block';
  readonly cards: number;
  readonly topology: 'any' | 'same-server' | 'same-supernode' | 'whole-servers';
  readonly leadHours: number;
  readonly seconds: number;
  readonly pick: number;
};

const step = (acts: readonly Step['act'][]): fc.Arbitrary<Step> =>
  fc.record({
    afterSeconds: fc.nat(5_000),
    act: fc.constantFrom(...acts),
    cards: fc.integer({ min: 1, max: 40 }),
    topology: fc.constantFrom(
      'any' as const,
      'same-server' as const,
      'same-supernode' as const,
      'whole-servers' as const,
    ),
    leadHours: fc.integer({ min: 0, max: 12 }),
    seconds: fc.integer({ min: 1, max: 40_000 }),
    pick: fc.nat(1_000),
  });

/** Everything that decides, as plain text: equal texts mean equal minds. */
function snapshot(mind: Mind): string {
  const byText = (a: string, b: string): number => (a < b ? -1 : 1);
  return [
    ...[...mind.book.reservations.values()].map((r) =>
      JSON.stringify(r, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
    ),
    ...[...mind.book.allBindings()].map((b) => JSON.stringify(b)),
    ...[...mind.state.promises.values()].map((p) => JSON.stringify(p)),
    ...[...mind.state.bindings()].map((b) => JSON.stringify([b.id, b.card, b.interval])),
    ...mind.book.cards.map((card) => JSON.stringify(card)),
    ...[...mind.book.probations].map((each) => JSON.stringify(each)),
    mind.state.isUsable.join(''),
    mind.state.serverUsable.join(','),
  ]
    .sort(byText)
    .join('\n');
}

function payloadOf(mind: Mind, each: Step, now: Instant, index: number): CommandPayload | null {
  const live = [...mind.book.reservations.values()];
  const target = live[each.pick % Math.max(1, live.length)];
  const card = `crd_${each.pick % mind.book.cards.length}`;
  switch (each.act) {
    case 'reserve': {
      const cards = each.topology === 'whole-servers' ? 16 * Math.ceil(each.cards / 16) : each.cards;
      const startAt = each.leadHours === 0 ? null : ceilToHour(instant(now + each.leadHours * HOUR_MS));
      return booking(`rsv_${index}`, { cards, topology: each.topology, startAt, durationSeconds: each.seconds });
    }
    case 'cancel':
    case 'release':
      return target ? { kind: each.act, reservationId: target.id } : null;
    case 'extend': {
      if (!target) return null;
      const quoted = BigInt(target.cards) * BigInt(3_600) * 277_777n;
      return {
        kind: 'extend',
        reservationId: target.id,
        seconds: 3_600,
        quotedUnits: `${(quoted / 277_777n / 3_600n) * 10_00000000n}`,
      };
    }
    case 'cordon':
    case 'drain':
    case 'uncordon':
    case 'startMaintenance':
    case 'finishMaintenance':
      return { kind: 'cardAct', act: each.act, cardIds: [card], reason: 'test' };
    case 'fail':
    case 'heal':
    case 'block':
      return null;
  }
}

/** What must hold after every step. */
function check(mind: Mind, isWhole: boolean): void {
  const bindings = [...mind.state.bindings()];
  const byCard = Map.groupBy(bindings, (binding) => binding.card);
  for (const list of byCard.values()) {
    for (const [i, a] of list.entries())
      for (const b of list.slice(i + 1)) expect(overlaps(a.interval, b.interval)).toBe(false);
  }
  expect(bindings.length).toBe([...mind.book.allBindings()].length);
  for (const reservation of mind.book.reservations.values()) {
    const promise = mind.state.promises.get(reservation.id);
    const own = mind.book.bindingsOf(reservation.id);
    expect(promise?.interval).toEqual(reservation.interval);
    if (!reservation.isBound) expect(cardsIn(promise?.shares ?? [])).toBe(reservation.cards);
    if (reservation.isBound && isWhole) expect(own).toHaveLength(reservation.cards);
    if (reservation.state === 'active') expect(reservation.isBound).toBe(true);
    const servers = new Set(
      reservation.isBound ? own.map(({ card }) => Math.floor(card / 16)) : promise?.shares.map(({ server }) => server),
    );
    if (reservation.topology === 'same-server' && own.length > 0) expect(servers.size).toBe(1);
    if (reservation.topology === 'same-supernode')
      expect(new Set([...servers].map((server) => server >> 2)).size).toBeLessThanOrEqual(1);
    if (reservation.topology === 'whole-servers' && isWhole) expect(servers.size).toBe(reservation.cards / 16);
  }
  if (isWhole) expect(overcommittedServers(mind.state)).toEqual([]);
  const worked = bindings.filter(({ card }) => mind.book.cards[card]?.lifecycle === 'maintenance');
  expect(worked).toEqual([]);
  mind.book.cards.forEach(({ probationUntil }, card) => {
    expect(mind.book.probations.get(card) ?? null).toBe(probationUntil);
    if (probationUntil !== null) expect(mind.state.isUsable[card]).toBe(0);
  });
}

function applyChecked(mind: Mind, changes: readonly Change[]): void {
  const before = snapshot(mind);
  mind.applyAll(changes)();
  expect(snapshot(mind)).toBe(before);
  mind.applyAll(changes);
}

function run(steps: readonly Step[], servers: number, isWhole: boolean): Mind {
  const mind = smallPool(servers);
  let now: Instant = T0;
  const runTimers = (until: Instant): void => {
    for (let due = nextDue(mind); due && due.at <= until; due = nextDue(mind)) {
      applyChecked(mind, decideDue(mind, due, RICH));
      check(mind, isWhole);
    }
  };
  steps.forEach((each, index) => {
    now = instant(now + each.afterSeconds * 1_000);
    runTimers(now);
    if (each.act === 'fail' || each.act === 'heal' || each.act === 'block') {
      const report = {
        cardId: `crd_${each.pick % mind.book.cards.length}`,
        health: each.act === 'fail' ? ('unhealthy' as const) : ('healthy' as const),
        takesNewWork: each.act === 'heal',
        isRefused: each.act === 'block' && each.cards > 20,
        at: now,
        reason: '',
      };
      applyChecked(mind, decideHealth(mind, report, now));
    } else {
      const payload = payloadOf(mind, each, now, index);
      if (!payload) return;
      const isOps = payload.kind === 'cardAct';
      const organisationId: Id<'organisation'> | null = isOps ? null : index % 2 === 0 ? ORG : OTHER;
      applyChecked(mind, decide(mind, commandOf(payload, organisationId), RICH, now).changes);
    }
    check(mind, isWhole);
  });
  runTimers(instant(now + 400 * HOUR_MS));
  return mind;
}

describe('whatever is asked in whatever order', () => {
  test('no card serves two, every accepted promise is kept whole and on time, every decision can be taken back', () => {
    const acts = ['reserve', 'reserve', 'reserve', 'reserve', 'cancel', 'release', 'extend'] as const;
    fc.assert(
      fc.property(fc.array(step(acts), { minLength: 40, maxLength: 80 }), (steps) => {
        const mind = run(steps, 6, true);
        expect([...mind.book.reservations.values()]).toEqual([]);
        expect([...mind.state.bindings()]).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('with cards failing, healing, taken out and worked on, no card serves two, and none is held that is worked on', () => {
    const acts = [
      'reserve',
      'reserve',
      'reserve',
      'release',
      'extend',
      'cordon',
      'drain',
      'uncordon',
      'startMaintenance',
      'finishMaintenance',
      'fail',
      'fail',
      'heal',
    ] as const;
    fc.assert(
      fc.property(fc.array(step(acts), { minLength: 40, maxLength: 80 }), (steps) => {
        run(steps, 6, false);
      }),
      { numRuns: 150 },
    );
  });

  test('the same steps give the same mind', () => {
    fc.assert(
      fc.property(
        fc.array(step(['reserve', 'release', 'extend', 'fail', 'heal', 'block']), { minLength: 20, maxLength: 40 }),
        (steps) => {
          expect(snapshot(run(steps, 4, false))).toBe(snapshot(run(steps, 4, false)));
        },
      ),
      { numRuns: 30 },
    );
  });
});
