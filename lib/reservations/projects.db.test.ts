import { expect, test } from 'vitest';
import { listAudit } from '#lib/audit/service.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need, newMember, newOwner } from '#lib/identity/testing/people.ts';
import { createTestDatabase, setTestClock } from '#lib/platform/testing/database.ts';
import { changeProject, createProject, listProjects } from './projects.ts';

await createTestDatabase();
await setTestClock(instant(Date.UTC(2030, 0, 1)));

const NONE = { cardQuota: null, monthlySpendingLimitUnits: null };

test('a project is made, changed and closed by those who manage, and every change is on record', async () => {
  const owner = await newOwner();
  const ctx = await owner.ctx();
  const { projectId } = need(await createProject(ctx, { name: 'vision', ...NONE }));
  expect(codeOf(await createProject(ctx, { name: 'vision', ...NONE }))).toBe('projectNameTaken');
  const change = { projectId, name: 'vision 2', cardQuota: 8, monthlySpendingLimitUnits: units(5n), isClosed: true };
  need(await changeProject(ctx, change));
  expect(await listProjects(ctx)).toEqual([
    { id: projectId, name: 'vision 2', cardQuota: 8, monthlySpendingLimitUnits: 5n, isClosed: true },
  ]);
  expect((await listAudit(ctx)).map(({ action }) => action)).toEqual(
    expect.arrayContaining(['project.created', 'project.changed']),
  );
});

test('a member sees projects and changes none', async () => {
  const owner = await newOwner();
  const { projectId } = need(await createProject(await owner.ctx(), { name: 'a', ...NONE }));
  const member = await newMember(owner, 'member');
  const ctx = await member.ctx();
  expect(await listProjects(ctx)).toHaveLength(1);
  await expect(createProject(ctx, { name: 'b', ...NONE })).rejects.toThrow(Forbidden);
  await expect(changeProject(ctx, { projectId, name: 'c', ...NONE, isClosed: false })).rejects.toThrow(Forbidden);
});

test('another organisation’s project is not there', async () => {
  const [a, b] = [await newOwner(), await newOwner()];
  const { projectId } = need(await createProject(await a.ctx(), { name: 'a', ...NONE }));
  const theirs = await b.ctx();
  expect(await listProjects(theirs)).toEqual([]);
  expect(codeOf(await changeProject(theirs, { projectId, name: 'x', ...NONE, isClosed: true }))).toBe('projectUnknown');
  expect(codeOf(await changeProject(theirs, { projectId: 'no id', name: 'x', ...NONE, isClosed: true }))).toBe(
    'projectUnknown',
  );
  expect(await listProjects(await a.ctx())).toMatchObject([{ name: 'a', isClosed: false }]);
});
