import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { type Entry, DueHeap } from './due-heap.ts';

const entry = fc.record({ at: fc.nat(20).map(instant), rank: fc.nat(3), id: fc.constantFrom('a', 'b', 'c') });
const key = ({ at, rank, id }: Entry): string => `${String(at).padStart(3, '0')} ${rank} ${id}`;

test('entries come in the order of time, rank and id, whatever came in between', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(entry, fc.constant('drop' as const))), (steps) => {
      const waiting = new DueHeap();
      const known: Entry[] = [];
      for (const step of steps) {
        if (step === 'drop') {
          waiting.drop();
          known.shift();
        } else {
          waiting.push(step);
          known.push(step);
          known.sort((a, b) => (key(a) < key(b) ? -1 : 1));
        }
        expect(waiting.first && key(waiting.first)).toBe(known[0] && key(known[0]));
        expect(waiting.size).toBe(known.length);
      }
    }),
  );
});
