import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlaps } from '#lib/core/interval.ts';
import type { Span } from './profile.ts';
import { ServerSpans } from './server-spans.ts';
import { interval, T0 } from './testing-pool.ts';

test('the spans of a time are those that share it, whatever came and went', () => {
  const step = fc.record({ interval, drop: fc.option(fc.nat(20)) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), interval, (steps, during) => {
      const spans = new ServerSpans();
      const there: Span[] = [];
      steps.forEach(({ interval: own, drop }, i) => {
        const span = { promiseId: `p${i}`, interval: own, cards: 1, promisedCards: 1 };
        spans.add(span);
        there.push(span);
        if (drop === null) return;
        const [gone] = there.splice(drop % there.length, 1);
        if (gone) spans.remove(gone.promiseId, gone.interval);
      });
      expect(new Set(spans.all)).toEqual(new Set(there));
      expect(new Set(spans.during(during))).toEqual(new Set(there.filter((span) => overlaps(span.interval, during))));
    }),
  );
});

test('a span that is not there cannot be taken out', () => {
  const spans = new ServerSpans();
  expect(() => {
    spans.remove('p', { startAt: T0, endAt: null });
  }).toThrow('a share of p lies here');
});
