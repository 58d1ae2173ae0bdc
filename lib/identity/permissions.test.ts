import { expect, test } from 'vitest';
import { type Actor, CUSTOMER_ROLES, STAFF_ROLES, SYSTEM_JOBS } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { isPermitted, type Permission, PERMISSIONS } from './permissions.ts';

const userId = idFrom('user', 'usr_1');
const keyId = idFrom('apiKey', 'key_1');
const organisationId = idFrom('organisation', 'org_1');

/** One actor of every kind and role, under the name that the golden file shows. */
const ACTORS: readonly (readonly [string, Actor])[] = [
  ['visitor', { kind: 'visitor' }],
  ['user', { kind: 'user', userId }],
  ...CUSTOMER_ROLES.map((role) => [role, { kind: 'customer', userId, organisationId, role }] as const),
  ...(['admin', 'member', 'billing'] as const).map(
    (role) => [`key:${role}`, { kind: 'apiKey', keyId, organisationId, role }] as const,
  ),
  ...STAFF_ROLES.map((role) => [`staff:${role}`, { kind: 'staff', userId, roles: [role] }] as const),
  ...SYSTEM_JOBS.map((job) => [`job:${job}`, { kind: 'system', job }] as const),
];

function permissionNames(): Permission[] {
  return Object.keys(PERMISSIONS).filter((name): name is Permission => name in PERMISSIONS);
}

function printBlock(resource: string, permissions: readonly Permission[]): string {
  const lines = permissions.map((permission) => {
    const who = ACTORS.filter(([, actor]) => isPermitted(actor, permission)).map(([name]) => name);
    const everybody = who.length === ACTORS.length ? ['everybody'] : who;
    return `  ${permission.slice(resource.length + 1).padEnd(10)} ${everybody.join(' ')}`;
  });
  return `${resource}\n${lines.join('\n')}\n`;
}

/** To accept a change of the law on purpose: `vitest run --project unit lib/identity/permissions.test.ts -u`. */
test('the permission table is the one in the golden file', async () => {
  const byResource = Map.groupBy(permissionNames(), (name) => name.split(':')[0] ?? name);
  const blocks = [...byResource].map(([resource, permissions]) => printBlock(resource, permissions));
  await expect(blocks.join('\n')).toMatchFileSnapshot('./permissions.golden.txt');
});

test('customer and staff rights never mix: a staff role grants no act of a customer, and the other way round', () => {
  const acts = permissionNames().filter((name) => !name.endsWith(':read') && !name.startsWith('account:'));
  const may = (prefix: 'customer' | 'staff', permission: Permission) =>
    ACTORS.some(([, actor]) => actor.kind === prefix && isPermitted(actor, permission));
  const shared = acts.filter((permission) => may('customer', permission) && may('staff', permission));
  expect(shared).toEqual([]);
});
