import { expect, test } from 'vitest';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { continueEvidence, evidenceStart } from './evidence.ts';

const T0 = instant(Date.UTC(2026, 10, 1));

test('a gap of up to 90 seconds is bridged', () => {
  expect(continueEvidence(T0, plusSeconds(T0, 90))).toEqual({ kind: 'goOn' });
  expect(continueEvidence(T0, T0)).toEqual({ kind: 'goOn' });
});

test('a longer gap is not charged: proof ends at the last one and begins at the next', () => {
  const resumed = instant(T0 + 91_700);
  expect(continueEvidence(instant(T0 + 500), resumed)).toEqual({
    kind: 'breakAt',
    endAt: T0,
    resumeAt: plusSeconds(T0, 91),
  });
});

test('evidence begins on the second of the grant, never before the allocation', () => {
  expect(evidenceStart(T0, instant(T0 + 2_900))).toBe(plusSeconds(T0, 2));
  expect(evidenceStart(plusSeconds(T0, 5), T0)).toBe(plusSeconds(T0, 5));
});
