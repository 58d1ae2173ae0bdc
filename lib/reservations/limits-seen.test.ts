import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import { limitsSeen, restoreLimits } from './limits-seen.ts';
import type { ProjectLimits } from './project-types.ts';
import type { OrganisationLimits } from './types.ts';

const organisationId = 'org_a' as Id<'organisation'>;
const projectId = 'prj_a' as Id<'project'>;
const bookOf = (own: OrganisationLimits | null, project: ProjectLimits | null) => ({
  limits: new Map(own ? [[organisationId, own]] : []),
  projects: new Map(project ? [[projectId, project]] : []),
  elsewhere: new Map(),
});

test.for([
  [
    { cardQuota: 16, monthlySpendingLimitUnits: units(10n ** 18n), graceSeconds: 3_600 },
    { cardQuota: 4, monthlySpendingLimitUnits: null, isClosed: false },
  ],
  [
    { cardQuota: 0, monthlySpendingLimitUnits: null, graceSeconds: 0 },
    { cardQuota: null, monthlySpendingLimitUnits: units(0n), isClosed: true },
  ],
] as const)('what is kept of limits is put back as it was: %o', ([own, limits]) => {
  const book = bookOf(own, { id: projectId, organisationId, ...limits });
  const other = bookOf(null, null);
  const seen = limitsSeen(book, { organisationId, projectId });
  restoreLimits(other, { ...seen });
  expect(other).toEqual(book);
  const several = bookOf(null, null);
  restoreLimits(several, Object.fromEntries(Object.entries(seen).map(([name, text]) => [`${name}:prj_a`, text])));
  expect(several).toEqual(book);
});

test('of whom nothing is known nothing is kept, and other inputs change nothing', () => {
  const book = bookOf(null, null);
  expect(limitsSeen(book, { organisationId, projectId })).toEqual({});
  restoreLimits(book, { wallet: '5', 'wallet:org_a': '6' });
  expect(book).toEqual(bookOf(null, null));
});
