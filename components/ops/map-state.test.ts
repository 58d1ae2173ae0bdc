import { expect, test } from 'vitest';
import { CONDITIONS } from '#lib/inventory/condition.ts';
import { mapHref, parseShow, toggleShow } from './map-state.ts';

test('only conditions are read, in their order', () => {
  expect(parseShow('inUse,free,nonsense,,free')).toEqual(['free', 'inUse']);
  expect(parseShow('')).toEqual([]);
});

test('all is the same as no filter', () => expect(parseShow(CONDITIONS.join(','))).toEqual([]));

test('a condition is switched on and off again', () => {
  expect(toggleShow([], 'inUse')).toEqual(['inUse']);
  expect(toggleShow(['inUse'], 'unhealthy')).toEqual(['inUse', 'unhealthy']);
  expect(toggleShow(['inUse'], 'inUse')).toEqual([]);
});

test('an address says what differs from the plain map', () => {
  expect(mapHref({ pool: 'pol_a', show: [], holder: null, view: 'map' })).toBe('/ops/map?pool=pol_a');
  expect(mapHref({ pool: 'pol_a', show: ['free'], holder: 'rsv_1', view: 'table' })).toBe(
    '/ops/map?pool=pol_a&show=free&holder=rsv_1&view=table',
  );
});
