import { expect, test } from 'vitest';
import type { HealthVerdict } from '../health.ts';
import { at } from '../testing.ts';
import { Outages } from './outages.ts';

const VERDICT: HealthVerdict = { health: 'healthy', takesNewWork: true, reason: 'none', recovery: 'none' };

test('a card is out from bad news to good, closed to new work or not up, and until now when no good news came', () => {
  const outages = new Outages();
  const tell = (uuid: string, time: string, changes: Partial<HealthVerdict>): void =>
    outages.take({
      nodeId: 'a',
      uuid,
      verdict: { ...VERDICT, ...changes },
      since: at(`2026-11-21T${time}:00Z`),
      cause: null,
    });
  tell('one', '06:00', {});
  tell('one', '07:00', { health: 'unhealthy', takesNewWork: false });
  tell('one', '07:30', { health: 'unknown', takesNewWork: false });
  tell('one', '09:00', {});
  tell('two', '06:00', { takesNewWork: false });
  tell('two', '06:15', { health: 'degraded' });
  tell('three', '06:00', {});
  tell('three', '09:30', { health: 'unknown', takesNewWork: false });
  expect(outages.hoursTo(at('2026-11-21T10:00:00Z'))).toBe(2 + 0.25 + 0.5);
  expect(outages.census()).toEqual({ healthy: 1, degraded: 1, unhealthy: 0, unknown: 1 });
});
