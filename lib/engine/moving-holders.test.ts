import { describe, expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Mind } from './mind.ts';
import { booking, RICH, smallPool } from './testing.ts';
import {
  hoursAfter,
  serverCards,
  submit,
  runTo,
  drain,
  planWindow,
  eventsOf,
  windowOf,
  cardsOf,
} from './testing-maintenance.ts';

describe('a window that moves holders', () => {
  test('holders that move get other cards on its first second, those that cannot keep theirs', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 40 * 3_600 }));
    submit(mind, booking('rsv_same', { cards: 12, topology: 'same-server', durationSeconds: 40 * 3_600 }));
    submit(mind, booking('rsv_later', { cards: 2, startAt: hoursAfter(20), durationSeconds: 20 * 3_600 }));
    planWindow(mind, { handling: 'move' });
    const made = runTo(mind, hoursAfter(30));
    expect(cardsOf(mind, 'rsv_run')).toEqual([18, 19, 20, 21]);
    expect(cardsOf(mind, 'rsv_same')).toEqual(serverCards(0).slice(4));
    expect(eventsOf(made).filter((text) => text.startsWith('cardMoved'))).toHaveLength(4);
    expect(mind.book.cards.slice(0, 6).map(({ lifecycle }) => lifecycle)).toEqual([
      ...new Array(4).fill('maintenance'),
      ...new Array(2).fill('draining'),
    ]);
  });

  test('what was bought on one server moves together, as the plan said, to the nearest server that has room', () => {
    const mind = smallPool(8);
    submit(mind, booking('rsv_same', { cards: 4, topology: 'same-server', durationSeconds: 40 * 3_600 }));
    const { hits } = drain(mind, [0, 1], { startAt: hoursAfter(30), endAt: hoursAfter(32) });
    expect(hits.map(({ moves }) => moves.map(({ to }) => to?.card))).toEqual([[4, 5]]);
    planWindow(mind, { handling: 'move' });
    runTo(mind, hoursAfter(30));
    expect(cardsOf(mind, 'rsv_same')).toEqual([16, 17, 18, 19]);
  });

  test('so do whole servers, one by one, although only some cards of them are worked on', () => {
    const mind = smallPool(4);
    submit(mind, booking('rsv_whole', { cards: 32, topology: 'whole-servers', durationSeconds: 40 * 3_600 }));
    const cards = [3, 4];
    const { hits } = drain(mind, cards, { startAt: hoursAfter(30), endAt: hoursAfter(32) });
    expect(hits.map(({ moves }) => moves.map(({ to }) => to?.card))).toEqual([[35, 36]]);
    planWindow(mind, { cards, handling: 'move' });
    runTo(mind, hoursAfter(31));
    expect(cardsOf(mind, 'rsv_whole')).toEqual([...serverCards(1), ...serverCards(2)]);
    expect([...(windowOf(mind)?.cards ?? [])]).toEqual(cards.map((card) => [card, 'taken']));
  });

  test('nothing moves together while one of it has failed: a replacement is looked for where that was', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_same', { cards: 8, topology: 'same-server', durationSeconds: 40 * 3_600 }));
    submit(mind, booking('rsv_full', { cards: 8, topology: 'same-server', durationSeconds: 29 * 3_600 }));
    planWindow(mind, { handling: 'move' });
    runTo(mind, hoursAfter(2));
    const down = {
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      reason: 'off',
      at: hoursAfter(2),
    } as const;
    mind.applyAll(decideHealth(mind, { cardId: 'crd_2', ...down }, hoursAfter(2)));
    runTo(mind, hoursAfter(31));
    expect(new Set(cardsOf(mind, 'rsv_same').map((card) => card >> 4))).toEqual(new Set([0]));
  });

  test('whole servers are not taken apart: without an empty one they stay, and the plan says so', () => {
    const mind = smallPool(3);
    submit(mind, booking('rsv_whole', { cards: 32, topology: 'whole-servers', durationSeconds: 40 * 3_600 }));
    submit(mind, booking('rsv_one', { cards: 1, durationSeconds: 40 * 3_600 }));
    const cards = [3, 4];
    const { hits } = drain(mind, cards, { startAt: hoursAfter(30), endAt: hoursAfter(32) });
    expect(hits.map(({ moves }) => moves.map(({ to }) => to))).toEqual([[null, null]]);
    planWindow(mind, { cards, handling: 'move' });
    runTo(mind, hoursAfter(31));
    expect(cardsOf(mind, 'rsv_whole')).toEqual([...serverCards(0), ...serverCards(1)]);
    expect([...(windowOf(mind)?.cards ?? [])]).toEqual(cards.map((card) => [card, 'waiting']));
  });

  test('of several who move, the next leader moves the same one first', () => {
    const wishes = ['rsv_b', 'rsv_a'].map((id) => booking(id, { cards: 2, durationSeconds: 40 * 3_600 }));
    const mindOf = (): Mind => {
      const mind = smallPool(2);
      for (const wish of wishes) submit(mind, wish);
      planWindow(mind, { handling: 'move' });
      return mind;
    };
    const [first, next] = [mindOf(), mindOf()];
    const bound = [...next.book.allBindings()].reverse();
    next.book.allBindings = function* () {
      yield* bound;
    };
    const moved = (mind: Mind): Change[] => {
      const due = nextDue(mind);
      if (due?.kind !== 'window') throw new Error('a window is due');
      return decideDue(mind, { ...due, at: hoursAfter(30), window: { ...due.window, noticesGiven: 2 } }, RICH);
    };
    expect(moved(next)).toEqual(moved(first));
  });

  test('a card that has just failed under its holder is replaced once, not twice', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 40 * 3_600 }));
    planWindow(mind, { handling: 'move' });
    const at = plusSeconds(hoursAfter(30), -10);
    runTo(mind, at);
    const down = {
      cardId: 'crd_2',
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      reason: 'off',
    } as const;
    mind.applyAll(decideHealth(mind, { ...down, at }, at));
    runTo(mind, hoursAfter(31));
    expect(cardsOf(mind, 'rsv_run')).toEqual([16, 17, 18, 19]);
    expect(mind.book.reservations.get('rsv_run' as never)?.lost).toEqual([]);
  });
});
