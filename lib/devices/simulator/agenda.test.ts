import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { Agenda } from './agenda.ts';

test('appointments come in the order of their instants, equal ones as they were asked for, called-off ones not', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.nat(20), isOff: fc.boolean() })), (asked) => {
      const agenda = new Agenda();
      const happened: number[] = [];
      for (const [index, { at, isOff }] of asked.entries()) {
        agenda.add(instant(at), () => happened.push(index)).isOff = isOff;
      }
      for (let next = agenda.take(); next; next = agenda.take()) next.happen();
      const expected = [...asked.entries()].filter(([, { isOff }]) => !isOff).sort(([, a], [, b]) => a.at - b.at);
      expect(happened).toEqual(expected.map(([index]) => index));
      expect(agenda.nextAt()).toBeNull();
    }),
  );
});
