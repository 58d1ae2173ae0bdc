import { expect, test } from 'vitest';
import { addressOf, pageLinks, pagingOf } from './paging.ts';

test.each([
  [undefined, 0],
  ['1', 0],
  ['3', 40],
  ['0', 0],
  ['-2', 0],
  ['1e3', 0],
  ['x', 0],
  ['9999999', 19_999_980],
])('page %j skips %i rows of 20', (text, skip) => expect(pagingOf(text, 20)).toMatchObject({ skip, take: 20 }));

test('the ends of a list lead nowhere, and the first page has a plain address', () => {
  const hrefOf = (page: string | null) => addressOf('/usage', { month: '2026-11', page });
  expect(pageLinks(pagingOf('1', 20), 20, hrefOf)).toEqual({ previous: null, next: null });
  expect(pageLinks(pagingOf('1', 20), 21, hrefOf)).toEqual({ previous: null, next: '/usage?month=2026-11&page=2' });
  expect(pageLinks(pagingOf('2', 20), 21, hrefOf)).toEqual({ previous: '/usage?month=2026-11', next: null });
});
