import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ceilToHour, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Booked } from '#lib/reservations/types.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { overcommittedServers } from '#lib/scheduler/bind.ts';
import { cardsIn } from '#lib/scheduler/pool-state.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const ACTS = [
  'reserve',
  'reserve',
  'shrink',
  'shrink',
  'extend',
  'rule',
  'offer',
  'withdraw',
  'accept',
  'release',
] as const;
type Act = (typeof ACTS)[number] | 'fail';
type Step = { act: Act; afterSeconds: number; cards: number; leadHours: number; kind: number; pick: number };

const step = (acts: readonly Act[]): fc.Arbitrary<Step> =>
  fc.record({
    act: fc.constantFrom(...acts),
    afterSeconds: fc.nat(4_000),
    cards: fc.integer({ min: 1, max: 40 }),
    leadHours: fc.nat(6),
    kind: fc.nat(3),
    pick: fc.nat(500),
  });

/** Everything that decides, as one text: equal texts mean equal minds. */
function snapshot({ book, state }: Mind): string {
  const all = [
    ...book.reservations.values(),
    ...book.allBindings(),
    ...state.promises.values(),
    ...[...state.bindings()].map(({ id, card, interval }) => ({ id, card, interval })),
  ];
  return all
    .map((each) => JSON.stringify(each, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
    .sort()
    .join('\n');
}

function wish(each: Step, id: string, now: Instant): CommandPayload {
  const startAt = each.leadHours === 0 ? null : ceilToHour(instant(now + each.leadHours * HOUR_MS));
  const whole = 16 * Math.ceil(each.cards / 16);
  switch (each.kind) {
    case 0:
      return booking(id, {
        cards: whole,
        topology: 'whole-servers',
        startAt,
        durationSeconds: 3_600 * (1 + (each.pick % 30)),
      });
    case 1: {
      const term = { skuId: 'sku_card', priceVersionId: 'prv_card', term: 'day' } as const;
      return booking(id, { cards: each.cards, startAt, durationSeconds: null, ...term });
    }
    case 2:
      return booking(id, { cards: each.cards, startAt: null, durationSeconds: null });
    default:
      return booking(id, { cards: each.cards, startAt, durationSeconds: 600 + each.pick * 100 });
  }
}

function payloadOf(each: Step, target: Booked, index: number): CommandPayload | null {
  const { id, cards, term } = target;
  const price = `${BigInt(cards) * (term ? 216n : 10n) * 100_000_000n}`;
  const seconds = term ? 86_400 : 3_600;
  switch (each.act) {
    case 'shrink':
      return { kind: 'shrink', reservationId: id, cards: 1 + (each.cards % cards), cardIds: [] };
    case 'extend':
      return { kind: 'extend', reservationId: id, seconds, quotedUnits: price };
    case 'rule': {
      const rule = { stepSeconds: seconds, priceE10Max: '100000000000', untilAt: null };
      return { kind: 'setAutoExtend', reservationId: id, rule: each.pick % 3 === 0 ? null : rule };
    }
    case 'offer': {
      const toOrganisationId = target.organisationId === ORG ? OTHER : ORG;
      return { kind: 'offerTransfer', reservationId: id, toOrganisationId, fromName: 'a', toSlug: 'b' };
    }
    case 'withdraw':
      return { kind: 'withdrawTransfer', reservationId: id };
    case 'accept': {
      const seconds2 =
        target.interval.endAt === null ? 3_600 : (target.interval.endAt - target.interval.startAt) / 1_000;
      const units = term
        ? term.priceUnits * BigInt(cards)
        : ((BigInt(seconds2) * 1_000_000_000n) / 3_600n) * BigInt(cards);
      return { kind: 'acceptTransfer', reservationId: id, newReservationId: `rsv_t${index}`, quotedUnits: `${units}` };
    }
    default:
      return { kind: 'release', reservationId: id };
  }
}

function check(mind: Mind, isWhole: boolean): void {
  for (const reservation of mind.book.reservations.values()) {
    const bound = mind.book.bindingsOf(reservation.id);
    const waiting = reservation.lost.filter(({ isUnbound }) => isUnbound).length;
    if (reservation.isBound) expect(bound.length + waiting).toBe(reservation.cards);
    else expect(cardsIn(mind.state.promises.get(reservation.id)?.shares ?? [])).toBe(reservation.cards);
    if (reservation.topology === 'whole-servers') expect(reservation.cards % 16).toBe(0);
    if (reservation.topology === 'whole-servers' && isWhole && reservation.isBound)
      expect(new Set(bound.map(({ card }) => card >> 4)).size).toBe(reservation.cards / 16);
    if (reservation.state === 'active') expect(reservation.offeredTo).toBeNull();
  }
  if (isWhole) expect(overcommittedServers(mind.state)).toEqual([]);
}

/**
 * What is set aside per reservation and not returned: never less than nothing, and nothing once it is handed over. Answers
 * how many were.
 */
function account(held: Map<string, bigint>, changes: readonly Change[]): number {
  let transfers = 0;
  for (const change of changes) {
    if (change.kind === 'moneyPlaced' || change.kind === 'moneyReturned') {
      const sign = change.kind === 'moneyPlaced' ? 1n : -1n;
      const left = (held.get(change.reservation.id) ?? 0n) + sign * change.amountUnits;
      expect(left >= 0n).toBe(true);
      held.set(change.reservation.id, left);
    }
    if (change.kind !== 'reservationEnded' || change.reason !== 'transferred') continue;
    expect(held.get(change.id)).toBe(0n);
    transfers += 1;
  }
  return transfers;
}

/** What a step is about: any reservation, or one that is on offer when the step is about offers. */
function targetOf(each: Step, mind: Mind) {
  const live = [...mind.book.reservations.values()];
  const onOffer = each.act === 'accept' || each.act === 'withdraw' ? live.filter(({ offeredTo }) => offeredTo) : [];
  const among = onOffer.length > 0 ? onOffer : live;
  return among[each.pick % Math.max(1, among.length)];
}

/** Takes the steps, proving the pool after each; answers how many reservations were handed over. */
function run(steps: readonly Step[], isWhole: boolean): number {
  const mind = smallPool(5);
  let transfers = 0;
  const held = new Map<string, bigint>();
  let now: Instant = T0;
  const keep = (changes: readonly Change[]): void => {
    const before = snapshot(mind);
    mind.applyAll(changes)();
    expect(snapshot(mind)).toBe(before);
    mind.applyAll(changes);
    transfers += account(held, changes);
    check(mind, isWhole);
  };
  steps.forEach((each, index) => {
    now = instant(now + each.afterSeconds * 1_000);
    for (let due = nextDue(mind); due && due.at <= now; due = nextDue(mind)) keep(decideDue(mind, due, RICH));
    if (each.act === 'fail') {
      const card = `crd_${each.pick % mind.book.cards.length}`;
      keep(
        decideHealth(
          mind,
          { cardId: card, health: 'unhealthy', takesNewWork: false, isRefused: false, at: now, reason: '' },
          now,
        ),
      );
      return;
    }
    const target = targetOf(each, mind);
    const payload = each.act === 'reserve' ? wish(each, `rsv_${index}`, now) : target && payloadOf(each, target, index);
    if (!payload) return;
    const owner = target?.organisationId ?? ORG;
    const actor =
      each.act === 'reserve'
        ? index % 2 === 0
          ? ORG
          : OTHER
        : each.act === 'accept'
          ? owner === ORG
            ? OTHER
            : ORG
          : owner;
    keep(decide(mind, commandOf(payload, actor), RICH, now).changes);
  });
  return transfers;
}

test('whatever is changed in whatever order, promises stay whole, money is never returned twice, all can be taken back', () => {
  let transfers = 0;
  fc.assert(
    fc.property(fc.array(step(ACTS), { minLength: 30, maxLength: 60 }), (steps) => {
      transfers += run(steps, true);
    }),
    { numRuns: 60 },
  );
  expect(transfers).toBeGreaterThan(0);
});

test('with cards failing in between, the same', () => {
  fc.assert(
    fc.property(fc.array(step([...ACTS, 'fail', 'fail']), { minLength: 30, maxLength: 60 }), (steps) => {
      run(steps, false);
    }),
    { numRuns: 60 },
  );
});
