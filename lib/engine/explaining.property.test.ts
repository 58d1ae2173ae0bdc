import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { decide } from '#lib/reservations/decide.ts';
import { explained } from '#lib/reservations/explaining.ts';
import { dominantOf, type Explanation, type Sooner, TOKENS } from '#lib/reservations/explanation.ts';
import { BIND_LEAD_SECONDS } from '#lib/reservations/types.ts';
import type { ReservationRefusal, ReservePayload } from '#lib/reservations/command-types.ts';
import { place } from '#lib/scheduler/place.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const TOPOLOGIES = ['any', 'same-server', 'same-supernode', 'whole-servers'] as const;

const wish = fc
  .record({
    cards: fc.integer({ min: 1, max: 48 }),
    topology: fc.constantFrom(...TOPOLOGIES),
    leadHours: fc.integer({ min: 0, max: 10 }),
    hours: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ cards, topology, leadHours, hours }) => ({
    cards: topology === 'whole-servers' ? 16 * Math.ceil(cards / 16) : cards,
    topology,
    startAt: leadHours === 0 ? null : instant(T0 + leadHours * HOUR_MS),
    durationSeconds: hours * 3_600,
  }));

/** Cards that are out, by what keeps them: more than one reason may be true at once. */
const away = fc.uniqueArray(fc.nat(95), { maxLength: 12 });

function filled(wishes: readonly Partial<ReservePayload>[], cordoned: readonly number[]): Mind {
  const mind = smallPool(6);
  const cardIds = cordoned.map((card) => `crd_${card}`);
  const cordon = { kind: 'cardAct', act: 'cordon', cardIds, reason: '' } as const;
  if (cardIds.length > 0) mind.applyAll(decide(mind, commandOf(cordon, null), RICH, T0).changes);
  wishes.forEach((each, i) => {
    mind.applyAll(decide(mind, commandOf(booking(`rsv_${i}`, each), OTHER), RICH, T0).changes);
  });
  return mind;
}

/** The wish that a suggestion stands for. */
function changed(asked: Partial<ReservePayload>, { change, value }: Sooner): Partial<ReservePayload> {
  switch (change) {
    case 'looserTopology':
      return { ...asked, topology: value };
    case 'fewerCards':
      return { ...asked, cards: value };
    case 'shorter':
      return { ...asked, durationSeconds: value };
    case 'otherPool':
      throw new Error('the mind knows one pool');
  }
}

const isAccepted = (mind: Mind, asked: Partial<ReservePayload>): boolean =>
  decide(mind, commandOf(booking('rsv_again', asked), ORG), RICH, T0).answer.ok;

function placedAt(
  mind: Mind,
  { cards, topology, durationSeconds }: Partial<ReservePayload>,
  startAt: Instant,
): boolean {
  const interval = { startAt, endAt: plusSeconds(startAt, durationSeconds ?? 0) };
  const toBind = startAt <= plusSeconds(T0, BIND_LEAD_SECONDS);
  return place(mind.state, { cards: cards ?? 0, topology: topology ?? 'any', interval }, toBind) !== null;
}

/** The first whole hour after the wanted start at which the wish can be placed, looked for hour by hour. */
function firstHour(mind: Mind, asked: Partial<ReservePayload>): Instant | null {
  const from = asked.startAt ?? T0;
  const hours = Array.from({ length: 60 }, (_, i) => instant(from + (i + 1) * HOUR_MS));
  return hours.find((hourAt) => placedAt(mind, asked, hourAt)) ?? null;
}

/** Promises and bindings in the order in which decisions go through them: explaining must not change even that. */
const order = ({ state }: Mind): string =>
  JSON.stringify([[...state.promises.keys()], [...state.bindings()].map(({ id }) => id)]);

function orderAfter(mind: Mind, asked: Partial<ReservePayload>, refusal: ReservationRefusal): string {
  explained(mind, commandOf(booking('rsv_asked', asked), ORG), { answer: { ok: false, refusal }, changes: [] }, T0);
  for (const { id, interval } of [...mind.book.reservations.values()]) {
    const longer = { kind: 'extend', reservationId: id, seconds: 9 * 3_600, quotedUnits: '0' } as const;
    const blocked = { ok: false, refusal: { code: 'extensionBlocked', cards: 1 } } as const;
    if (interval.startAt === T0) explained(mind, commandOf(longer, OTHER), { answer: blocked, changes: [] }, T0);
  }
  return order(mind);
}

test('whatever fills a pool: suggestions are accepted, the earliest start is the earliest, and the pool is as before', () => {
  let refusals = 0;
  fc.assert(
    fc.property(fc.array(wish, { minLength: 8, maxLength: 20 }), away, wish, (wishes, cordoned, asked) => {
      const mind = filled(wishes, cordoned);
      const before = [...mind.state.isUsable].join('');
      const { answer, explained: found } = decide(mind, commandOf(booking('rsv_asked', asked), ORG), RICH, T0);
      expect([...mind.state.isUsable].join('')).toBe(before);
      for (const refusal of [
        answer.ok ? null : answer.refusal,
        { code: 'quotaExceeded', quota: 3, inUse: 0 } as const,
      ]) {
        const first = order(mind);
        if (refusal) expect(orderAfter(mind, asked, refusal)).toBe(first);
      }
      if (answer.ok || !('needed' in answer.refusal)) return;
      refusals += 1;
      const why = found?.explanation as Explanation;
      for (const each of why.sooner) expect([each, isAccepted(mind, changed(asked, each))]).toEqual([each, true]);
      expect(why.earliestStartAt).toBe(why.token === 'misconfigured' ? null : firstHour(mind, asked));
      expect(why.free?.cards).toBe(answer.refusal.free);
      expect(found?.blockers.length).toBeLessThanOrEqual(24);
    }),
    { numRuns: 120 },
  );
  expect(refusals).toBeGreaterThan(20);
});

test('exactly one reason is given, whichever hold, and the order of reasons is total', () => {
  const some = fc.uniqueArray(fc.constantFrom(...TOKENS), { minLength: 1 });
  fc.assert(
    fc.property(some, some, (a, b) => {
      const both = dominantOf([...a, ...b]);
      expect(dominantOf([...b, ...a])).toBe(both);
      expect(dominantOf([dominantOf(a), dominantOf(b)])).toBe(both);
      expect([...a, ...b]).toContain(both);
    }),
  );
  expect(() => dominantOf([])).toThrow();
});
