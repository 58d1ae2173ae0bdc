import { expect, test } from 'vitest';
import type { Actor } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { CONSOLE_NAVIGATION, FINANCE_NAVIGATION, OPS_NAVIGATION, visibleNavigation } from './navigation.ts';

const userId = idFrom('user', 'usr_1');
const organisationId = idFrom('organisation', 'org_1');
const keysOf = (groups: ReturnType<typeof visibleNavigation>) =>
  groups.flatMap(({ entries }) => entries.map(({ key }) => key));

test.each([
  [
    'owner',
    [
      'overview',
      'notices',
      'book',
      'reservations',
      'queue',
      'workloads',
      'wallet',
      'usage',
      'invoices',
      'fapiao',
      'projects',
      'members',
      'apiKeys',
      'settings',
    ],
  ],
  [
    'member',
    [
      'overview',
      'notices',
      'book',
      'reservations',
      'queue',
      'workloads',
      'wallet',
      'usage',
      'projects',
      'members',
      'settings',
    ],
  ],
  [
    'billing',
    [
      'overview',
      'notices',
      'reservations',
      'queue',
      'workloads',
      'wallet',
      'usage',
      'invoices',
      'fapiao',
      'projects',
      'members',
      'settings',
    ],
  ],
] as const)('%s sees what the role opens', (role, expected) => {
  const actor: Actor = { kind: 'customer', userId, organisationId, role };
  expect(keysOf(visibleNavigation(CONSOLE_NAVIGATION, actor, false))).toEqual(expected);
});

test('the clock is there only in a demo, and the ledger only for finance', () => {
  const ops: Actor = { kind: 'staff', userId, roles: ['ops'] };
  expect(keysOf(visibleNavigation(OPS_NAVIGATION, ops, false))).not.toContain('clock');
  expect(keysOf(visibleNavigation(OPS_NAVIGATION, ops, true))).toContain('clock');
  expect(visibleNavigation(FINANCE_NAVIGATION, ops, true)).toEqual([]);
});

test('finance enters its own console: of that of operations there is nothing for it', () => {
  const finance: Actor = { kind: 'staff', userId, roles: ['finance'] };
  expect(visibleNavigation(OPS_NAVIGATION, finance, false)).toEqual([]);
});

test('no two entries of a console share an address', () => {
  for (const groups of [CONSOLE_NAVIGATION, OPS_NAVIGATION, FINANCE_NAVIGATION]) {
    const paths = groups.flatMap(({ entries }) => entries.map(({ path }) => path));
    expect(new Set(paths).size).toBe(paths.length);
  }
});
