import { expect, test } from 'vitest';
import { neighbours, queryChoice, queryPage, withQuery } from './paging.ts';

test.each([
  [undefined, 1],
  ['', 1],
  ['0', 1],
  ['-3', 1],
  ['2.5', 1],
  ['two', 1],
  ['3', 3],
  ['12345678', 1],
] as const)('page %j is page %d', (text, expected) => {
  expect(queryPage({ page: text })).toBe(expected);
});

test('a choice is one of those there are', () => {
  expect(queryChoice({ state: ['open', 'closed'] }, 'state', ['open', 'closed'])).toBe('open');
  expect(queryChoice({ state: 'x' }, 'state', ['open'])).toBeNull();
});

test('addresses leave out what is not said', () => {
  expect(withQuery('/a', { month: '2026-11', page: null, tab: '', n: undefined, cards: 1 })).toBe(
    '/a?month=2026-11&cards=1',
  );
  expect(withQuery('/a', {})).toBe('/a');
});

test('neighbours end at both ends', () => {
  const hrefOf = (page: number): string => `?page=${page}`;
  expect(neighbours({ page: 1, size: 10, total: 10 }, hrefOf)).toEqual({ previous: null, next: null });
  expect(neighbours({ page: 2, size: 10, total: 21 }, hrefOf)).toEqual({ previous: '?page=1', next: '?page=3' });
});
