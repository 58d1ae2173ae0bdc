import { describe, expect, test } from 'vitest';
import { listAudit } from '#lib/audit/service.ts';
import { DAY_MS, instant } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, moveTestClock, setTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { apiKeyCtx, customerCtx, personCtx, visitorCtx } from './context.ts';
import {
  acceptInvitation,
  findInvitation,
  inviteMember,
  listInvitations,
  revokeInvitation,
  signUpInvited,
} from './invitations.ts';
import { changeMemberRole, leaveOrganisation, listMembers, removeMember } from './members.ts';
import { getOrganisation } from './organisations.ts';
import { codeOf, freshEmail, newMember, newOwner, newStaff, PASSWORD, secretOf, need } from './testing/people.ts';

await createTestDatabase();
const START = instant(Date.UTC(2030, 0, 1));
await setTestClock(START);

describe('another tenant', () => {
  test('is not there: neither by address nor through one’s own context', async () => {
    const [a, b] = [await newOwner('Alpha'), await newOwner('Beta')];
    await expect(customerCtx(b.slug, a.secret)).rejects.toThrow('has no seat');
    await expect(customerCtx('no-such-organisation', a.secret)).rejects.toThrow('has no seat');
    expect((await listMembers(await a.ctx())).map(({ email }) => email)).toEqual([a.email]);
    const role = 'admin' as const;
    expect(codeOf(await changeMemberRole(await a.ctx(), { userId: b.userId, role }))).toBe('memberUnknown');
    expect(codeOf(await removeMember(await a.ctx(), { userId: b.userId }))).toBe('memberUnknown');
  });

  test('shows no invitation and no key, and takes none back', async () => {
    const [a, b] = [await newOwner(), await newOwner()];
    need(await inviteMember(await b.ctx(), { email: freshEmail(), role: 'member' }));
    const { key } = need(await createApiKey(await b.ctx(), { name: 'ci', role: 'member', lifeDays: '30' }));
    const [invitation] = await listInvitations(await b.ctx());
    expect(await listInvitations(await a.ctx())).toEqual([]);
    expect(await listApiKeys(await a.ctx())).toEqual([]);
    expect(codeOf(await revokeInvitation(await a.ctx(), { id: invitation?.id ?? '' }))).toBe('invitationUnknown');
    expect(codeOf(await revokeApiKey(await a.ctx(), { id: key.id }))).toBe('apiKeyUnknown');
  });

  test('stays hidden by the database when a query forgets its where', async () => {
    const [a] = [await newOwner(), await newOwner()];
    const rows = await withTx(await a.ctx(), (tx) =>
      tx.membership.findMany({ select: { userId: true, user: { select: { email: true } } } }),
    );
    expect(rows).toEqual([{ userId: a.userId, user: { email: a.email } }]);
    const sessions = await withTx(await a.ctx(), (tx) => tx.session.findMany({ select: { id: true } }));
    const hashes = await withTx(await a.ctx(), (tx) => tx.userPassword.findMany({ select: { hash: true } }));
    expect([sessions, hashes]).toEqual([[], []]);
  });
});

describe('a role', () => {
  test('that changes holds at the next request', async () => {
    const owner = await newOwner();
    const member = await newMember(owner, 'admin');
    await inviteMember(await member.ctx(), { email: freshEmail(), role: 'member' });
    need(await changeMemberRole(await owner.ctx(), { userId: member.userId, role: 'billing' }));
    await expect(listInvitations(await member.ctx())).rejects.toThrow('may not member:manage');
    need(await removeMember(await owner.ctx(), { userId: member.userId }));
    await expect(member.ctx()).rejects.toThrow('has no seat');
  });

  test('of an owner is given and taken by owners only, and one always stays', async () => {
    const owner = await newOwner();
    const admin = await newMember(owner, 'admin');
    expect(codeOf(await changeMemberRole(await admin.ctx(), { userId: admin.userId, role: 'owner' }))).toBe(
      'ownerOnly',
    );
    expect(codeOf(await removeMember(await admin.ctx(), { userId: owner.userId }))).toBe('ownerOnly');
    expect(codeOf(await inviteMember(await admin.ctx(), { email: freshEmail(), role: 'owner' }))).toBe('ownerOnly');
    expect(codeOf(await leaveOrganisation(await owner.ctx()))).toBe('lastOwner');
    need(await changeMemberRole(await owner.ctx(), { userId: admin.userId, role: 'owner' }));
    expect(codeOf(await leaveOrganisation(await owner.ctx()))).toBe('accepted');
  });

  test('two owners who demote one another at once leave one', async () => {
    const a = await newOwner();
    const b = await newMember(a, 'owner');
    const [actx, bctx] = [await a.ctx(), await b.ctx()];
    const codes = await Promise.all([
      changeMemberRole(actx, { userId: b.userId, role: 'admin' }).then(codeOf),
      changeMemberRole(bctx, { userId: a.userId, role: 'admin' }).then(codeOf),
    ]);
    expect(codes.sort()).toEqual(['accepted', 'ownerOnly']);
  });
});

describe('an invitation', () => {
  test('opens an account for whoever has none', async () => {
    const owner = await newOwner('Inviting');
    const email = freshEmail();
    const { token } = need(await inviteMember(await owner.ctx(), { email, role: 'billing' }));
    const view = need(await findInvitation(await visitorCtx(), { token }));
    expect(view).toMatchObject({ organisationName: 'Inviting', email, role: 'billing', hasAccount: false });
    const input = { token, name: 'Newcomer', password: PASSWORD, locale: 'en' } as const;
    expect(need(await signUpInvited(await visitorCtx(), input))).toEqual({ slug: owner.slug, email });
    const secret = await secretOf(email);
    expect((await customerCtx(owner.slug, secret)).actor).toMatchObject({ role: 'billing' });
    expect(codeOf(await signUpInvited(await visitorCtx(), input))).toBe('invitationAnswered');
  });

  test('is answered once, by whom it names', async () => {
    const [owner, guest, stranger] = [await newOwner(), await newOwner(), await newOwner()];
    const { token } = need(await inviteMember(await owner.ctx(), { email: guest.email, role: 'member' }));
    expect(codeOf(await acceptInvitation(await personCtx(stranger.secret), { token }))).toBe('invitationForAnother');
    const ctx = await personCtx(guest.secret);
    const codes = (await Promise.all([acceptInvitation(ctx, { token }), acceptInvitation(ctx, { token })])).map(codeOf);
    expect(codes.sort()).toEqual(['accepted', 'invitationAnswered']);
    expect((await listMembers(await owner.ctx())).length).toBe(2);
    expect(codeOf(await inviteMember(await owner.ctx(), { email: guest.email, role: 'member' }))).toBe('memberAlready');
  });

  test('ends when taken back, when repeated, and after seven days', async () => {
    const owner = await newOwner();
    const email = freshEmail();
    const find = async (token: string) => codeOf(await findInvitation(await visitorCtx(), { token }));
    const first = need(await inviteMember(await owner.ctx(), { email, role: 'member' }));
    const second = need(await inviteMember(await owner.ctx(), { email, role: 'admin' }));
    expect([await find(first.token), await find(second.token)]).toEqual(['invitationUnknown', 'accepted']);
    const [open] = await listInvitations(await owner.ctx());
    need(await revokeInvitation(await owner.ctx(), { id: open?.id ?? '' }));
    expect(await find(second.token)).toBe('invitationUnknown');
    const third = need(await inviteMember(await owner.ctx(), { email, role: 'member' }));
    await moveTestClock(instant(START + 7 * DAY_MS));
    expect(await find(third.token)).toBe('invitationExpired');
    expect(await listInvitations(await owner.ctx())).toEqual([]);
    expect(await find('made-up')).toBe('invitationUnknown');
  });

  test('does not make staff customers', async () => {
    const owner = await newOwner();
    const secret = await newStaff(['ops']);
    const { token } = need(await inviteMember(await owner.ctx(), { email: freshEmail(), role: 'member' }));
    expect(codeOf(await acceptInvitation(await personCtx(secret), { token }))).toBe('invitationForAnother');
  });
});

describe('an API key', () => {
  test('acts in its role for its organisation until it is revoked', async () => {
    const owner = await newOwner();
    const { secret, key } = need(
      await createApiKey(await owner.ctx(), { name: 'ci', role: 'member', lifeDays: 'never' }),
    );
    const ctx = await apiKeyCtx(`Bearer ${secret}`);
    expect(ctx.actor).toMatchObject({ kind: 'apiKey', keyId: key.id, role: 'member' });
    expect(await getOrganisation(ctx)).toMatchObject({ slug: owner.slug });
    need(await revokeApiKey(await owner.ctx(), { id: key.id }));
    await expect(apiKeyCtx(`Bearer ${secret}`)).rejects.toThrow('no live key');
    expect(codeOf(await revokeApiKey(await owner.ctx(), { id: key.id }))).toBe('apiKeyUnknown');
  });

  test('ends with its days', async () => {
    const owner = await newOwner();
    const { secret, key } = need(
      await createApiKey(await owner.ctx(), { name: 'old', role: 'billing', lifeDays: '30' }),
    );
    await moveTestClock(instant((await owner.ctx()).now + 30 * DAY_MS));
    await expect(apiKeyCtx(`Bearer ${secret}`)).rejects.toThrow('no live key');
    expect((await listApiKeys(await owner.ctx())).find(({ id }) => id === key.id)?.state).toBe('expired');
  });

  test('makes neither keys nor members, whatever its role', async () => {
    const owner = await newOwner();
    const { secret } = need(await createApiKey(await owner.ctx(), { name: 'root', role: 'admin', lifeDays: '30' }));
    const ctx = await apiKeyCtx(`Bearer ${secret}`);
    await expect(createApiKey(ctx, { name: 'child', role: 'admin', lifeDays: 'never' })).rejects.toThrow('may not');
    await expect(inviteMember(ctx, { email: freshEmail(), role: 'admin' })).rejects.toThrow('may not');
    await expect(leaveOrganisation(ctx)).rejects.toThrow('may not');
  });

  test('leaves no secret in the database or the audit log', async () => {
    const owner = await newOwner();
    const { secret } = need(await createApiKey(await owner.ctx(), { name: 'quiet', role: 'member', lifeDays: '30' }));
    const { token } = need(await inviteMember(await owner.ctx(), { email: freshEmail(), role: 'member' }));
    const dump = await withTx(SYSTEM, async (tx) => [
      await tx.apiKey.findMany({ select: { name: true, prefix: true, secretHash: true } }),
      await tx.invitation.findMany({ select: { tokenHash: true, email: true } }),
      await tx.session.findMany({ select: { id: true } }),
      await tx.userPassword.findMany({ select: { hash: true } }),
    ]);
    const text = JSON.stringify([dump, await listAudit(await owner.ctx())]);
    for (const known of [secret, token, owner.secret, PASSWORD]) expect(text).not.toContain(known);
    expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });
});

test('every act stands in the audit log with who did it', async () => {
  const owner = await newOwner();
  const member = await newMember(owner, 'member');
  need(await changeMemberRole(await owner.ctx(), { userId: member.userId, role: 'admin' }));
  need(await removeMember(await owner.ctx(), { userId: member.userId }));
  const events = await listAudit(await owner.ctx());
  expect(events.map(({ action, actor }) => [action, actor])).toEqual([
    ['member.removed', `user:${owner.userId}`],
    ['member.roleChanged', `user:${owner.userId}`],
    ['member.joined', `user:${member.userId}`],
    ['member.invited', `user:${owner.userId}`],
    ['organisation.founded', 'visitor'],
  ]);
});
