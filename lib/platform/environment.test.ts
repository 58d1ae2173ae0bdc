import { expect, test } from 'vitest';
import { parseEnvironment } from './environment.ts';

test.each([
  [{}, null],
  [{ KASHI_METRICS_PORT: '' }, null],
  [{ KASHI_METRICS_PORT: '0' }, null],
  [{ KASHI_METRICS_PORT: '9464' }, 9464],
])('metrics are served where %j says', (variables, port) => {
  expect(parseEnvironment(variables).metricsPort).toBe(port);
});

test.each([
  { KASHI_METRICS_PORT: '65536' },
  { KASHI_METRICS_PORT: '-1' },
  { KASHI_METRICS_PORT: 'prometheus' },
  { KASHI_METRICS_TOKEN: 'short' },
  { KASHI_METRICS_TOKEN: 'with a space in it, which no header has' },
])('%j is refused by name', (variables) => {
  expect(() => parseEnvironment(variables)).toThrow(Object.keys(variables)[0]);
});
