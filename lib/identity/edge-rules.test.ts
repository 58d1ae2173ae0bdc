import { describe, expect, test } from 'vitest';
import { safePath } from './safe-path.ts';
import { isSameOrigin } from './same-origin.ts';

describe('a changing request', () => {
  const site = 'https://kashi.example';
  const own = { origin: site, fetchSite: 'same-origin', host: 'kashi.example' };

  test.each([
    ['from our pages', own, true],
    ['behind a proxy that renames the host', { ...own, host: '10.0.0.3:3000' }, true],
    ['at another name of ours', { ...own, origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, true],
    ['from a browser without fetch metadata', { ...own, fetchSite: null }, true],
    ['without an origin', { ...own, origin: null }, false],
    ['with the origin null', { ...own, origin: 'null' }, false],
    ['from another site', { ...own, origin: 'https://evil.example' }, false],
    ['from a sibling site', { ...own, fetchSite: 'same-site' }, false],
    ['from the address bar', { ...own, fetchSite: 'none' }, false],
    ['with a look-alike', { ...own, origin: 'https://kashi.example.evil.example' }, false],
    ['with another port', { ...own, origin: 'https://kashi.example:8443' }, false],
  ])('%s', (_, source, expected) => expect(isSameOrigin(source, site)).toBe(expected));
});

describe('where to go after signing in', () => {
  test.each(['/console', '/invite/abc?x=1', '/ops/faults'])('%s is ours', (path) => expect(safePath(path)).toBe(path));

  test.each([
    null,
    '',
    'console',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    'https://evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    `/${'a'.repeat(600)}`,
  ])('%j is not', (path) => expect(safePath(path)).toBeNull());

  test('dots do not climb out', () => expect(safePath('/../../console')).toBe('/console'));
});
