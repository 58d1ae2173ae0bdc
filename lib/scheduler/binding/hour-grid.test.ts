import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HourGrid } from './hour-grid.ts';

const SHAPE = { supernodes: 1, serversPerSupernode: 2, cardsPerServer: 4, hours: 100 } as const;

test('a server is idle exactly where all of its cards are free, across the words of its hours', () => {
  const hours = fc
    .tuple(fc.nat(98), fc.nat(98))
    .map(([a, b]) => ({ startHour: Math.min(a, b), endHour: Math.max(a, b) + 1 }));
  const steps = fc.array(fc.record({ hours, cards: fc.integer({ min: 1, max: 2 }), isKept: fc.boolean() }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(steps, hours, (taken, window) => {
      const grid = new HourGrid(SHAPE);
      const free = new Array<number>(SHAPE.hours).fill(SHAPE.cardsPerServer);
      const placement = (cards: number) => ({ servers: [1], cardsPerServer: cards });
      for (const { hours, cards } of taken) grid.take({ sequence: 0, cards, ...hours }, placement(cards));
      for (const { hours, cards, isKept } of taken) {
        if (!isKept) grid.giveBack({ sequence: 0, cards, ...hours }, placement(cards));
        else for (let hour = hours.startHour; hour < hours.endHour; hour += 1) free[hour] = (free[hour] ?? 0) - cards;
      }
      const least = Math.min(...free.slice(window.startHour, window.endHour));
      const asked = { sequence: 0, cards: 1, ...window };
      expect(grid.freeOn(1, asked)).toBe(least);
      expect(grid.isIdle(1, asked)).toBe(least === SHAPE.cardsPerServer);
      expect(grid.isIdle(0, asked)).toBe(true);
      expect(grid.copy().freeOn(1, asked)).toBe(least);
      expect(grid.hasTotal({ ...asked, cards: 4 + Math.max(0, least) })).toBe(least >= 0);
    }),
    { numRuns: 300 },
  );
});
